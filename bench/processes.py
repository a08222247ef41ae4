"""The processes of a run: started where they should run, measured by /proc, stopped by their ids."""

import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent
WORK = pathlib.Path(os.environ.get("BENCH_DIR", "/tmp/stepgate-bench"))
TARGET = WORK / "target"
ANCHORS = TARGET / "release"
TICKS = os.sysconf("SC_CLK_TCK")


class Processes:
    """Everything that was started; the system under test is pinned to CPU 1, all else to CPU 0."""

    def __init__(self, pinned):
        self.pinned = pinned
        self.running = []

    def start(self, command, under_test=False, env=None, stdout=None):
        command = self.place(command, under_test)
        log = open(WORK / "log", "ab")
        process = subprocess.Popen(
            command, stdout=stdout or log, stderr=log, env={**os.environ, **(env or {})}, cwd=WORK
        )
        self.running.append(process)
        return process

    def place(self, command, under_test=False):
        command = [str(word) for word in command]
        return ["taskset", "-c", "1" if under_test else "0", *command] if self.pinned else command

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def family(pid):
    """The process and all below it."""
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in family(int(child)))]


def cpu_seconds(pid):
    """User and system time of the family, in seconds."""
    total = [0, 0]
    for member in family(pid):
        fields = pathlib.Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        total = [total[0] + int(fields[11]), total[1] + int(fields[12])]
    return total[0] / TICKS, total[1] / TICKS


def resident(pid):
    """Memory of the family in MiB, what is shared counted once."""
    total = 0
    for member in family(pid):
        text = pathlib.Path(f"/proc/{member}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])
    return round(total / 1024, 1)


def fill(template, **values):
    """A configuration of `conf/` with its places filled in."""
    text = (HERE / "conf" / f"{template}.in").read_text()
    for key, value in values.items():
        text = text.replace(f"@{key.upper()}@", str(value))
    return text


def nginx(name, include, workers, light=""):
    """The command of an nginx whose servers are those of `include`."""
    body = (HERE / "conf" / include).read_text().replace("@LIGHT@", light).replace("@TMP@", str(WORK))
    text = fill("nginx.conf", body=body, workers=workers, name=name, tmp=WORK)
    path = WORK / f"{name}.conf"
    path.write_text(text)
    return ["nginx", "-e", WORK / f"{name}.err", "-c", path]


def certificate():
    """A certificate for the encrypted upstream, made once."""
    if not (WORK / "upstream.crt").exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-addext", "basicConstraints=critical,CA:TRUE",
             "-keyout", WORK / "upstream.key", "-out", WORK / "upstream.crt"],
            check=True, capture_output=True,
        )


def pages():
    """What the upstream serves."""
    (WORK / "www").mkdir(parents=True, exist_ok=True)
    for name, size in (("1k", 1024), ("64k", 65536)):
        head, tail = '{"data":"', '"}'
        (WORK / "www" / f"{name}.json").write_text(head + "x" * (size - len(head) - len(tail)) + tail)
