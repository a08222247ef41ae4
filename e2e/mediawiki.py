"""MediaWiki: cookies, a token for each write, and a session whose end is an HTTP 200."""

import contextlib
import json
import sqlite3
import time

from harness import Service, Stepgate, contains, holds, wait_until

NAME = "mediawiki"
USER, PASSWORD = "Alice", "service-Pass1"
SECONDS = 5


def play(binary, root, report):
    with Service(NAME, root) as wiki:
        wiki.start(SESSION_SECONDS=SECONDS)
        gate = Stepgate(binary, "mediawiki.yaml", wiki, root / "data", secrets=[PASSWORD])

        def check(label):
            return report.check(NAME, label)

        with check("a wrong password is exit 5, in the definition's words, and leaves nothing behind"):
            refused = sign_in(gate, "not-it", expect=5)
            contains(refused.stderr, "The wiki did not accept this name and password.", refused)
            gate.run("call", "who_am_i", expect=3)

        with check("signs in, and ends with the test API"):
            sign_in(gate, PASSWORD)

        with check("calls by endpoint"):
            answer = gate.call("who_am_i")
            holds(json.loads(answer.stdout)["query"]["userinfo"]["name"] == USER, answer)

        with check("writes, and reads it back"):
            write_and_read(gate, "First text")

        with check("calls by method and path"):
            answer = gate.run("call", "GET", "/rest.php/v1/page/Service")
            holds(json.loads(answer.stdout)["source"] == "First text", answer)

        with check("a write after the session's end is renewed and done once"):
            after_the_end(wiki, lambda: write_and_read(gate, "Second text"))
            history = gate.run("call", "GET", "/rest.php/v1/page/Service/history")
            holds(len(json.loads(history.stdout)["revisions"]) == 2, history)

        with check("lists the connection, and tests it"):
            listed = gate.run("connections list")
            contains(listed.stdout, USER, listed)
            gate.run("test")

        with check("the service stopped is exit 6 with its address, and the credential is kept"):
            wiki.stop()
            down = gate.call("who_am_i", expect=6)
            contains(down.stderr, f"127.0.0.1:{wiki.port}", down)
            # From here on not even a cookie brings a lost session back.
            wiki.start(SESSION_SECONDS=SECONDS, REMEMBER_SECONDS=SECONDS)
            gate.call("who_am_i")

        with check("signs out at the wiki, and forgets"):
            gate.run("run", "--flow", "logout")
            contains(wiki.log(), "action=logout", wiki.log())
            gate.run("call", "who_am_i", expect=3)

        with check("a read after the session's end, which is an HTTP 200, is renewed"):
            sign_in(gate, PASSWORD)
            after_the_end(wiki, lambda: gate.call("who_am_i"))

        with check("so is one on the wiki's REST side, which is a 403"):
            after_the_end(wiki, lambda: gate.call("read_page", title="Service"))

        with check("nothing is stored in the clear"):
            found = gate.stored_in_the_clear()
            holds(not found, f"the password stands in {found}")


def sign_in(gate, password, expect=0):
    return gate.run(
        "run", "--answer", f"form1.username={USER}", expect=expect,
        environment={"STEPGATE_ANSWER_FORM1_PASSWORD": password},
    )


def write_and_read(gate, text):
    gate.call("edit_page", title="Service", text=text)
    answer = gate.call("read_page", title="Service")
    holds(json.loads(answer.stdout)["source"] == text, answer)


def after_the_end(wiki, call):
    """Calls once no session is alive, and holds that the wiki saw a new sign-in."""
    wait_until("the wiki's sessions to end", lambda: sessions_are_over(wiki))
    before = logins(wiki)
    call()
    holds(logins(wiki) > before, f"the wiki saw no new sign-in\n{wiki.log()}")


def logins(wiki):
    """How often a sign-in was sent since the wiki's last start."""
    return wiki.log().count("action=login")


def sessions_are_over(wiki):
    """Whether no session of the wiki's own store is alive any more."""
    now = time.strftime("%Y%m%d%H%M%S", time.gmtime())
    store = wiki.state / "db" / "wikicache.sqlite"
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        alive = database.execute(
            "SELECT count(*) FROM objectcache WHERE keyname LIKE '%:MWSession:%' AND exptime >= ?", (now,)
        ).fetchone()
    return alive[0] == 0
