"""One-time passwords judged by pyotp and django-otp: every algorithm and length, and no code twice."""

import base64
import contextlib
import json
import re
import subprocess
import types
import urllib.request

from harness import EXAMPLES, HERE, Failed, Stepgate, holds
from server import python

NAME = "second-factor"
PASSWORD = "second-Pass1"
EXAMPLE = (EXAMPLES / "totp.yaml").read_text()
SEEDS = {"SHA1": b"1234567890" * 2, "SHA256": (b"1234567890" * 4)[:32], "SHA512": (b"1234567890" * 7)[:64]}


@contextlib.contextmanager
def factors(root):
    """The server of e2e/clients/second_factor.py."""
    log = root / "factors.log"
    with open(log, "ab") as errors:
        line = [python(), HERE / "clients" / "second_factor.py"]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise Failed(f"the second factor did not start\n{log.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def play(binary, root, report):
    def check(label):
        return report.check(NAME, label)

    with factors(root) as origin:

        def gate(judge, data=None, **keys):
            """The example with other keys, at one of the judges."""
            added = "".join(f"\n      {key}: {value}" for key, value in keys.items())
            definition = root / f"{judge}.yaml"
            definition.write_text(re.sub(r"(      secret: .*)", rf"\1{added}", EXAMPLE))
            service = types.SimpleNamespace(url=f"{origin}/{judge}")
            return Stepgate(binary, definition, service, root / f"data-{data or judge}", secrets=[PASSWORD])

        for algorithm, seed in SEEDS.items():
            for digits, period in ((6, 30), (8, 60), (7, 10)):
                with check(f"pyotp takes {digits} digits of {algorithm} for {period} s"):
                    totp = gate(f"pyotp-{algorithm}-{digits}-{period}", algorithm=algorithm, digits=digits, period=period)
                    totp.run("run", environment=kept(seed))
                    totp.run("call", "list_files", environment=kept(seed))

        with check("the whole otpauth address of an authenticator app says it all"):
            secret = encoded(SEEDS["SHA256"])
            address = f"otpauth://totp/x:robot?secret={secret}&algorithm=SHA256&digits=8&period=60"
            gate("pyotp-SHA256-8-60", data="otpauth").run("run", environment=kept(None, address))

        before = refused(origin)
        totp = gate("django", period=5)
        with check("django-otp takes each code once, and three sign-ins in a row send none twice"):
            for _ in range(3):
                totp.run("run", environment=kept(SEEDS["SHA1"]))
            holds(refused(origin) == before, f"{refused(origin) - before} codes were refused")

        with check("a code of another secret is refused, and sent once"):
            totp.run("run", expect=5, environment=kept(b"another secret of it"))
            holds(refused(origin) == before + 1, f"{refused(origin) - before} codes were refused")


def refused(origin):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{origin}/refused", timeout=20) as reply:
        return json.load(reply)


def encoded(seed):
    return base64.b32encode(seed).decode().rstrip("=")


def kept(seed, secret=None):
    """The connector's secrets, as the environment gives them."""
    return {"STEPGATE_SECRET_TOTP_PASSWORD": PASSWORD, "STEPGATE_SECRET_TOTP_TOTP_SECRET": secret or encoded(seed)}
