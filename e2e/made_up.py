"""The APIs that the teaching examples are written against, each as small as its example lets it be."""

import base64
import hashlib
import hmac
import http.server
import json
import re
import secrets
import threading
import time
import urllib.parse

PASSWORD = "made-up-Pass1"
DEVICE_SECRET = "printed-on-the-back"
API_KEY = "sk_madeup1"
CODE = "123456"
JWT_SECONDS = 4
TICKET_SECONDS = 6


class Request:
    """What a route reads."""

    def __init__(self, handler, arguments):
        self.path, _, query = handler.path.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query))
        self.headers = handler.headers
        self.arguments = arguments
        text = handler.rfile.read(int(handler.headers.get("content-length") or 0)).decode()
        kind = handler.headers.get("content-type", "")
        self.body = json.loads(text) if "json" in kind else dict(urllib.parse.parse_qsl(text))
        self.cookies = dict(
            part.strip().split("=", 1) for part in handler.headers.get("cookie", "").split(";") if "=" in part
        )


class Reply:
    def __init__(self, status, body=None, headers=(), kind="application/json"):
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
        self.headers = [("content-type", kind), *headers]


class Api:
    """One listener for all of them; `log` has every request, `end_sessions` what an hour does."""

    def __init__(self):
        self.alive = set()
        self.log = []
        self.approvals_asked = 0
        self.nonce = None
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                reply = api.answer(self)
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def end_sessions(self):
        self.alive.clear()

    def answer(self, handler):
        path = handler.path.partition("?")[0]
        self.log.append(f"{handler.command} {path}")
        for method, pattern, route in ROUTES:
            if method == handler.command and (found := re.fullmatch(pattern, path)):
                return route(self, Request(handler, found.groups()))
        return Reply(404, {"error": "no such path"})

    def token(self):
        token = secrets.token_urlsafe(24)
        self.alive.add(token)
        return token


ROUTES = []


def route(method, pattern):
    def register(function):
        ROUTES.append((method, pattern, function))
        return function

    return register


# api-key-basic.yaml
def has_key(request):
    expected = base64.b64encode(f"{API_KEY}:".encode()).decode()
    return request.headers.get("authorization") == f"Basic {expected}"


@route("GET", "/v1/account")
def account(_, request):
    return Reply(200 if has_key(request) else 401)


@route("GET", "/v1/charges")
def charges(_, request):
    return Reply(200 if has_key(request) else 401, {"asked": request.query})


# one-time-code.yaml
@route("POST", "/login")
def login(api, request):
    if request.body.get("pin") != PASSWORD:
        return Reply(403, {"error": "unknown"})
    customer = request.body["customer"]
    if customer == "plain":
        return Reply(200, {"customer": customer, **bank_session(api)})
    return Reply(202, {"customer": customer, "challenge": "ch/1"})


@route("POST", "/login/ch%2F1")
def proof(api, request):
    return Reply(200, bank_session(api)) if request.body.get("code") == CODE else Reply(400)


def bank_session(api):
    return {"token": api.token(), "renewal": "r-1", "seconds": "3600"}


@route("POST", "/renew")
def renew(api, request):
    return Reply(200, {"token": api.token()}) if request.body.get("renewal") == "r-1" else Reply(400)


@route("GET", "/accounts")
def accounts(api, request):
    return Reply(200 if request.headers.get("x-session") in api.alive else 401, ["main"])


# sms-code.yaml
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@route("GET", "/captcha")
def captcha(_, __):
    return Reply(200, PIXEL, headers=[("x-captcha", "c-1")], kind="image/png")


@route("POST", "/sms")
def start_sms(_, request):
    right = request.body == {"phone": "+49 170 1", "captcha": "c-1", "letters": "abcd"}
    return Reply(200, {"id": 1}) if right else Reply(403)


@route("POST", "/sms/1")
def send_sms(_, __):
    return Reply(200)


@route("POST", "/sms/1/proof")
def prove_sms(api, request):
    return Reply(200, {"token": api.token(), "phone": "+49 170 1"}) if request.body == {"code": CODE} else Reply(400)


