"""An API with OAuth 1.0a, whose every decision is oauthlib's; everything is kept in memory.

The clients are those of `SECRETS`; the RSA key of each is that of the OAuth test cases. Nonces count once.
"""

import http.server
import json
import os
import pathlib
import sys
import urllib.parse

from cryptography.hazmat.primitives import serialization
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint, WebApplicationServer

# `plain` is for PLAINTEXT: what is called `oauth_…` in a query or form oauthlib decodes twice, signatures too.
SECRETS = {"photos": "photos secret+1/&", "plain": "plain-secret_1"}
KEY = pathlib.Path(os.environ["RSA_KEY"]).read_bytes()
PUBLIC_KEY = serialization.load_pem_private_key(KEY, None).public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
).decode()


class Memory(RequestValidator):
    """What is known: temporary credentials with their callbacks, tokens, nonces."""

    enforce_ssl = False
    client_key_length = (1, 64)
    nonce_length = (16, 64)
    timestamp_lifetime = int(os.environ.get("TIMESTAMP_SECONDS", "600"))
    dummy_client = dummy_request_token = dummy_access_token = "dummy"

    def __init__(self):
        super().__init__()
        self.requested, self.granted, self.nonces = {}, {}, set()

    def check_client_key(self, client_key):
        return True

    def check_nonce(self, nonce):
        return 16 <= len(nonce) <= 64

    def check_request_token(self, request_token):
        return True

    def check_access_token(self, request_token):
        return True

    def check_verifier(self, verifier):
        return True

    def validate_client_key(self, client_key, request):
        return client_key in SECRETS

    def get_client_secret(self, client_key, request):
        return SECRETS.get(client_key, "unknown")

    def get_rsa_key(self, client_key, request):
        return PUBLIC_KEY

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None, access_token=None):
        seen = (client_key, timestamp, nonce, request_token or access_token)
        fresh = seen not in self.nonces
        self.nonces.add(seen)
        if not fresh:
            log(f"refused a nonce that was used: {nonce}")
        return fresh

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or redirect_uri.startswith("http://127.0.0.1:")

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def verify_realms(self, token, realms, request):
        return True

    def save_request_token(self, token, request):
        self.requested[token["oauth_token"]] = {"secret": token["oauth_token_secret"], "callback": request.redirect_uri, "verifier": None}

    def get_request_token_secret(self, client_key, token, request):
        return self.requested.get(token, {}).get("secret", "unknown")

    def validate_request_token(self, client_key, token, request):
        return token in self.requested

    def verify_request_token(self, token, request):
        return token in self.requested

    def get_redirect_uri(self, token, request):
        return self.requested[token]["callback"]

    def save_verifier(self, token, verifier, request):
        self.requested[token]["verifier"] = verifier["oauth_verifier"]

    def validate_verifier(self, client_key, token, verifier, request):
        return verifier is not None and verifier == self.requested.get(token, {}).get("verifier")

    def invalidate_request_token(self, client_key, request_token, request):
        self.requested.pop(request_token, None)

    def save_access_token(self, token, request):
        self.granted[token["oauth_token"]] = token["oauth_token_secret"]

    def get_access_token_secret(self, client_key, token, request):
        return self.granted.get(token, "unknown")

    def validate_access_token(self, client_key, token, request):
        return token in self.granted


def unsigned(form):
    """A query or form without the protocol's parameters, which with PLAINTEXT are secrets."""
    return "&".join(pair for pair in form.split("&") if not pair.startswith("oauth_"))


def log(text):
    print(text, flush=True)


memory = Memory()
endpoints = WebApplicationServer(memory)
signed_only = SignatureOnlyEndpoint(memory)


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode(errors="replace")
        uri = f"http://{self.headers['host']}{self.path}"
        path = urllib.parse.urlsplit(self.path).path
        headers = dict(self.headers.items())
        if path == "/request_token":
            self.answer(*endpoints.create_request_token_response(uri, self.command, body, headers))
        elif path == "/authorize":
            self.authorize(uri)
        elif path == "/access_token":
            headers, body, status = endpoints.create_access_token_response(uri, self.command, body, headers, credentials={"user": "alice"})
            log(f"asked for an access token: {status}")
            self.answer(headers, body, status)
        elif path.startswith("/api/"):
            self.resource(*endpoints.validate_protected_resource_request(uri, self.command, body, headers), body)
        elif path.startswith("/signed/"):
            self.resource(*signed_only.validate_request(uri, self.command, body, headers), body)
        elif path == "/forget":
            memory.granted.clear()
            self.answer({}, "", 204)
        else:
            self.answer({}, "", 404)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def authorize(self, uri):
        """A person who agrees at once, or with `refuse` in the query does not."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(uri).query))
        token = query.get("oauth_token")
        if token not in memory.requested:
            return self.answer({}, "no such token", 400)
        if "refuse" in query:
            callback = memory.requested[token]["callback"]
            return self.answer({"Location": f"{callback}&oauth_token={token}&oauth_problem=user_refused"}, "", 302)
        headers, body, status = endpoints.create_authorization_response(uri, "GET", credentials={})
        return self.answer(headers, body, status)

    def resource(self, valid, request, body):
        if not valid:
            log(f"refused {self.command} {self.path}")
            return self.answer({}, "signature or token refused", 401)
        log(f"accepted {self.command} {request.signature_method}")
        path, _, query = self.path.partition("?")
        seen = {"method": self.command, "path": f"{path}?{unsigned(query)}", "signature_method": request.signature_method, "body": unsigned(body)}
        return self.answer({"Content-Type": "application/json"}, json.dumps(seen), 200)

    def answer(self, headers, body, status):
        body = (body or "").encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """The decisions are logged, not the requests, which hold secrets."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
