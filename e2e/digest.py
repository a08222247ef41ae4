"""Digest against Apache's mod_auth_digest, by the command line and by the server, with nonces that go stale; and against
httpbin, where the answer covers the body too."""

import concurrent.futures
import re
import time

from harness import Service, Stepgate, contains, holds, wait_until
from server import Server

NAME = "digest"
PASSWORDS = {"alice": "digest-Pass1", "bob": "digest-Pass2"}
NONCE_SECONDS = 5
CALLS = 60


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with Service("apache-digest", root) as apache:
        apache.start(NONCE_SECONDS=NONCE_SECONDS)
        gate = Stepgate(binary, "digest.yaml", apache, root / "camera", secrets=list(PASSWORDS.values()))

        def seen():
            return (apache.state / "access.log").read_text().splitlines()

        with check("a password that Apache refuses is refused, and nothing is stored"):
            refused = gate.run("run", expect=5, environment=answers("alice", "guess"))
            contains(refused.stderr, "The camera does not know this name and password.", refused)

        with check("the command line signs in and calls; the password is in no file"):
            gate.run("run", environment=answers("alice"))
            gate.run("test")
            called = gate.run("call", "GET", "/status")
            contains(called.stdout, '{"state":"on"}', called)
            holds(not gate.stored_in_the_clear(), "the password is in a file")

        with Server(binary, root, {"digest": apache.url}) as server:
            with check(f"two users at the server, {CALLS} calls at once, and each is themselves to Apache"):
                for user, name in (("ana", "alice"), ("ben", "bob")):
                    form = {"form1": {"username": name, "password": PASSWORDS[name]}}
                    run = server.sign_in("digest", form, user=user)
                    holds(run["state"] == "signed_in", run)
                # Who has no nonce yet asks for one, so that many at once would each get their own.
                for user in ("ana", "ben"):
                    server.ask("GET", "/proxy/digest/status", user=user)
                before = len(seen())
                with concurrent.futures.ThreadPoolExecutor(16) as pool:
                    users = ["ana", "ben"] * (CALLS // 2)
                    replies = list(pool.map(lambda user: server.ask("GET", "/proxy/digest/status", user=user), users))
                holds(all(reply.status == 200 for reply in replies), [reply.status for reply in replies])
                taken = [line.split()[0] for line in seen()[before:] if line.split()[1] == "200"]
                holds(sorted(set(taken)) == ["alice", "bob"] and taken.count("bob") == CALLS // 2, taken)

            with check("no answer was given twice, and no call of them had to be challenged: the next nonce comes with each reply"):
                proofs = [(found["username"], found["nonce"], found["nc"]) for found in map(proof, seen()) if found]
                holds(len(proofs) > CALLS and len(set(proofs)) == len(proofs), [twice for twice in proofs if proofs.count(twice) > 1])
                holds(not any(line.split()[1] == "401" for line in seen()[before:]), seen()[before:])

            with check("a nonce that went stale costs one more try, and the caller sees none of it"):
                over = time.monotonic() + NONCE_SECONDS + 1
                wait_until("the nonce to go stale", lambda: time.monotonic() > over)
                reply = server.ask("GET", "/proxy/digest/status")
                holds((reply.status, reply.headers["Stepgate-Attempts"]) == (200, "1"), reply)


    with Service("httpbin", root) as httpbin:
        httpbin.start()
        names = {f"sealed-{hashed.lower()}": hashed for hashed in ("SHA-256", "MD5")}
        base_url = f"{httpbin.url}/digest-auth/auth-int/alice/{PASSWORDS['alice']}"
        server = Server(binary, root / "sealed", {name: base_url for name in names})
        for name, hashed in names.items():
            server.write(name, base_url, lambda text: renamed(text, name, hashed), "digest")
        with server:
            for name, hashed in names.items():
                with check(f"with auth-int and {hashed} the answer covers the body, small, large and none"):
                    wrong = server.sign_in(name, {"form1": {"username": "alice", "password": "guess"}})
                    holds(wrong["state"] != "signed_in", wrong)
                    run = server.sign_in(name, {"form1": {"username": "alice", "password": PASSWORDS["alice"]}}, user="ben")
                    holds(run["state"] == "signed_in", run)
                    # Of a form httpbin would see no body.
                    kind = {"Content-Type": "application/octet-stream"}
                    for body in (None, b"a=1&b=%20", bytes(range(256)) * 200):
                        reply = server.ask("GET", f"/proxy/{name}/{hashed}", body, kind, user="ben")
                        holds(reply.status == 200 and reply.json() == {"authenticated": True, "user": "alice"}, reply)


def renamed(text, name, hashed):
    """The example for one of httpbin's addresses."""
    return text.replace("connector: digest", f"connector: {name}").replace("/status", f"/{hashed}")


def proof(line):
    """User, nonce and count of a call in Apache's log, whose quotes are escaped."""
    found = re.search(r'username=\W*(?P<username>\w+).*\bnonce=\W*(?P<nonce>[\w+/=]+).*\bnc=(?P<nc>[0-9a-f]{8})', line)
    return found and found.groupdict()


def answers(name, password=None):
    return {"STEPGATE_ANSWER_FORM1_USERNAME": name, "STEPGATE_ANSWER_FORM1_PASSWORD": password or PASSWORDS[name]}
