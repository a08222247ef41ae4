"""A GraphQL connector against ariadne: the example by the command line and through the server."""

import contextlib
import json
import subprocess
import types
import urllib.request

from harness import HERE, Failed, Stepgate, contains, holds
from server import Server, python

NAME = "graphql"
PASSWORD = "graphql-Pass1"


@contextlib.contextmanager
def bookshop(root):
    """The server of e2e/clients/graphql_server.py."""
    log = root / "bookshop.log"
    with open(log, "ab") as errors:
        process = subprocess.Popen(
            [python(), HERE / "clients" / "graphql_server.py"], stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise Failed(f"the bookshop did not start\n{log.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with bookshop(root) as origin:
        address = f"{origin}/graphql"
        gate = Stepgate(binary, "graphql-connector.yaml", types.SimpleNamespace(url=address), root / "shop", secrets=[PASSWORD])

        def forget():
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{origin}/forget", timeout=20).close()

        with check("what the API says of a wrong password is what the person reads"):
            refused = gate.run("run", expect=5, environment=answers("guess"))
            contains(refused.stderr, "The bookshop does not know this name and password.", refused)

        with check("parameters are the operation's variables: an enum, an input, a default, and one that every call gets"):
            gate.run("run", environment=answers(PASSWORD))
            found = json.loads(gate.call("books", genre="POETRY", first=1).stdout)
            holds(found["data"]["books"] == [{"id": "1", "title": "Duino Elegies"}], found)
            holds(len(json.loads(gate.call("books").stdout)["data"]["books"]) == 3, "all of them")
            ordered = json.loads(gate.call("order", book=json.dumps({"id": "2"})).stdout)
            holds(ordered["data"]["order"]["id"] == "2x1", ordered)

        with check("a reply with errors is exit 1, its body is there, and its words are said"):
            missing = gate.run("call", "order", "--parameter", 'book={"id":"9"}', expect=1)
            contains(missing.stdout, "There is no such book.", missing)
            contains(missing.stderr, "There is no such book.", missing)

        with check("a session that ended is renewed, although the reply was 200"):
            forget()
            found = gate.call("books")
            holds(len(json.loads(found.stdout)["data"]["books"]) == 3, found)

        with check("operations and parameters are held against the types that the API tells"):
            tested = gate.run("test")
            contains(tested.stdout, "types", tested)

        with Server(binary, root, {"graphql-connector": address}) as server:
            with check("through the server: by name, below /proxy at the one address, and nowhere else"):
                run = server.sign_in("graphql-connector", {"form1": {"name": "ana", "password": PASSWORD}})
                holds(run["state"] == "signed_in", run)
                forget()
                named = server.ask("POST", "/call/graphql-connector/books", {"parameters": {"genre": "PROSE"}})
                holds(named.json()["data"]["books"] == [{"id": "2", "title": "Effi Briest"}], named)
                text = "query ($shop: ID!) { reader books(shop: $shop) { id } }"
                passed = server.ask("POST", "/proxy/graphql-connector", {"query": text})
                holds(len(passed.json()["data"]["books"]) == 3, passed)
                beside = server.ask("POST", "/proxy/graphql-connector/admin", {"query": text})
                holds((beside.status, beside.json()["code"]) == (400, "bad_path"), beside)


def answers(password):
    return {"STEPGATE_ANSWER_FORM1_NAME": "ana", "STEPGATE_ANSWER_FORM1_PASSWORD": password}
