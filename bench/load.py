"""The load generators, and what they report."""

import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request

from processes import ANCHORS


def ready(url, headers, tries=150):
    """Waits until the address answers; the status."""
    for _ in range(tries):
        try:
            return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    return None


def closed_loop(processes, url, headers, seconds, connections=64):
    """wrk: as many calls as the target takes on kept-alive connections."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    said = subprocess.run(processes.place([*command, url]), capture_output=True, text=True, check=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: (.*)", said)
    return {
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "p50_ms": milliseconds(re.search(r"^ +50%\s+(\S+)", said, re.M)[1]),
        "p99_ms": milliseconds(re.search(r"^ +99%\s+(\S+)", said, re.M)[1]),
        "calls": int(re.search(r"(\d+) requests in", said)[1]),
        "not_2xx": int(bad[1]) if bad else 0,
        "socket_errors": broken[1] if broken else None,
    }


def open_loop(processes, url, headers, rate, seconds=8):
    """A fixed rate; the time counts from when a call was due, so that a stall is charged to all it delayed."""
    env = {**os.environ, "URL": url, "RATE": str(rate), "DUR": str(seconds), "HEADER": lines(headers)}
    command = processes.place([ANCHORS / "openloop"])
    return json.loads(subprocess.run(command, capture_output=True, text=True, env=env, check=True).stdout)


def lines(headers):
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
