"""An HTTP server behind NTLM, whose proofs pyspnego checks; who signs a connection in is whoever speaks on it later.

    ntlm_acceptor.py [CERTIFICATE_AND_KEY]     prints its port; NTLM_USER_FILE names the accounts

With a certificate it speaks TLS and insists on the channel binding (RFC 5929).
"""

import base64
import hashlib
import http.server
import json
import ssl
import sys

import spnego
from spnego.channel_bindings import GssChannelBindings


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bindings = None
    context = None
    user = None

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme == "NTLM":
            self.user = None
            return self.accept(base64.b64decode(token), body)
        if self.user:
            return self.welcome(body)
        return self.reply(401, {}, "NTLM")

    def accept(self, token, body):
        if self.context is None:
            # Only what is written here in Python: no system library has a say.
            self.context = spnego.server(
                protocol="ntlm", channel_bindings=self.bindings, options=spnego.NegotiateOptions.use_ntlm
            )
        try:
            answer = self.context.step(token)
        except spnego.exceptions.SpnegoError as error:
            print(error, file=sys.stderr, flush=True)
            self.context = None
            return self.reply(401, {}, "NTLM")
        if not self.context.complete:
            return self.reply(401, {}, f"NTLM {base64.b64encode(answer).decode()}")
        self.user, self.context = self.context.client_principal, None
        return self.welcome(body)

    def welcome(self, body):
        self.reply(200, {"user": self.user, "body": body, "connection": self.client_address[1]})

    def reply(self, status, value, challenge=None):
        text = json.dumps(value).encode()
        self.send_response(status)
        if challenge:
            self.send_header("www-authenticate", challenge)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def main(certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with open(certificate) as file:
            pem = file.read()
        begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
        der = ssl.PEM_cert_to_DER_cert(pem[pem.index(begin) : pem.index(end) + len(end)])
        binding = b"tls-server-end-point:" + hashlib.sha256(der).digest()
        Handler.bindings = GssChannelBindings(application_data=binding)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
