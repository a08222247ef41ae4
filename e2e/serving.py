"""The server with real services behind it, met by clients that nobody here wrote."""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import urllib.parse

import mediawiki
from browser import Browser
from harness import Failed, Service, contains, holds, wait_until
from server import CACHE, Server, python

NAME = "serving"
USER, PASSWORD = "Alice", "service-Pass1"
HERE = pathlib.Path(__file__).resolve().parent


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with Service("mediawiki", root) as wiki, Service("django-admin", root) as site, Service("oidc-provider", root) as op:
        wiki.start(SESSION_SECONDS=5, REMEMBER_SECONDS=5)
        site.start(SESSION_SECONDS=3600)
        op.start(ACCESS_SECONDS=5, REDIRECT_URIS="http://127.0.0.1/callback/oidc-provider")
        secret = root / "client-secret"
        secret.write_text("web-secret\n")
        environment = {"STEPGATE_SECRET_OIDC_PROVIDER_CLIENT_SECRET_FILE": str(secret)}
        definitions = {"mediawiki": wiki.url, "django-admin": site.url, "oidc-provider": op.url}
        with Server(binary, root, {**definitions, "wiki-as-it-is": wiki.url}, environment) as server:
            server.write("wiki-as-it-is", wiki.url, as_it_is, example="mediawiki")
            the_wiki(server, wiki, check)
            the_admin(server, site, check)
            the_provider(server, op, check)
            other_clients(server, wiki, check)
            the_command_line(server, check)
            measured(server, check)
            under_load(server, site, check)
            any_input(server, check)
            with check("stops within its time, and has logged nothing secret"):
                holds(server.stop() == 0, server.log.read_text())
                said = server.log.read_text()
                for value in (PASSWORD, "web-secret", server.key):
                    holds(value not in said, f"{value!r} is in the log\n{said[-2000:]}")


def the_wiki(server, wiki, check):
    with check("mediawiki: a call before any sign-in is 409 with a link, and whose fault"):
        missing = server.ask("POST", "/call/mediawiki/who_am_i", {"parameters": {}})
        problem = missing.json()
        holds(missing.status == 409 and problem["code"] == "sign_in_required", missing)
        holds(problem["retry"] == "after_sign_in" and problem["sign_in_url"].startswith("http"), missing)
        contains(missing.headers["Stepgate-Outcome"], "code=sign_in_required", missing)

    with check("mediawiki: a wrong password comes back to the form, in the definition's words"):
        run = server.sign_in("mediawiki", {"form1": {"username": USER, "password": "not-it"}})
        holds(run["state"] == "waiting" and "did not accept" in json.dumps(run), run)
        holds("not-it" not in json.dumps(run), run)

    with check("mediawiki: signs in over HTTP, and calls"):
        run = server.sign_in("mediawiki", {"form1": {"username": USER, "password": PASSWORD}})
        holds(run["state"] == "signed_in" and run["connection_id"], run)
        who = server.ask("POST", "/call/mediawiki/who_am_i", {"parameters": {}})
        holds(who.json()["query"]["userinfo"]["name"] == USER, who)
        holds(who.headers["Stepgate-Outcome"] == "upstream" and not who.headers.get_all("Set-Cookie"), who)

    with check("mediawiki: writes by /call and reads by /proxy"):
        written = server.ask("POST", "/call/mediawiki/edit_page", {"parameters": {"title": "Served", "text": "One"}})
        holds(written.status == 200, written)
        read = server.ask("GET", "/proxy/mediawiki/rest.php/v1/page/Served")
        holds(read.json()["source"] == "One", read)

    with check("mediawiki: after the session's end, which is an HTTP 200, the same call is answered"):
        wait_until("the wiki's sessions to end", lambda: mediawiki.sessions_are_over(wiki))
        before = mediawiki.logins(wiki)
        who = server.ask("POST", "/call/mediawiki/who_am_i", {"parameters": {}})
        holds(who.json()["query"]["userinfo"]["name"] == USER, who)
        holds(mediawiki.logins(wiki) > before and who.headers["Stepgate-Attempts"] == "2", who)

    with check("mediawiki: another user of the app is nobody there, and cannot name the connection"):
        connections = server.ask("GET", "/api/connections").json()
        mine = (connections if isinstance(connections, list) else connections["connections"])[0]["id"]
        theirs = server.ask("GET", f"/api/connections/{mine}", user="eve")
        nothing = server.ask("GET", "/api/connections/c_" + "a" * 24, user="eve")
        holds(theirs.status == nothing.status == 404, theirs)
        called = server.ask("GET", "/proxy/mediawiki/api.php", headers={"Stepgate-Connection": mine}, user="eve")
        holds(called.status in (404, 409), called)


