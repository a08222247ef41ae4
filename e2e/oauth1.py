"""OAuth 1.0a against oauthlib's own endpoints: every signature method in every place, and what they refuse."""

import json
import re
import urllib.parse
import urllib.request

from browser import Browser
from harness import EXAMPLES, Failed, Service, Stepgate, contains, holds

NAME = "oauth1"
SECRETS = {"photos": "photos secret+1/&", "plain": "plain-secret_1"}
EXAMPLE = (EXAMPLES / "oauth1.yaml").read_text()
# Nothing but a form can carry the parameters in its body.
WITHOUT_READS = re.sub(r"^test_api:\n(  .*\n)+", "", EXAMPLE, flags=re.M)
# The client signs for itself: no flow, no token.
WITHOUT_TOKEN = re.sub(r"^  token(_secret)?: .*\n", "", re.sub(r"^auth_flow:\n(  .*\n)+", "", EXAMPLE, flags=re.M), flags=re.M)
KEY = EXAMPLES.parent / "fixtures/oauth1/oauth-test-cases.pkcs1.pem"
# What signatures trip over: reserved characters, a plus, characters beyond ASCII.
AWKWARD = "A&B=c d+e/%2F*'()~ü✓"


def play(binary, root, report):
    with Service("oauthlib", root) as provider:
        provider.start()

        def check(label):
            return report.check(NAME, label)

        def gate(name, method, place, text=EXAMPLE):
            """The example with another method and place, in a data folder of its own."""
            client = "plain" if method == "PLAINTEXT" else "photos"
            text = text.replace("consumer_key: photos", f"consumer_key: {client}")
            definition = root / f"{name}.yaml"
            definition.write_text(re.sub(r"^( *)signature_method: .*$", rf"\1signature_method: {method}\n\1in: {place}", text, flags=re.M))
            secret = KEY.read_text() if method == "RSA-SHA1" else SECRETS[client]
            return Stepgate(binary, definition, provider, root / name, secrets=[secret]), {"STEPGATE_SECRET_OAUTH1_CONSUMER_SECRET": secret}

        for method in ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT"):
            for place in ("header", "query", "body"):
                with check(f"{method} in the {place}: signs in by the browser, reads and writes"):
                    stepgate, environment = gate(f"{method}-{place}", method, place, WITHOUT_READS if place == "body" else EXAMPLE)
                    stepgate.run_with_browser(agree, environment=environment)
                    if place != "body":
                        seen = read(stepgate, environment)
                        holds(seen["signature_method"] == method and "album=A%26B" in seen["path"], seen)
                    added = stepgate.run("call", "add_photo", "--parameter", f"title={AWKWARD}", environment=environment)
                    holds("title=" in json.loads(added.stdout)["body"], added)

        stepgate, environment = gate("three-legged", "HMAC-SHA1", "header")
        with check("a person who refuses is exit 5, in the API's words"):
            refused = stepgate.run_with_browser(refuse, environment=environment, expect=5)
            contains(refused.stderr, "user_refused", refused)

        with check("a wrong consumer secret is exit 5, and says what to look at"):
            wrong = stepgate.run("run", expect=5, environment={"STEPGATE_SECRET_OAUTH1_CONSUMER_SECRET": "not-it"})
            contains(wrong.stderr, "consumer_secret", wrong)

        with check("an RSA key where a shared secret is expected is said before anything is sent"):
            key = stepgate.run("run", expect=None, environment={"STEPGATE_SECRET_OAUTH1_CONSUMER_SECRET": KEY.read_text()})
            holds(key.status != 0, key)
            contains(key.stderr, "signature_method: RSA-SHA1", key)

        with check("a callback with the token of another sign-in is refused, and ends neither of them"):
            other, other_environment = gate("other", "HMAC-SHA1", "header")
            asked = provider.log().count("asked for an access token")

            def cross(address):
                own = comes_back(address)

                def visit_other(address):
                    foreign = comes_back(address)
                    agree(own._replace(query=foreign.query).geturl())
                    holds(provider.log().count("asked for an access token") == asked, provider.log())
                    agree(foreign.geturl())

                other.run_with_browser(visit_other, environment=other_environment)
                agree(own.geturl())

            signed_in = stepgate.run_with_browser(cross, environment=environment)
            contains(signed_in.stderr, "it belongs to another sign-in", signed_in)
            for gate_of, secret in ((stepgate, environment), (other, other_environment)):
                holds(read(gate_of, secret)["method"] == "GET", "not signed in")

        with check("a token that the API forgot is its own 401, and a new sign-in takes its place"):
            stepgate.run_with_browser(agree, environment=environment)
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{provider.url}/forget", timeout=20).close()
            over = stepgate.run("call", "list_photos", "--parameter", "album=a", environment=environment, expect=1)
            contains(over.stdout, "token refused", over)
            stepgate.run_with_browser(agree, environment=environment)
            holds(read(stepgate, environment)["method"] == "GET", "not signed in")

        with check("without a token the client signs for itself, and nobody is asked"):
            alone, environment = gate("client-alone", "HMAC-SHA256", "header", WITHOUT_TOKEN.replace("/api/", "/signed/"))
            seen = read(alone, environment)
            holds(seen["signature_method"] == "HMAC-SHA256", seen)

        with check("no nonce was used twice, and nothing is stored in the clear"):
            holds("refused a nonce" not in provider.log(), provider.log())
            holds(not stepgate.stored_in_the_clear(), "the consumer's secret")


def agree(address):
    Browser().visit(address)


def comes_back(address):
    """Where the API sends the browser of who agrees, which does not go there."""
    status, location, page = Browser().request(address)
    if not location:
        raise Failed(f"no redirect: {status}\n{page}")
    return urllib.parse.urlsplit(location)


def refuse(address):
    Browser().visit(f"{address}&refuse=1")


def read(stepgate, environment):
    answer = stepgate.run("call", "list_photos", "--parameter", f"album={AWKWARD}", environment=environment)
    return json.loads(answer.stdout)
