"""Stepgate as the system under test: its data folder, connectors, app and users."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.request

from processes import HERE, WORK

BINARY = pathlib.Path(os.environ.get("STEPGATE", WORK / "target" / "release" / "stepgate"))
USER = "u1"


class Gateway:
    """A running `stepgate serve` with the bench's connectors and an app called `bench`."""

    def __init__(self, processes, threads):
        self.data, self.definitions = WORK / "data", WORK / "connectors"
        for folder in (self.data, self.definitions):
            shutil.rmtree(folder, ignore_errors=True)
        self.definitions.mkdir(parents=True)
        for name, text in definitions().items():
            (self.definitions / f"{name}.yaml").write_text(text)
        names = ",".join(definitions())
        self.key = self.run("app", "create", "bench", "--connectors", names).strip()
        self.command = [BINARY, "serve", *self.common(), "--listen", "127.0.0.1:0",
                        "--connectors", self.definitions, "--threads", threads]
        self.processes = processes
        self.start()

    def start(self, wrapper=()):
        started = time.monotonic()
        self.process = self.processes.start([*wrapper, *self.command], under_test=True, stdout=subprocess.PIPE)
        said = self.process.stdout.readline().decode()
        self.startup_ms = round((time.monotonic() - started) * 1000, 1)
        self.url = re.search(r"http://\S+", said)[0].rstrip("/")
        self.pid = self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def restart(self, wrapper=()):
        """The same data, and nothing in memory of what was done before."""
        self.stop()
        self.start(wrapper)

    def copy_connections(self, count):
        """So many rows like the last one. Nobody could open them: what is sealed is bound to its row."""
        with sqlite3.connect(self.data / "stepgate.db") as database:
            names = [row[1] for row in database.execute("PRAGMA table_info(connections)")]
            row = dict(zip(names, database.execute("SELECT * FROM connections LIMIT 1").fetchone()))
            rows = ({**row, "id": f"c_copy{number:017}", "owner": f"bench/copy{number}"} for number in range(count))
            marks = ",".join(f":{name}" for name in names)
            database.executemany(f"INSERT INTO connections VALUES ({marks})", rows)

    def common(self):
        return ["--data-dir", self.data, "--allow-private", "127.0.0.0/8", "--ca-file", WORK / "upstream.crt"]

    def run(self, *words):
        command = [BINARY, *words, *self.common()]
        return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout

    def headers(self, user=USER):
        return {"Stepgate-Key": self.key, "Stepgate-User": user}

    def sign_in(self, connector, user=USER):
        """A flow run over HTTP; the bench's flows need no person, so it ends by itself."""
        run = self.post("/api/runs", {"connector": connector}, user)
        while run["state"] in ("working", "waiting"):
            time.sleep(0.02)
            run = self.get(f"/api/runs/{run['id']}", user)
        if run["state"] != "signed_in":
            raise SystemExit(f"the sign-in to {connector} ended in {run}")

    def post(self, path, body, user=USER):
        headers = {**self.headers(user), "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        return json.load(urllib.request.urlopen(request, timeout=30))

    def get(self, path, user=USER):
        request = urllib.request.Request(self.url + path, headers=self.headers(user))
        return json.load(urllib.request.urlopen(request, timeout=30))


def definitions():
    """The connectors: the plain API, the same encrypted, and the one whose session ends on demand."""
    api = (HERE / "conf" / "api.yaml.in").read_text()
    return {
        "plain": api.replace("@NAME@", "plain").replace("@BASE_URL@", "http://127.0.0.1:18080"),
        "encrypted": api.replace("@NAME@", "encrypted").replace("@BASE_URL@", "https://localhost:18443"),
        "storm": (HERE / "conf" / "storm.yaml.in").read_text(),
    }
