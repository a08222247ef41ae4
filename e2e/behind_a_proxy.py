"""The settings of nginx and Caddy that docs/operating.md shows, tried as they stand there: with TLS, and all that streams."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import threading

from harness import Failed, clean_environment, free_port, holds, wait_until
from server import Server
from serving import tool

NAME = "behind-a-proxy"
DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs" / "operating.md"
HOST = "gate.example.org"
# Not the proxy's own address, so that it is a caller's.
CALLER = "127.0.0.2"
DEFINITION = """
stepgate: 1
connector: streams
base_url: {url}
auth_flow: {{ steps: [ {{ id: login, kind: api_request, request: {{ method: GET, url: "{{{{base_url}}}}/login" }} }} ] }}
"""


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    certificate = make_certificate(root)
    with Streams() as streams:
        for proxy in (Nginx, Caddy):
            home = root / proxy.__name__.lower()
            home.mkdir()
            tool(proxy.command, proxy.package)
            with Behind(binary, home, streams) as server, proxy(home, server, certificate) as front:
                through(front, server, streams, lambda label, name=home.name: check(f"{name}: {label}"))


def through(proxy, server, streams, check):
    with check("a call goes through, and its answer comes back"):
        holds(server.sign_in("streams")["state"] == "signed_in", "the sign-in failed")
        answer = proxy.ask("GET", "/proxy/streams/echo", server.headers())
        holds(answer[0] == 200 and json.loads(answer[2])["path"] == "/echo", answer)

    with check("an event is there before the next one is sent"):
        streams.more.clear()
        connection = proxy.connection()
        connection.request("GET", "/proxy/streams/events", headers={**server.headers(), "Accept": "text/event-stream"})
        reply = connection.getresponse()
        holds(reply.readline() == b"data: 1\n", "the first event did not come alone")
        streams.more.set()
        holds(b"data: 2\n" in reply.read(), "the second event did not come")

    with check("a WebSocket is opened, and bytes go both ways"):
        stream = proxy.socket()
        lines = [f"GET /proxy/streams/socket HTTP/1.1\r\nHost: {HOST}", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                 *(": ".join(pair) for pair in server.headers().items())]
        stream.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = until(stream, b"\r\n\r\n")
        holds(head.startswith(b"HTTP/1.1 101") and b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, head)
        stream.sendall(b"hello")
        holds(until(stream, b"hello"), "no echo")
        stream.close()

    with check("a large upload that waits for 100 Continue arrives whole"):
        body = bytes(3 << 20)
        stream = proxy.socket()
        lines = [f"POST /proxy/streams/upload HTTP/1.1\r\nHost: {HOST}", "Expect: 100-continue", "Connection: close",
                 f"Content-Length: {len(body)}", *(": ".join(pair) for pair in server.headers().items())]
        stream.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = until(stream, b"\r\n\r\n")
        holds(head.startswith(b"HTTP/1.1 100"), head)
        stream.sendall(body)
        rest = until(stream, b"}")
        holds(b" 200 " in rest and f'"length": {len(body)}'.encode() in rest, rest)

    with check("long headers pass, both ways"):
        answer = proxy.ask("GET", "/proxy/streams/echo", {**server.headers(), "X-Long": "a" * 40_000})
        holds(answer[0] == 200 and json.loads(answer[2])["long"] == 40_000, answer)
        answer = proxy.ask("GET", "/proxy/streams/long", server.headers())
        holds(answer[0] == 200 and len(answer[1]["X-Long"]) == 30_000, answer)

    with check("what a caller says of its own address is not believed"):
        # The waits grow from one second on, and a guess may take as long.
        guesses = [proxy.guess(number, {"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(20)]
        holds(guesses[:15] == [401] * 15 and 429 in guesses, guesses)
        others = [proxy.guess(number, {}, source="127.0.0.3") for number in range(20, 24)]
        holds(others == [401] * 4, others)

    with check("metrics are at their own address alone"):
        holds(proxy.ask("GET", "/metrics", {})[0] == 404, "they are public")
        wait_until("the calls to be counted", lambda: 'connector="streams"' in server.metrics())


class Behind(Server):
    """A server that has been told of its proxy."""

    def __init__(self, binary, root, streams):
        super().__init__(binary, root, {"streams": streams.url})
        (self.folder / "streams.yaml").write_text(DEFINITION.format(url=streams.url))
        self.port, self.metrics_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self, listen=None):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in (
                    self.binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--connectors", self.folder,
                    "--data-dir", self.data, "--allow-private", "127.0.0.0/8", "--public-url", f"https://{HOST}",
                    "--trusted-proxies", "127.0.0.1", "--metrics-listen", f"127.0.0.1:{self.metrics_port}")],
                stdout=subprocess.PIPE, stderr=log, env=self.environment, text=True)
        if "http://" not in self.process.stdout.readline():
            raise Failed(f"the server did not start\n{self.log.read_text()}")

    def metrics(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=10)
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()


class Proxy:
    """A proxy with the settings of the docs, on a port of its own."""

    def __init__(self, home, server, certificate):
        self.home, self.server, self.certificate, self.port = home, server, certificate, free_port()
        self.process = None

    def settings(self, language):
        """The block of the docs in this language, for this server."""
        found = re.search(rf"(?ms)^```{language}\n(.*?)^```", DOCS.read_text())
        return found[1].replace("127.0.0.1:8080", f"127.0.0.1:{self.server.port}")

    def launch(self, *words):
        log = open(self.home / "proxy.log", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**clean_environment(), "HOME": str(self.home), "PATH": os.environ["PATH"]}, cwd=self.home)

        def serves():
            if self.process.poll() is not None:
                raise Failed(f"the proxy has ended\n{(self.home / 'proxy.log').read_text()}")
            with contextlib.suppress(OSError):
                self.socket().close()
                return True

        wait_until("the proxy to serve", serves)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def socket(self, source=CALLER):
        context = ssl.create_default_context(cafile=self.certificate[0])
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(source, 0))
        return context.wrap_socket(plain, server_hostname=HOST)

    def connection(self, source=CALLER):
        connection = http.client.HTTPSConnection(HOST)
        connection.sock = self.socket(source)
        return connection

    def ask(self, method, path, headers, body=None, source=CALLER):
        connection = self.connection(source)
        connection.request(method, path, body=body, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()

    def guess(self, number, headers, source=CALLER):
        body = json.dumps({"login": f"login-{number}", "password": "wrong wrong wrong"})
        headers = {**headers, "Content-Type": "application/json"}
        return self.ask("POST", "/api/session", headers, body, source)[0]


class Nginx(Proxy):
    command, package = "nginx", "nginx-light"

    def __enter__(self):
        server = self.settings("nginx").replace(
            "listen 443 ssl;",
            f"listen 127.0.0.1:{self.port} ssl; ssl_certificate {self.certificate[0]}; "
            f"ssl_certificate_key {self.certificate[1]};")
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (self.home / name).mkdir()
        paths = " ".join(f"{name}_temp_path {self.home}/{'body' if name == 'client_body' else name};"
                         for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.home / "nginx.conf").write_text(
            f"daemon off; pid {self.home}/nginx.pid; error_log stderr;\nevents {{}}\n"
            f"http {{ access_log off; {paths}\n{server}}}\n")
        self.launch("nginx", "-p", self.home, "-c", self.home / "nginx.conf")
        return self


class Caddy(Proxy):
    command, package = "caddy", "caddy"

    def __enter__(self):
        site = self.settings("caddy").replace(
            f"{HOST} {{", f"https://{HOST}:{self.port} {{\n    tls {self.certificate[0]} {self.certificate[1]}", 1)
        (self.home / "Caddyfile").write_text(
            f"{{\n    admin off\n    auto_https disable_redirects\n    storage file_system {self.home}/storage\n}}\n{site}")
        self.launch("caddy", "run", "--adapter", "caddyfile", "--config", self.home / "Caddyfile")
        return self


class Streams:
    """An API that streams: events, a WebSocket, uploads and long headers, a connection each."""

    def __enter__(self):
        self.more = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                stream, _ = self.listener.accept()
                threading.Thread(target=self.answer, args=(stream,), daemon=True).start()

    def answer(self, stream):
        with stream, contextlib.suppress(OSError):
            head, _, body = until(stream, b"\r\n\r\n").partition(b"\r\n\r\n")
            line, *fields = head.decode().split("\r\n")
            headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
            path = line.split(" ")[1]
            if path == "/events":
                stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n")
                self.more.wait(20)
                stream.sendall(b"data: 2\n\n")
            elif path == "/socket":
                key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
                stream.sendall(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
                while some := stream.recv(4096):
                    stream.sendall(some)
            else:
                length = int(headers.get("content-length", 0))
                while len(body) < length:
                    body += stream.recv(1 << 16)
                told = json.dumps({"path": path, "length": len(body), "long": len(headers.get("x-long", ""))})
                long = f"X-Long: {'b' * 30_000}\r\n" if path == "/long" else ""
                stream.sendall((f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n{long}"
                                f"Content-Length: {len(told)}\r\n\r\n{told}").encode())


def until(stream, end):
    """Reads up to these bytes, and whatever came along."""
    read = b""
    while end not in read:
        some = stream.recv(1 << 16)
        if not some:
            return read
        read += some
    return read


def make_certificate(root):
    certificate, key = root / "certificate.pem", root / "key.pem"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate],
        capture_output=True, text=True)
    if done.returncode:
        raise Failed(done.stderr)
    return certificate, key
