"""The sign-in types that sign each call, judged by other people's code: botocore, mohawk, Python's hmac."""

import contextlib
import json
import pathlib
import random
import subprocess
import types
import urllib.parse

from harness import Failed, Stepgate, contains, holds
from server import Server, python

NAME = "signing"
HERE = pathlib.Path(__file__).resolve().parent
AWS = {"id": "AKIDEXAMPLE1234567", "key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "service": "execute-api", "region": "eu-central-1"}
HAWK = {"id": "tile-1", "key": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"}
HMAC = {"id": "desk-1", "key": "signing-key-of-the-desk"}
REQUESTS = 200


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with judge() as url:
        secrets = [AWS["key"], HAWK["key"], HMAC["key"]]

        def gate(name, path):
            return Stepgate(binary, f"{name}.yaml", types.SimpleNamespace(url=url + path), root / f"cli-{name}", secrets=secrets)

        with check("hmac: signed in the terminal as the standard library signs"):
            desk = gate("hmac", "/hmac")
            desk.run("secret set", "signing_key", stdin=HMAC["key"])
            desk.run("test")
            desk.call("list_orders", state="a b&c")
            desk.call("add_order", article="ä")

        with check("hawk: signed in the terminal as mohawk signs, and a wrong key is told from it"):
            tiles = gate("hawk", "/hawk")
            tiles.run("run", environment=answers(form1_id=HAWK["id"], form1_key=HAWK["key"]))
            tiles.call("add_tile", name="north")
            wrong = gate("hawk", "/hawk")
            wrong.data = root / "cli-hawk-wrong"
            refused = wrong.run("run", expect=None, environment=answers(form1_id=HAWK["id"], form1_key="wrong"))
            holds(refused.status != 0, refused)

        with check("aws_sigv4: signed in the terminal as botocore signs"):
            orders = gate("aws-sigv4", "/aws")
            orders.run("run", environment=answers(form1_access_key_id=AWS["id"], form1_secret_access_key=AWS["key"]))
            orders.call("find_orders", name="a b/c+d=é")
            found = orders.run("call", "GET", "/aws/orders")
            holds(json.loads(found.stdout)["ok"], found)

        environment = {"STEPGATE_SECRET_HMAC_SIGNING_KEY": HMAC["key"]}
        served = {"hmac": f"{url}/hmac", "hawk": f"{url}/hawk", "aws-sigv4": f"{url}/aws", "s3": f"{url}/s3", "s3-query": f"{url}/s3"}
        with Server(binary, root, served, environment) as server:
            server.write("s3", f"{url}/s3", is_s3("s3"), example="aws-sigv4")
            server.write("s3-query", f"{url}/s3", lambda text: is_s3("s3-query")(text).replace("  kind: aws_sigv4\n", "  kind: aws_sigv4\n  in: query\n"), example="aws-sigv4")
            through_the_server(server, check)


def is_s3(name):
    return lambda text: text.replace("connector: aws-sigv4", f"connector: {name}").replace("service: execute-api", "service: s3")


def through_the_server(server, check):
    aws = {"form1": {"access_key_id": AWS["id"], "secret_access_key": AWS["key"]}}
    forms = {"hmac": [], "hawk": [{"form1": {"id": HAWK["id"], "key": HAWK["key"]}}], "aws-sigv4": [aws], "s3": [aws], "s3-query": [aws]}
    for name, given in forms.items():
        with check(f"{name}: {REQUESTS} generated requests through /proxy, each as the other side signs it"):
            run = server.sign_in(name, *given)
            holds(run["state"] == "signed_in", run)
            chance = random.Random(name)
            for _ in range(REQUESTS):
                method, target, headers, body = generated(chance)
                got = server.ask(method, f"/proxy/{name}{target}", body, headers)
                holds(got.status == 200, f"{method} {target} {headers} {body!r}\n{got}")


def generated(chance):
    """Any request: odd characters in path and query, repeated and empty parameters, headers with spaces in them."""
    letters = "abzAZ09-._~ !$&'()*+,;=:@%/?#äЖ水\"<>[]{}|\\^`"

    def text(most):
        return "".join(chance.choice(letters) for _ in range(chance.randint(1, most)))

    def quoted(value):
        return urllib.parse.quote(value, safe="-_.~")

    def segment():
        # What could lead out of the base URL is refused before it is signed, and tried elsewhere.
        return text(8).replace("/", "").replace("\\", "").strip(".") or "x"

    path = "/" + "/".join(quoted(segment()) for _ in range(chance.randint(1, 4)))
    names = ["a", "b", "B", "x-y", "é"]
    pairs = [(chance.choice(names), "" if chance.random() < 0.2 else text(8)) for _ in range(chance.randint(0, 5))]
    query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
    method = chance.choice(["GET", "GET", "POST", "PUT", "DELETE", "PATCH"])
    body, headers = None, {"X-Amz-Meta-Note": "  two   spaces ", "X-Other": chance.choice(["1", "a,b"])}
    if method in ("POST", "PUT", "PATCH"):
        body = text(200).encode()
        headers["Content-Type"] = chance.choice(["application/json", "text/plain; charset=utf-8", "application/octet-stream"])
    return method, f"{path}?{query}" if query else path, headers, body


def answers(**given):
    return {f"STEPGATE_ANSWER_{key.upper()}": value for key, value in given.items()}


@contextlib.contextmanager
def judge():
    """The API that verifies, as long as the block lasts; its address."""
    known = json.dumps({"aws": AWS, "hawk": HAWK, "hmac": HMAC})
    process = subprocess.Popen([python(), HERE / "clients" / "signature_judge.py", known], stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise Failed("the judge of signatures did not start")
        yield url
    finally:
        process.terminate()
        process.wait(10)
