"""Django's admin: double submit whose cookie changes at sign-in, and a session in a cookie."""

import contextlib
import json
import os
import sqlite3
import subprocess
import time

from harness import SERVICES_CACHE, Service, Stepgate, contains, holds, wait_until

NAME = "django-admin"
USER, PASSWORD = "alice", "service-Pass1"


def play(binary, root, report):
    with Service(NAME, root) as site:
        site.start(SESSION_SECONDS=5)
        gate = Stepgate(binary, "django-admin.yaml", site, root / "data", secrets=[PASSWORD])

        def check(label):
            return report.check(NAME, label)

        with check("a wrong password is exit 5, in the definition's words"):
            refused = sign_in(gate, "not-it", expect=5)
            contains(refused.stderr, "The admin did not accept this name and password.", refused)

        with check("signs in"):
            sign_in(gate, PASSWORD)

        with check("calls"):
            gate.call("list_groups")

        with check("writes with the token of now, and reads it back"):
            write_and_read(gate, "editors")

        with check("after the session's end a read is renewed"):
            wait_until("the site's sessions to end", lambda: sessions_are_over(site))
            before = logins(site)
            gate.call("list_groups")
            holds(logins(site) > before, f"the site saw no new sign-in\n{site.log()}")

        with check("after the session's end a write is renewed, and done once"):
            wait_until("the site's sessions to end", lambda: sessions_are_over(site))
            before = logins(site)
            write_and_read(gate, "reviewers")
            holds(logins(site) > before, f"the site saw no new sign-in\n{site.log()}")

        with check("an answer of 400 or more is exit 1, with the API's own body"):
            twice = gate.call("create_group", expect=1, name="reviewers")
            contains(twice.stdout, "already exists", twice)

        with check("the service stopped is exit 6, and the credential is kept"):
            site.stop()
            gate.call("list_groups", expect=6)
            site.start(SESSION_SECONDS=3600)
            gate.call("list_groups")

        with check("a stored password that is refused once is not tried again"):
            change_password(site)
            before = logins(site)
            gate.call("list_groups", expect=3)
            gate.call("list_groups", expect=3)
            holds(logins(site) == before + 1, f"tried {logins(site) - before} times\n{site.log()}")

        with check("forgets without a word to the site"):
            gate.run("connections clear")
            gate.call("list_groups", expect=3)
            holds("/admin/logout/" not in site.log(), site.log())

        with check("nothing is stored in the clear"):
            found = gate.stored_in_the_clear()
            holds(not found, f"the password stands in {found}")


def sign_in(gate, password, expect=0):
    return gate.run(
        "run", "--answer", f"form1.username={USER}", expect=expect,
        environment={"STEPGATE_ANSWER_FORM1_PASSWORD": password},
    )


def write_and_read(gate, name):
    made = json.loads(gate.call("create_group", name=name).stdout)
    answer = gate.call("read_group", id=made["id"])
    holds(json.loads(answer.stdout)["name"] == name, answer)


def logins(site):
    """How often the sign-in form was sent since the site's last start."""
    return site.log().count("POST /admin/login/")


def sessions_are_over(site):
    with contextlib.closing(sqlite3.connect(f"file:{site.state}/db.sqlite3?mode=ro", uri=True)) as database:
        ends = [row[0] for row in database.execute("SELECT expire_date FROM django_session")]
    return all(end < time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()) for end in ends)


def change_password(site):
    """What an administrator does: another password, and with it every session ends."""
    orders = (
        "from django.contrib.auth.models import User; from django.contrib.sessions.models import Session;"
        f"user = User.objects.get(username='{USER}'); user.set_password('another-Pass2'); user.save();"
        "Session.objects.all().delete()"
    )
    python = SERVICES_CACHE / NAME / "venv" / "bin" / "python"
    subprocess.run(
        [python, "site_app.py", "shell", "--verbosity", "0", "-c", orders],
        cwd=site.state, env={**os.environ, "SITE_DB": str(site.state / "db.sqlite3")}, check=True,
    )