def the_admin(server, site, check):
    with check("django-admin: signs in, and writes with the double-submit token of now"):
        run = server.sign_in("django-admin", {"form1": {"username": "alice", "password": PASSWORD}})
        holds(run["state"] == "signed_in", run)
        made = server.ask("POST", "/call/django-admin/create_group", {"parameters": {"name": "served"}})
        holds(made.status == 201, made)
        read = server.ask("POST", "/call/django-admin/read_group", {"parameters": {"id": made.json()["id"]}})
        holds(read.json()["name"] == "served", read)

    with check("django-admin: the API's own 400 passes as it is"):
        twice = server.ask("POST", "/call/django-admin/create_group", {"parameters": {"name": "served"}})
        holds(twice.status == 400 and "already exists" in twice.body.decode(), twice)
        holds(twice.headers["Stepgate-Outcome"] == "upstream", twice)

    with check("django-admin: a parameter that is missing is ours to refuse"):
        missing = server.ask("POST", "/call/django-admin/read_group", {"parameters": {}})
        holds(missing.status == 400 and missing.json()["whose_fault"] == "caller", missing)


def the_provider(server, op, check):
    with check("oidc-provider: the browser is asked who it is for, signs in, and the run ends"):
        run = server.settled(server.ask("POST", "/api/runs", {"connector": "oidc-provider"}))
        holds(run["state"] == "waiting" and "open" in run["waiting_for"], run)
        person = Browser()
        opened = run["waiting_for"]["open"]
        url = opened if isinstance(opened, str) else opened["url"]
        where, status, page = person.visit(url)
        holds("ana" in page and "shop" in page, f"{where}\n{page}")
        where, status, page = person.go_on(where, page)
        holds(status == 200, f"{where} {status}\n{page}")
        done = server.settled(server.ask("GET", f"/api/runs/{run['id']}"))
        holds(done["state"] == "signed_in", done)

    with check("oidc-provider: calls, and again when the token is over"):
        who = server.ask("POST", "/call/oidc-provider/who_am_i", {"parameters": {}})
        holds(who.json()["sub"] == "alice", who)

    with check("oidc-provider: its token is nowhere to be had"):
        listed = server.ask("GET", "/api/connections")
        for word in ("access_token", "refresh_token"):
            holds(word not in listed.body.decode(), listed)


def other_clients(server, wiki, check):
    interpreter = python()
    wait_until(
        "the new connector", lambda: server.ask("POST", "/api/runs", {"connector": "wiki-as-it-is"}).status < 400
    )
    run = server.sign_in("wiki-as-it-is", {"form1": {"username": USER, "password": PASSWORD}})
    holds(run["state"] == "signed_in", run)
    for script in ("client_mwclient.py", "client_requests.py"):
        with check(f"{script.removesuffix('.py').removeprefix('client_')}: works through /proxy as with the API itself"):
            done = subprocess.run(
                [interpreter, HERE / "clients" / script, server.url, server.key], capture_output=True, text=True, timeout=120
            )
            holds(done.returncode == 0, done.stdout + done.stderr)

    with check("h2load: HTTP/2 with prior knowledge, all calls answered"):
        tool("h2load", "nghttp2-client")
        done = subprocess.run(
            ["h2load", "-n", "500", "-c", "5", "-m", "10", "-H", f"Stepgate-Key: {server.key}", "-H", "Stepgate-User: ana",
             f"{server.url}/proxy/django-admin/api/groups/"], capture_output=True, text=True, timeout=120,
        )
        contains(done.stdout, "500 succeeded, 0 failed", done.stdout + done.stderr)