@route("GET", "/parcels")
def parcels(api, request):
    return Reply(200 if request.headers.get("authorization", "")[7:] in api.alive else 401, ["p-1"])


# double-submit-body.yaml
@route("GET", "/session")
def shop(_, __):
    return Reply(200, headers=[("set-cookie", "XSRF-TOKEN=before; Path=/")])


@route("POST", "/session")
def shop_or_device(api, request):
    if "device" in request.body:
        return device_session(api, request)
    if request.body.get("_token") != "before" or request.body.get("password") != PASSWORD:
        return Reply(403)
    cookies = [("set-cookie", f"sid={api.token()}; Path=/; HttpOnly"), ("set-cookie", "XSRF-TOKEN=after; Path=/")]
    return Reply(200, headers=cookies)


@route("POST", "/cart")
def add_to_cart(api, request):
    if request.cookies.get("sid") not in api.alive:
        return Reply(302, headers=[("location", "/session/new")])
    return Reply(200 if request.body.get("_token") == "after" else 403, {"added": request.body})


# jwt-expiry.yaml
def jwt():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256'})}.{part({'exp': int(time.time()) + JWT_SECONDS})}.c2ln"


@route("POST", "/auth/token")
def warehouse(_, request):
    if request.body.get("password") != PASSWORD:
        return Reply(200, {"error": "unknown"})
    return Reply(200, {"tokens": {"access": jwt(), "refresh": "refresh-1"}})


@route("POST", "/auth/refresh")
def warehouse_refresh(_, request):
    return Reply(200, {"access": jwt()}) if request.body.get("refresh") == "refresh-1" else Reply(400)


def jwt_lives(request):
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token.count(".") != 2:
        return False
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["exp"] > time.time()


@route("GET", "/me")
def me(_, request):
    return Reply(200 if jwt_lives(request) else 401)


@route("GET", "/stock/(.+)")
def stock(_, request):
    return Reply(200 if jwt_lives(request) else 401, {"article": urllib.parse.unquote(request.arguments[0])})


# callback.yaml
@route("GET", "/connect")
def connect(_, request):
    back = urllib.parse.urlencode({"ticket": "t 1&2", "workspace": "ünit", "state": request.query["state"]})
    return Reply(302, headers=[("location", f"{request.query['return_to']}?{back}")])


@route("POST", "/connect/exchange")
def exchange(api, request):
    if request.body != {"ticket": "t 1&2", "workspace": "ünit"}:
        return Reply(400, request.body)
    return Reply(200, {"token": api.token(), "valid_until": int(time.time()) + TICKET_SECONDS})


@route("GET", "/api/contacts")
def contacts(api, request):
    return Reply(200 if request.query.get("token") in api.alive else 401, ["Ana"])


# js-signature.yaml
@route("POST", "/challenge")
def challenge(api, _):
    api.nonce = secrets.token_hex(8)
    return Reply(200, {"nonce": api.nonce})


def device_session(api, request):
    text = "\n".join([request.body["device"], api.nonce, request.body["time"]])
    expected = hmac.new(DEVICE_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.body["signature"]):
        return Reply(403)
    return Reply(200, {"session": api.token(), "ttl": "1h"})


@route("GET", "/readings")
def readings(api, request):
    return Reply(200 if request.headers.get("authorization", "")[7:] in api.alive else 401, [21.5])


# push-approval.yaml
@route("GET", "/companies")
def companies(_, __):
    return Reply(200, [{"value": "c1", "label": "Works Inc."}, {"value": "c2", "label": "Other Ltd."}])


@route("POST", "/companies/c2/approvals")
def approval(api, _):
    api.approvals_asked = 0
    return Reply(200, {"id": 7})


@route("GET", "/approvals/7")
def approval_state(api, _):
    api.approvals_asked += 1
    if api.approvals_asked < 2:
        return Reply(200, {"state": "pending"})
    return Reply(200, {"state": "approved", "token": api.token(), "expires_in": 3600, "person": 4, "name": "Ana"})


@route("GET", "/companies/c2/holidays")
def holidays(api, request):
    return Reply(200 if request.headers.get("authorization", "")[7:] in api.alive else 401, ["2030-01-01"])
