"""oidc-provider: OAuth in a browser, five-second tokens, and refresh tokens that may be spent once."""

import json
import re
import time

from browser import Browser
from harness import SERVICES, Service, Stepgate, contains, holds, wait_until

NAME = "oidc-provider"
SECRET = {"STEPGATE_SECRET_OIDC_PROVIDER_CLIENT_SECRET": "web-secret"}
WRONG_SECRET = {"STEPGATE_SECRET_CLIENT_CREDENTIALS_CLIENT_SECRET": "not-it"}


def play(binary, root, report):
    with Service(NAME, root) as provider:
        provider.start(ACCESS_SECONDS=5)
        confidential = Stepgate(binary, "oidc-provider.yaml", provider, root / "confidential", secrets=["web-secret"])
        public = Stepgate(binary, "oidc-provider-public.yaml", provider, root / "public")
        older = Stepgate(binary, "oauth2.yaml", provider, root / "older", secrets=["webpost-secret"])
        television = Stepgate(binary, "device-code.yaml", provider, root / "television")
        key = {"STEPGATE_SECRET_SIGNED_CLIENT_CLIENT_KEY": (SERVICES / NAME / "client-key.json").read_text()}
        signed = Stepgate(binary, "signed-client.yaml", provider, root / "signed", secrets=list(key.values()))
        bound = Stepgate(binary, "dpop.yaml", provider, root / "bound")
        machine = Stepgate(binary, "client-credentials.yaml", provider, root / "machine", secrets=["machine-secret"])

        def check(label):
            return report.check(NAME, label)

        with check("without a terminal a call does not wait for a browser: exit 3"):
            confidential.run("call", "who_am_i", expect=3, environment=SECRET)

        with check("a sign-in cancelled in the browser is exit 5, with the provider's own words"):
            refused = sign_in(confidential, SECRET, cancel=True, expect=5)
            contains(refused.stderr, "access_denied", refused)

        for gate, environment, kind in ((confidential, SECRET, "confidential"), (public, {}, "public")):
            with check(f"signs in by the browser as a {kind} client"):
                sign_in(gate, environment)

            with check(f"calls as a {kind} client"):
                holds(who(gate, environment)["sub"] == "alice", "another account")

            with check(f"renews a {kind} client's token after its end"):
                wait_for_expiry(provider)
                before = renewals(provider)
                holds(who(gate, environment)["sub"] == "alice", "another account")
                holds(renewals(provider) == before + 1, provider.log())

            with check(f"three processes at once renew a {kind} client's token once"):
                wait_for_expiry(provider)
                before = renewals(provider)
                calls = [gate.start("call", "who_am_i", environment=environment) for _ in range(3)]
                for call in calls:
                    gate.end(call, expect=0)
                holds(renewals(provider) == before + 1, f"{renewals(provider) - before} renewals\n{provider.log()}")

        with check("signs in, renews and gives the tokens back without PKCE"):
            secret = {"STEPGATE_SECRET_OAUTH2_CLIENT_SECRET": "webpost-secret"}
            asked = []
            older.run_with_browser(lambda address: Browser().visit(asked.append(address) or address, login="alice"), secret)
            holds("code_challenge" not in asked[0] and "state=" in asked[0], asked)
            wait_for_expiry(provider)
            before = renewals(provider)
            holds(who(older, secret)["client"] == "webpost", "another client")
            holds(renewals(provider) == before + 1, provider.log())
            revoked = provider.log().count("revoked")
            older.run("connections sign-out", environment=secret)
            holds(provider.log().count("revoked") > revoked, provider.log())
            holds(not older.stored_in_the_clear(), "the client's secret is in a file")

        with check("shows a code, and goes on by itself once it was entered on another device"):
            sign_in(television, {})
            holds(who(television, {})["client"] == "tv", "another client")
            wait_for_expiry(provider)
            holds(who(television, {})["sub"] == "alice", "another account")

        with check("a code that is declined on the other device is exit 5"):
            sign_in(Stepgate(binary, "device-code.yaml", provider, root / "declined"), {}, cancel=True, expect=5)

        with check("signs in as a client that signs and pushes its parameters"):
            sign_in(signed, key)
            holds(who(signed, key)["client"] == "signed", "another client")
            wait_for_expiry(provider)
            holds(who(signed, key)["sub"] == "alice", "another account")

        with check("binds tokens to a key, proves it with the provider's nonces, and renews them"):
            sign_in(bound, {})
            holds(who(bound, {})["sub"] == "alice", "another account")
            wait_for_expiry(provider)
            before = renewals(provider)
            holds(who(bound, {})["sub"] == "alice", "another account")
            holds(renewals(provider) == before + 1, provider.log())

        with check("another person's sign-in is refused where nobody can be asked, and the first is kept"):
            other = sign_in(confidential, SECRET, login="bob", expect=None)
            holds(other.status != 0, other)
            contains(other.stderr, "alice", other)
            contains(other.stderr, "bob", other)
            holds(who(confidential, SECRET)["sub"] == "alice", "the old sign-in is gone")

        with check("a machine signs in as itself with a stored secret, and again when its token is over"):
            machine.run("call", "who_am_i", expect=2)
            machine.run("secret set", "client_secret", stdin="machine-secret\n")
            answer = machine.run("call", "who_am_i")
            holds(json.loads(answer.stdout)["client"] == "machine", answer)
            wait_for_expiry(provider)
            machine.run("call", "who_am_i")
            holds(provider.log().count("granted client_credentials") == 2, provider.log())

        with check("a wrong client secret is exit 5"):
            # The environment wins over what is stored.
            machine.run("connections clear")
            machine.run("call", "who_am_i", expect=5, environment=WRONG_SECRET)

        with check("signs out: the provider takes the token back"):
            public.run("connections sign-out")
            contains(provider.log(), "revoked", provider.log())
            public.run("call", "who_am_i", expect=3)

        with check("the service stopped is exit 6, and the credential is kept"):
            provider.stop()
            down = confidential.run("call", "who_am_i", expect=6, environment=SECRET)
            contains(down.stderr, f"127.0.0.1:{provider.port}", down)

        with check("a provider that forgot the grant is exit 3, which says why"):
            provider.start(ACCESS_SECONDS=5)
            # The renewal that met a closed door is tried again after a pause, and is exit 6 until then.
            tries = []
            wait_until(
                "the next renewal",
                lambda: tries.append(confidential.run("call", "who_am_i", expect=None, environment=SECRET)) or tries[-1].status != 6,
            )
            holds(tries[-1].status == 3, tries[-1])
            contains(tries[-1].stderr, "invalid_grant", tries[-1])

        with check("nothing is stored in the clear"):
            found = confidential.stored_in_the_clear() + machine.stored_in_the_clear()
            holds(not found, f"the client's secret stands in {found}")


def sign_in(gate, environment, login="alice", cancel=False, expect=0):
    """Runs the auth flow, and is the person at the browser."""
    return gate.run_with_browser(
        lambda address: Browser().visit(address, login=login, cancel=cancel), environment=environment, expect=expect
    )


def who(gate, environment):
    return json.loads(gate.run("call", "who_am_i", environment=environment).stdout)


def renewals(provider):
    return provider.log().count("granted refresh_token")


def wait_for_expiry(provider):
    """Until every access token that the provider gave out is over; its log has their ends."""

    def over():
        ends = [int(end) for end in re.findall(r"granted \w+ until (\d+)", provider.log())]
        return all(end < time.time() - 0.5 for end in ends)

    wait_until("the access tokens to end", over)
