"""What the scenarios are told with: a real service, the built binary, and checks that are counted.

Standard library alone, so that nothing has to be installed to run them.
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
SERVICES = HERE / "services"
SERVICES_CACHE = pathlib.Path(os.environ.get("SERVICES_CACHE", "~/.cache/stepgate/services")).expanduser()


class Failed(Exception):
    """A check did not hold; the rest of its scenario has no meaning."""


class Report:
    """Counts checks and prints one line for each."""

    def __init__(self):
        self.passed = 0
        self.told = []

    @contextlib.contextmanager
    def check(self, scenario, label):
        began = time.monotonic()
        try:
            yield
        except Failed as failure:
            self.fail(f"{scenario}: {label}", failure)
            raise
        self.passed += 1
        print(f"ok   {scenario}: {label} ({time.monotonic() - began:.1f} s)", flush=True)

    def fail(self, label, failure):
        """Tells a failure, unless the check that it happened in has told it."""
        if failure not in self.told:
            self.told.append(failure)
            print(f"FAIL {label}\n{indent(str(failure))}", flush=True)

    @property
    def failed(self):
        return len(self.told)


class Service:
    """One of the services of e2e/services, on a free port, in a folder of its own; a `with` block stops it at its end."""

    def __init__(self, name, home):
        self.name = name
        self.folder = SERVICES / name
        self.home = home
        self.state = home / name
        self.port = free_port()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, **settings):
        """Starts it; the settings are its environment, such as SESSION_SECONDS=5."""
        self._script("start.sh", {key: str(value) for key, value in settings.items()})

    def stop(self):
        self._script("stop.sh", {})

    def log(self):
        """All that the service has logged since its last start."""
        path = self.state / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _script(self, script, settings):
        environment = {**os.environ, "SERVICES_HOME": str(self.home), "PORT": str(self.port), **settings}
        done = subprocess.run(
            [self.folder / script], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        if done.returncode:
            raise Failed(f"{self.name}/{script} ended with {done.returncode}\n{done.stdout}")


class Outcome:
    """How a command ended, and what it printed."""

    def __init__(self, command, status, stdout, stderr):
        self.command = command
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    def __str__(self):
        return f"$ {self.command}\nexit {self.status}\n-- stdout\n{self.stdout}\n-- stderr\n{self.stderr}"


class Stepgate:
    """The binary with one definition, one service and one data folder."""

    def __init__(self, binary, definition, service, data, secrets=()):
        self.binary = binary
        self.definition = EXAMPLES / definition
        self.service = service
        self.data = data
        # Texts that no command may ever print, and no file may hold in the clear.
        self.secrets = list(secrets)

    def start(self, command, *arguments, environment=None, stdin=None):
        """Starts a command on the definition and does not wait for it. Nothing of it is a terminal."""
        line = [
            str(self.binary), *command.split(), str(self.definition), *arguments,
            "--data-dir", str(self.data), "--set", f"base_url={self.service.url}", "--allow-private", "127.0.0.0/8",
        ]
        process = subprocess.Popen(
            line, env={**clean_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        if stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
            process.stdin = None
        return process

    def end(self, process, expect, printed=""):
        """Waits for a started command and holds its exit status against the expected one (None: any).

        `printed` is what was read of its stderr before.
        """
        try:
            stdout, stderr = process.communicate(timeout=60)
        except subprocess.TimeoutExpired as hung:
            process.kill()
            stdout, stderr = process.communicate()
            raise Failed(f"did not end within 60 s: {' '.join(process.args)}\n{stdout}\n{stderr}") from hung
        stderr = printed + stderr
        outcome = Outcome(" ".join(process.args), process.returncode, stdout, stderr)
        if expect is not None and outcome.status != expect:
            raise Failed(f"expected exit {expect}\n{outcome}")
        for secret in self.secrets:
            if secret in stdout or secret in stderr:
                raise Failed(f"the secret {secret!r} was printed\n{outcome}")
        return outcome

    def run(self, command, *arguments, expect=0, environment=None, stdin=None):
        """Runs a command to its end."""
        return self.end(self.start(command, *arguments, environment=environment, stdin=stdin), expect)

    def run_with_browser(self, visit, environment=None, expect=0):
        """Runs the auth flow, and gives the address that it prints to `visit`, who comes back by the callback."""
        process = self.start("run", "--callback-port", "0", environment=environment)
        printed, address = [], None
        for line in process.stderr:
            printed.append(line)
            if found := re.fullmatch(r"\s+(https?://\S+)\s*", line):
                address = found[1]
                break
        if address is None:
            process.wait()
            raise Failed("no address was printed\n" + "".join(printed))
        # What is printed meanwhile must not fill the pipe.
        rest = threading.Thread(target=lambda: printed.extend(process.stderr))
        rest.start()
        try:
            visit(address)
        except Failed:
            process.kill()
            raise
        finally:
            rest.join(60)
        return self.end(process, expect, printed="".join(printed))

    def call(self, endpoint, expect=0, **parameters):
        """Calls a named endpoint."""
        given = [part for key, value in parameters.items() for part in ("--parameter", f"{key}={value}")]
        return self.run("call", endpoint, *given, expect=expect)

    def stored_in_the_clear(self):
        """Names of files in the data folder that hold one of the secrets as it is."""
        files = [path for path in self.data.rglob("*") if path.is_file()]
        return [
            path.name for path in files for secret in self.secrets if secret.encode() in path.read_bytes()
        ]


def clean_environment():
    """The environment less what would steer the binary from outside."""
    return {key: value for key, value in os.environ.items() if not key.startswith("STEPGATE_")}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(what, condition, limit=60):
    """Polls a condition of the outside world; `what` says which one did not come."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"waited {limit} s for: {what}")
        time.sleep(0.1)


def holds(condition, otherwise):
    if not condition:
        raise Failed(str(otherwise))


def contains(text, part, outcome):
    holds(part in text, f"{part!r} is not in the output\n{outcome}")


@contextlib.contextmanager
def folders():
    """A place for services and data folders that is gone afterwards."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="stepgate-e2e-"))
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def indent(text):
    return "\n".join(f"     {line}" for line in text.splitlines())
