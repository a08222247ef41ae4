"""NTLM against pyspnego: the example by the command line and by the server, plain and over TLS."""

import concurrent.futures
import json
import os
import subprocess

from harness import HERE, Failed, Stepgate, contains, holds
from server import Server, python

NAME = "ntlm"
ALICE, BOB = "CORP\\alice", "CORP\\bob"
PASSWORD, OTHER = "ntlm-Pass1", "ntlm-Pass2"


class Acceptor:
    """The server of e2e/clients/ntlm_acceptor.py."""

    def __init__(self, root, certificate=None):
        accounts = root / "accounts"
        accounts.write_text(f"CORP:alice:{PASSWORD}\nCORP:bob:{OTHER}\n")
        line = [python(), HERE / "clients" / "ntlm_acceptor.py", *([certificate] if certificate else [])]
        self.log = root / "acceptor.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in line], stdout=subprocess.PIPE, stderr=log, text=True,
                env={**os.environ, "NTLM_USER_FILE": str(accounts)},
            )
        port = self.process.stdout.readline().strip()
        if not port:
            raise Failed(f"the acceptor did not start\n{self.log.read_text()}")
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with Acceptor(root) as acceptor:
        gate = Stepgate(binary, "ntlm.yaml", acceptor, root / "plain", secrets=[PASSWORD])
        with check("a password that pyspnego refuses is refused, and nothing is stored"):
            refused = gate.run("run", expect=5, environment=answers(ALICE, "guess"))
            contains(refused.stderr, "answered with status 401. Nothing was stored.", refused)
            contains(acceptor.log.read_text(), "Invalid NTLM response", refused)
        with check("the command line signs in and calls, with a body"):
            gate.run("run", environment=answers(ALICE, PASSWORD))
            holds(json.loads(gate.call("me").stdout)["user"] == ALICE, "another user")
            added = json.loads(gate.call("add_item", title="a").stdout)
            holds(json.loads(added["body"]) == {"title": "a"}, added)
            holds(not gate.stored_in_the_clear(), "the password is in a file")
        with Server(binary, root, {"ntlm": acceptor.url}) as server:
            with check("two users at the server, 200 calls at once, and each is themselves"):
                for user, name, password in (("ana", ALICE, PASSWORD), ("ben", BOB, OTHER)):
                    form = {"form1": {"username": name, "password": password}}
                    run = server.sign_in("ntlm", form, user=user)
                    holds(run["state"] == "signed_in", run)
                calls = [("ana", ALICE), ("ben", BOB)] * 100
                with concurrent.futures.ThreadPoolExecutor(32) as pool:
                    whose = list(pool.map(lambda call: one(server, *call), calls))
                owners = {}
                for connection, user in whose:
                    holds(owners.setdefault(connection, user) == user, f"connection {connection} is shared")
                holds(len(owners) < len(calls), "no connection was used again")

    secure = root / "tls"
    secure.mkdir()
    certificate, both = secure / "certificate.pem", secure / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes", "-days", "2", "-subj", "/CN=acceptor",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", secure / "key.pem", "-out", certificate],
        check=True, capture_output=True,
    )
    both.write_text(certificate.read_text() + (secure / "key.pem").read_text())
    with Acceptor(root, both) as acceptor, check("over TLS the proof is bound to the certificate"):
        gate = Stepgate(binary, "ntlm.yaml", acceptor, root / "secure", secrets=[PASSWORD])
        trust = ["--ca-file", str(certificate)]
        gate.run("run", *trust, environment=answers(ALICE, PASSWORD))
        called = gate.run("call", "me", *trust)
        holds(json.loads(called.stdout)["user"] == ALICE, called)


def answers(username, password):
    return {"STEPGATE_ANSWER_FORM1_USERNAME": username, "STEPGATE_ANSWER_FORM1_PASSWORD": password}


def one(server, user, name):
    """A call through the proxy; the connection it went out on, and its user."""
    reply = server.ask("POST", "/proxy/ntlm/items", b"x", user=user)
    holds(reply.status == 200, reply)
    said = reply.json()
    holds(said["user"] == name and said["body"] == "x", reply)
    return said["connection"], name