def the_command_line(server, check):
    with check("what the command line clears is gone here within a second"):
        run = server.sign_in("django-admin", {"form1": {"username": "alice", "password": PASSWORD}}, user="bob")
        holds(run["state"] == "signed_in", run)
        call = lambda: server.ask("GET", "/proxy/django-admin/api/groups/", user="bob")
        holds(call().status == 200, call())
        server.command("connections", "clear", server.folder / "django-admin.yaml", "--user", "shop/bob")
        wait_until("the cleared connection to be gone", lambda: call().status == 409, limit=3)


def as_it_is(text):
    """The wiki's definition without the parameters that shape its replies: mwclient wants them as they come."""
    text = text.replace("connector: mediawiki", "connector: wiki-as-it-is", 1)
    # A sign-in counts once the test call is answered as expected, so that call asks for JSON by itself.
    text = text.replace("query: { action: query, meta: userinfo }", "query: { action: query, meta: userinfo, format: json }", 1)
    return "".join(line for line in text.splitlines(True) if "in: query, name: format" not in line)


def under_load(server, site, check):
    tool("wrk", "wrk")
    target = f"{server.url}/proxy/django-admin/static/none"

    with check("wrk for 30 s on 64 connections while connectors are reloaded and others cleared: no error"):
        over = threading.Event()
        turns = []

        def disturb():
            while not over.wait(0.5):
                server.write("oidc-provider", site.url, lambda text: text + f"\n# {len(turns)}\n")
                server.sign_in("django-admin", {"form1": {"username": "alice", "password": PASSWORD}}, user="cyd")
                mine = server.ask("GET", "/api/connections", user="cyd").json()
                for one in mine if isinstance(mine, list) else mine["connections"]:
                    server.ask("POST", f"/api/connections/{one['id']}/clear", user="cyd")
                turns.append(1)

        nuisance = threading.Thread(target=disturb)
        nuisance.start()
        said = wrk(server, target, 30)
        over.set()
        nuisance.join()
        holds(len(turns) > 3, f"disturbed {len(turns)} times only")
        holds("Socket errors" not in said, said)
        # What is not there is the site's own 404; anything of ours would be another.
        asked, refused = int(re.search(r"(\d+) requests in", said)[1]), re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        holds(refused and int(refused[1]) == asked, said)
        holds(server.ask("GET", "/proxy/django-admin/static/none").headers["Stepgate-Outcome"] == "upstream", said)

    with check("killed and started again under load: signed in as before"):
        port = urllib.parse.urlsplit(server.url).port
        load = threading.Thread(target=lambda: wrk(server, target, 6))
        load.start()
        server.stop(signal.SIGKILL)
        server.start(f"127.0.0.1:{port}")
        load.join()
        again = server.ask("GET", "/proxy/django-admin/api/groups/")
        holds(again.status == 200, again)


def measured(server, check):
    with check("metrics: Prometheus' own parser reads them, and their names keep to its conventions"):
        text = server.ask("GET", "/metrics").body
        done = subprocess.run([python(), HERE / "clients" / "client_prometheus.py"], input=text, capture_output=True)
        holds(done.returncode == 0, (done.stdout + done.stderr).decode())


def any_input(server, check):
    with check("schemathesis: no input to /api is a 5xx, and the answers are as documented"):
        python()
        done = subprocess.run(
            [CACHE / "venv" / "bin" / "schemathesis", "run", f"{server.url}/api/openapi.json",
             "--checks", "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance",
             "--header", f"Stepgate-Key: {server.key}", "--header", "Stepgate-User: fuzz",
             "--max-examples", "20", "--seed", "1", "--no-color", "--suppress-health-check", "all"],
            capture_output=True, text=True, timeout=600, cwd=server.data.parent,
        )
        holds(done.returncode == 0, (done.stdout + done.stderr)[-6000:])


def wrk(server, url, seconds):
    headers = [part for pair in server.headers().items() for part in ("-H", ": ".join(pair))]
    done = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", *headers, url], capture_output=True, text=True)
    return done.stdout + done.stderr


def tool(command, package):
    """Something of Debian's, installed where it is missing."""
    if shutil.which(command):
        return
    script = HERE.parent / "scripts" / "packages.sh"
    done = subprocess.run(["bash", "-c", f". {script}; need_packages {package}"], capture_output=True, text=True)
    if done.returncode or not shutil.which(command):
        raise Failed(f"{package} could not be installed\n{done.stdout}{done.stderr}")
