#!/usr/bin/env python3
"""An API that takes only what somebody else's code would have signed the same: botocore for AWS, mohawk for Hawk, the
standard library for a declared HMAC. Prints its address, then serves until it is ended.

    signature_judge.py CREDENTIALS      JSON: aws {id, key, token, service, region}, hawk {id, key}, hmac {id, key}
"""

import base64
import hashlib
import hmac
import http.server
import json
import sys
import threading
import time
import urllib.parse

import mohawk
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AGE = 60


class Refused(Exception):
    pass


class Judge:
    def __init__(self, credentials):
        self.known = credentials
        self.nonces = set()
        self.lock = threading.Lock()

    def once(self, nonce):
        """Whether a nonce was seen before."""
        with self.lock:
            seen = nonce in self.nonces
            self.nonces.add(nonce)
        return seen

    def judge(self, request):
        kind = request.path.split("/")[1]
        return {"aws": self.aws, "s3": self.aws, "hawk": self.hawk, "hmac": self.declared}[kind](request)

    def declared(self, request):
        who = self.known["hmac"]
        headers = request.headers
        text = "\n".join([
            request.command, request.path, headers["x-timestamp"], headers["x-nonce"], hashlib.sha256(request.body).hexdigest(),
        ])
        mac = base64.b64encode(hmac.digest(who["key"].encode(), text.encode(), "sha256")).decode()
        same(headers.get("authorization"), f"HMAC {who['id']}:{mac}")
        if abs(time.time() - int(headers["x-timestamp"])) > AGE:
            raise Refused("the time is off")
        if self.once(headers["x-nonce"]):
            raise Refused("the nonce was used before")

    def hawk(self, request):
        who = {**self.known["hawk"], "algorithm": "sha256"}
        try:
            mohawk.Receiver(
                lambda _: who, request.headers["authorization"], f"http://{request.headers['host']}{request.path}", request.command,
                content=request.body, content_type=request.headers.get("content-type", ""),
                seen_nonce=lambda _, nonce, __: self.once(nonce), timestamp_skew_in_seconds=AGE,
            )
        except (mohawk.exc.HawkFail, KeyError) as error:
            raise Refused(repr(error)) from error

    def aws(self, request):
        who = self.known["aws"]
        credentials = Credentials(who["id"], who["key"], who.get("token"))
        is_s3 = request.path.startswith("/s3/")
        service, region = "s3" if is_s3 else who["service"], who["region"]
        url = f"http://{request.headers['host']}{request.path}"
        path, _, query = request.path.partition("?")
        given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        in_query = "X-Amz-Signature" in given
        if in_query:
            signed, found, at = given["X-Amz-SignedHeaders"], given["X-Amz-Signature"], given["X-Amz-Date"]
            url = url.replace(f"&X-Amz-Signature={found}", "")
        else:
            fields = dict(part.strip().split("=", 1) for part in request.headers["authorization"].split(" ", 1)[1].split(","))
            signed, found, at = fields["SignedHeaders"], fields["Signature"], request.headers["x-amz-date"]
            token = request.headers.get("x-amz-security-token")
            same(token, who.get("token"))
        names = [name for name in signed.split(";") if name != "host"]
        ours = AWSRequest(request.command, url, headers={name: request.headers[name] for name in names}, data=request.body)
        ours.context["timestamp"] = at
        if in_query:
            auth = (S3SigV4QueryAuth if is_s3 else SigV4QueryAuth)(credentials, service, region)
        else:
            auth = (S3SigV4Auth if is_s3 else SigV4Auth)(credentials, service, region)
        canonical = auth.canonical_request(ours)
        expected = auth.signature(auth.string_to_sign(ours, canonical), ours)
        if found != expected:
            raise Refused(f"{found} is not the signature of\n{canonical}")


def same(found, expected):
    if found != expected:
        raise Refused(f"{found!r} is not {expected!r}")


def main():
    judge = Judge(json.loads(sys.argv[1]))

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self):
            self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                judge.judge(self)
                status, said = 200, {"ok": True}
            except (Refused, KeyError, IndexError, AttributeError, TypeError) as refused:
                status, said = 403, {"refused": str(refused)}
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
