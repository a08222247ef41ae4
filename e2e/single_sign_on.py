"""Single sign-on at a provider that nobody here wrote: our own people, an app's users, and the terminal."""

import base64
import json
import time

from browser import Browser
from harness import Service, Stepgate, contains, holds
from server import Server

NAME = "single-sign-on"
SETTINGS = {
    "STEPGATE_SSO_CORP_TITLE": "Corp",
    "STEPGATE_SSO_CORP_CLIENT_ID": "web",
    "STEPGATE_SSO_CORP_CLIENT_SECRET": "web-secret",
    "STEPGATE_SSO_CORP_SCOPES": "offline_access",
    "STEPGATE_SSO_CORP_ROLE_CLAIM": "sub",
    "STEPGATE_SSO_CORP_ADMINS": "alice",
    "STEPGATE_SSO_CORP_LOGIN_CLAIM": "sub",
}
CALLBACKS = "http://127.0.0.1/callback,http://127.0.0.1/sso/corp/callback"
CALL = "/call/sso-token/who_am_i"


def play(binary, root, report):
    with Service("oidc-provider", root) as provider:
        provider.start(ACCESS_SECONDS=5, REDIRECT_URIS=CALLBACKS)
        settings = {**SETTINGS, "STEPGATE_SSO_CORP_ISSUER": provider.url}
        terminal = Stepgate(binary, "sso-token.yaml", provider, root / "terminal", secrets=["web-secret"])

        def check(label):
            return report.check(NAME, label)

        with Server(binary, root, {"sso-token": provider.url}, environment=settings) as server:
            alice = Browser()

            with check("a person whom a claim makes an admin comes in by the browser"):
                _, status, page = alice.visit(f"{server.url}/api/sso/corp/start?return_to=/api/session")
                holds(status == 200, page)
                account = json.loads(page)
                holds((account["login"], account["role"]) == ("alice", "admin"), page)

            with check("whoever the claim does not name stays outside"):
                _, status, page = Browser().visit(f"{server.url}/api/sso/corp/start", login="bob")
                holds(status == 403, page)
                contains(page, "not_admitted", page)

            with check("a user without a single sign-on is told to sign in"):
                refused = server.ask("POST", CALL, {}, user="bob")
                holds(refused.status == 409 and refused.json()["code"] == "sign_in_required", refused)

            with check("the screen lets in nobody but the user that the app named"):
                put = alice.send("PUT", f"{server.url}/api/apps/shop/sso", {"provider": "corp", "required": True}, account["csrf"])
                holds(put[0] == 200, put)
                _, status, page = follow(server, "bob", login="alice")
                holds(status == 403, page)
                contains(page, "somebody_else", page)
                url, status, page = follow(server, "bob", login="bob")
                holds(status == 200 and url.endswith("/auth/shop"), f"{url}\n{page}")

            with check("calls go with the user's own tokens, renewed where they are over"):
                for wait in (0, 6):
                    time.sleep(wait)
                    answer = server.ask("POST", CALL, {}, user="bob")
                    holds(answer.status == 200 and answer.json()["sub"] == "bob", answer)

        with check("at the terminal a browser signs in, and the API takes the token"):
            terminal.run_with_browser(Browser().visit, environment=settings)
            answer = terminal.run("call", "who_am_i", environment=settings)
            holds(json.loads(answer.stdout)["sub"] == "alice", answer)

        with check("a token in a file is what is sent"):
            token = root / "token.txt"
            claims = base64.urlsafe_b64encode(json.dumps({"sub": "alice"}).encode()).decode().rstrip("=")
            token.write_text(json.dumps({"access_token": "no-token-of-theirs", "id_token": f"e30.{claims}.e30"}))
            other = Stepgate(binary, "sso-token.yaml", provider, root / "other", secrets=["no-token-of-theirs"])
            refused = other.run("run", "--sso-token-file", str(token), expect=None)
            holds(refused.status != 0, refused)
            contains(refused.stderr, "401", refused)


def follow(server, user, login):
    """A browser that opens a link to the screen, goes on from our own page, and signs in at the provider."""
    link = server.ask("POST", "/api/auth-links", {"user": user}).json()["url"]
    browser = Browser()
    url, _, page = browser.visit(link)
    return browser.go_on(url, page, login=login)
