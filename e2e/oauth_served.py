"""OAuth's later parts through the server, at oidc-provider: bound tokens, step-up, token exchange, certificates."""

import concurrent.futures
import html
import re
import subprocess
import time
import urllib.parse

from browser import Browser
from harness import Service, Stepgate, contains, holds, wait_until
from server import Server

NAME = "oauth-served"
NAMES = ["dpop", "step-up", "token-exchange"]
CALLBACKS = ",".join(f"http://127.0.0.1/callback/{name}" for name in NAMES) + ",http://127.0.0.1/callback"
SECRETS = {"STEPGATE_SECRET_TOKEN_EXCHANGE_CLIENT_SECRET": "exchanger-secret"}
CALLS = 24


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with Service("oidc-provider", root) as provider:
        provider.start(ACCESS_SECONDS=5, REDIRECT_URIS=CALLBACKS)
        with Server(binary, root, {name: provider.url for name in NAMES}, environment=SECRETS) as server:
            bound(server, provider, check)
            stronger(server, check)
            alone(binary, root, provider, check)
            exchanged(server, provider, check)
    with Service("oidc-provider", root) as provider:
        certified(binary, root, provider, check)


def bound(server, provider, check):
    with check("dpop: a user signs in by the browser, and the token is bound to a key"):
        sign_in(server, "dpop")

    with check(f"dpop: {CALLS} calls at once through /proxy and /call, each with a proof that the provider takes once"):
        lines = [("GET", "/proxy/dpop/me"), ("POST", "/call/dpop/who_am_i")] * (CALLS // 2)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda line: server.ask(*line, body={} if line[0] == "POST" else None), lines))
        for reply in replies:
            holds(reply.status == 200 and reply.json()["sub"] == "alice", reply)

    with check("dpop: a caller's own proof and token go no further"):
        theirs = {"DPoP": "a.b.c", "Authorization": "DPoP stolen"}
        reply = server.ask("GET", "/proxy/dpop/me", headers=theirs)
        holds(reply.status == 200, reply)

    with check("dpop: the token is renewed with its key, once for all who call"):
        before = provider.log().count("granted refresh_token")
        time.sleep(6)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: server.ask("GET", "/proxy/dpop/me"), range(8)))
        holds(all(reply.status == 200 for reply in replies), [str(reply) for reply in replies])
        holds(provider.log().count("granted refresh_token") == before + 1, provider.log())


def stronger(server, check):
    def close():
        return server.ask("POST", "/call/step-up/close_account", {})

    with check("step_up: a call that the API wants a newer sign-in for is told where it is given"):
        sign_in(server, "step-up")
        told = []
        wait_until("the sign-in to be too old", lambda: told.append(close()) or told[-1].status != 200)
        holds(told[-1].status == 409 and told[-1].json()["code"] == "step_up_required", told[-1])
        who = server.ask("POST", "/call/step-up/who_am_i", {})
        holds(who.status == 200, who)

    with check("step_up: the person signs in again, and the call goes through with that, once"):
        follow(told[-1].json()["step_up_url"])
        reply = close()
        holds(reply.status == 200 and reply.json()["sub"] == "alice", reply)
        wait_until("that sign-in to be too old too", lambda: close().status == 409)


def alone(binary, root, provider, check):
    with check("step_up: where nobody is at a terminal a call ends with exit 3, and says what is missing"):
        gate = Stepgate(binary, "step-up.yaml", provider, root / "alone")
        gate.run_with_browser(Browser().visit)
        told = []
        wait_until(
            "the sign-in to be too old",
            lambda: told.append(gate.run("call", "close_account", expect=None)) or told[-1].status != 0,
        )
        holds(told[-1].status == 3, told[-1])
        contains(told[-1].stderr, "the step newer needs a browser", told[-1])


def exchanged(server, provider, check):
    with check("token exchange: what the browser brought is exchanged, and calls go with the new token"):
        sign_in(server, "token-exchange")
        reply = server.ask("POST", "/call/token-exchange/who_am_i", {})
        holds(reply.status == 200, reply)
        holds((reply.json()["sub"], reply.json()["gty"]) == ("alice", "exchanged"), reply)

    with check("token exchange: the first token is renewed and exchanged again"):
        time.sleep(6)
        reply = server.ask("POST", "/call/token-exchange/who_am_i", {})
        holds(reply.status == 200 and reply.json()["gty"] == "exchanged", reply)


def certified(binary, root, provider, check):
    folder = root / "tls"
    certificates(folder)
    provider.start(ACCESS_SECONDS=5, TLS=folder)
    service = type("Over", (), {"url": f"https://127.0.0.1:{provider.port}"})
    secrets = [(folder / "client.key").read_text(), (folder / "other.key").read_text()]
    certain = ["--ca-file", str(folder / "ca.pem")]

    def environment(name):
        prefix = "STEPGATE_SECRET_MUTUAL_TLS_CERTIFICATE"
        return {prefix: (folder / f"{name}.pem").read_text(), f"{prefix}_KEY": (folder / f"{name}.key").read_text()}

    with check("tls_client_auth: a client is known by its certificate, and its token is good with that alone"):
        gate = Stepgate(binary, "mutual-tls.yaml", service, root / "certified", secrets=secrets)
        answer = gate.run("call", "who_am_i", *certain, environment=environment("client"))
        contains(answer.stdout, '"client":"certified"', answer)

    with check("tls_client_auth: another certificate of the same authority is refused"):
        gate = Stepgate(binary, "mutual-tls.yaml", service, root / "another", secrets=secrets)
        refused = gate.run("call", "who_am_i", *certain, environment=environment("other"), expect=5)
        contains(refused.stderr, "invalid_client", refused)


def sign_in(server, connector):
    """A user signs in to a connector with a browser step."""
    run = server.settled(server.ask("POST", "/api/runs", {"connector": connector}))
    holds(run["state"] == "waiting" and "open" in run["waiting_for"], run)
    follow(run["waiting_for"]["open"]["url"])
    run = server.settled(server.ask("GET", f"/api/runs/{run['id']}"))
    holds(run["state"] == "signed_in", run)


def follow(url):
    """A browser that comes to a page of ours, goes on from there, and signs in at the provider."""
    browser = Browser()
    url, _, page = browser.visit(url)
    url, status, page = browser.go_on(url, page)
    if link := re.search(r'href="([^"]*/open/[^"]*)"', page):
        # The managed auth screen, which leads on by a button.
        url, status, page = browser.visit(urllib.parse.urljoin(url, html.unescape(link[1])))
    holds(status == 200, f"{url}\n{page}")


def certificates(folder):
    """An authority, the provider's certificate, and those of two clients, of which one is known."""
    folder.mkdir()

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=e2e", "-days", "2")
    for name, known_as in (("server", "IP:127.0.0.1"), ("client", "DNS:stepgate.example"), ("other", "DNS:other.example")):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / f"{name}.ext").write_text(f"subjectAltName={known_as}\nbasicConstraints=CA:FALSE\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext")
