"""`stepgate serve` as a scenario meets it: by HTTP alone, as an app's backend with its key."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.error
import urllib.request

from harness import EXAMPLES, Failed, clean_environment, wait_until

CACHE = pathlib.Path(os.environ.get("STEPGATE_E2E_CACHE", "~/.cache/stepgate/e2e")).expanduser()
PACKAGES = ["ariadne==1.1.1", "botocore==1.44.8", "django-otp==1.7.5", "mohawk==1.1.0", "mwclient==0.11.0", "prometheus_client==0.26.0", "pyotp==2.12.1", "pyspnego==0.12.4", "requests==2.32.5", "schemathesis==4.32.5"]


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status}\n{self.headers}\n{self.body[:2000].decode(errors='replace')}"


class Server:
    """A data folder, a folder of definitions, an app called `shop`, and the process that serves them."""

    def __init__(self, binary, root, definitions, environment=None):
        self.binary, self.data, self.folder = binary, root / "served", root / "connectors"
        self.environment = {**clean_environment(), **(environment or {})}
        self.folder.mkdir(parents=True)
        for name, base_url in definitions.items():
            if (EXAMPLES / f"{name}.yaml").exists():
                self.write(name, base_url)
        self.process, self.url, self.log = None, None, root / "serve.log"
        self.key = self.command("app", "create", "shop", "--connectors", ",".join(definitions)).strip()

    def write(self, name, base_url, change=lambda text: text, example=None):
        """Puts an example into the folder, for the service at `base_url`."""
        text = (EXAMPLES / f"{example or name}.yaml").read_text()
        text = re.sub(r"(?m)^base_url: .*$", f"base_url: {base_url}", text, count=1)
        (self.folder / f"{name}.yaml").write_text(change(text))

    def command(self, *words):
        line = [self.binary, *words, "--data-dir", self.data, "--allow-private", "127.0.0.0/8"]
        done = subprocess.run([str(word) for word in line], capture_output=True, text=True, env=self.environment)
        if done.returncode:
            raise Failed(f"{words} ended with {done.returncode}\n{done.stderr}")
        return done.stdout

    def start(self, listen="127.0.0.1:0"):
        line = [self.binary, "serve", "--listen", listen, "--connectors", self.folder,
                "--data-dir", self.data, "--allow-private", "127.0.0.0/8"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in line], stdout=subprocess.PIPE, stderr=log, env=self.environment, text=True
            )
        said = self.process.stdout.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            self.process.wait()
            raise Failed(f"the server did not start\n{said}\n{self.log.read_text()}")
        self.url = found[0].rstrip("/")

    def stop(self, how=signal.SIGTERM):
        """Ends it and waits for that; the status."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                return self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise Failed(f"the server did not stop\n{self.log.read_text()}") from None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Failed):
            self.stop()

    def headers(self, user="ana"):
        return {"Stepgate-Key": self.key, "Stepgate-User": user}

    def ask(self, method, path, body=None, headers=None, user="ana"):
        """A request as the app; nothing is followed, and no status is an error."""
        sent = {**self.headers(user), **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data=body, headers=sent, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())
        try:
            reply = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            return Answer(reply.status, reply.headers, reply.read())

    def sign_in(self, connector, *forms, user="ana"):
        """Starts a run and answers its forms in turn; the run as it ends."""
        run = self.settled(self.ask("POST", "/api/runs", {"connector": connector}, user=user), user)
        for form in forms:
            if run["state"] != "waiting":
                break
            run = self.settled(self.ask("POST", f"/api/runs/{run['id']}/answers", form, user=user), user)
        return run

    def settled(self, answer, user="ana"):
        """The run once it waits for somebody or has ended."""
        if answer.status >= 400:
            raise Failed(f"the run was refused\n{answer}")
        found = [answer.json()]

        def look():
            if found[0]["state"] == "working":
                found[0] = self.ask("GET", f"/api/runs/{found[0]['id']}", user=user).json()
            return found[0]["state"] != "working"

        wait_until("the run to settle", look)
        return found[0]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def python():
    """The Python that has the clients and tools nobody here wrote; installed once."""
    home = CACHE / "venv"
    mark = home / "installed"
    wanted = "\n".join(PACKAGES)
    if not mark.exists() or mark.read_text() != wanted:
        subprocess.run(["python3", "-m", "venv", "--clear", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
        mark.write_text(wanted)
    return home / "bin" / "python"
