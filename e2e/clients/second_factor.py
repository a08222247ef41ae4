"""A second factor that other people's code judges: pyotp every algorithm and length, django-otp the codes it takes once.

    second_factor.py     prints its port

`POST /JUDGE/session` takes the password, `POST /JUDGE/session/1/proof` the code, where JUDGE is `django`, or
`pyotp-ALGORITHM-DIGITS-PERIOD`. `GET /refused` tells how many codes were refused.
"""

import base64
import contextlib
import hashlib
import http.server
import json
import re
import secrets
import threading

import pyotp
from django_otp.oath import TOTP

# The secrets of RFC 6238, appendix B, one for each algorithm.
SEEDS = {"SHA1": b"1234567890" * 2, "SHA256": (b"1234567890" * 4)[:32], "SHA512": (b"1234567890" * 7)[:64]}
PASSWORD = "second-Pass1"


class Factors:
    def __init__(self):
        self.lock = threading.Lock()
        self.alive, self.last, self.refused = set(), 0, 0

    def takes(self, judge, code):
        with self.lock:
            taken = self.by_django(code) if judge == "django" else self.by_pyotp(judge, code)
            self.refused += not taken
            return taken

    def by_django(self, code):
        """As its TOTPDevice does with no tolerance: each code counts once."""
        totp = TOTP(SEEDS["SHA1"], step=5)
        if not code.isdigit() or not totp.verify(int(code), tolerance=0, min_t=self.last + 1):
            return False
        self.last = totp.t()
        return True

    def by_pyotp(self, judge, code):
        _, algorithm, digits, period = judge.split("-")
        secret = base64.b32encode(SEEDS[algorithm]).decode()
        digest = getattr(hashlib, algorithm.lower())
        return pyotp.TOTP(secret, digits=int(digits), digest=digest, interval=int(period)).verify(code)


FACTORS = Factors()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/refused":
            return self.reply(200, FACTORS.refused)
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.reply(200 if token in FACTORS.alive else 401, ["a.txt"])

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        found = re.fullmatch(r"/([\w-]+)/session(/1/proof)?", self.path)
        if not found:
            return self.reply(404, {})
        if not found[2]:
            return self.reply(200 if sent["password"] == PASSWORD else 403, {"id": 1})
        if not FACTORS.takes(found[1], sent["code"]):
            return self.reply(403, {})
        token = secrets.token_urlsafe(24)
        FACTORS.alive.add(token)
        return self.reply(200, {"token": token, "expires_in": 3600})

    def reply(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


with contextlib.suppress(KeyboardInterrupt), http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
