#!/usr/bin/env python3
"""Holds the lines that ARCHITECTURE.md draws between the crates.

Dependencies point one way; a library that belongs to one crate is named by no
other; and only `outbound` opens a connection, so that no request can pass by
the egress policy. Listeners (the callback of a browser step, the
demonstration API) accept connections and are no exception to that.
"""

import json
import pathlib
import re
import subprocess
import sys

# The picture: each crate and the ones it leans on. What those lean on is allowed with them.
PICTURE = {
    "secret": [],
    "template": ["secret"],
    "model": ["template"],
    "outbound": ["secret"],
    "script": ["secret"],
    "flow": ["outbound", "script", "model"],
    "store": ["model"],
    "sso": ["outbound", "model"],
    "connection": ["flow", "store", "sso"],
    "gateway": ["connection", "outbound"],
    "server": ["gateway", "connection"],
    "stepgate": ["server", "gateway"],
    "testkit": [],
}

# Crates of the workspace that nothing shipped may depend on.
DEV_ONLY = {"testkit"}

# Libraries with one owner.
OWNED = {
    "axum": "server",
    "rusqlite": "store",
    "tokio-postgres": "store",
    "rquickjs": "script",
}

# What opens a connection or resolves a name, and where alone it may stand. A `TcpSocket` can also listen,
# so it is its `connect` that gives a connection away, whatever the socket was called by then.
CONNECTING = re.compile(
    r"TcpStream::connect|TcpSocket::connect|\.connect\(|UdpSocket|UnixStream|UnixDatagram|TlsConnector|lookup_host"
    r"|to_socket_addrs|ToSocketAddrs|client::conn\b|client::legacy"
)
MAY_CONNECT = {"outbound", "testkit"}


def closure(name):
    """Every crate that `name` may know."""
    known, open_ends = set(), list(PICTURE[name])
    while open_ends:
        crate = open_ends.pop()
        if crate not in known:
            known.add(crate)
            open_ends += PICTURE[crate]
    return known


def manifest_problems(packages):
    members = {package["name"] for package in packages}
    for package in packages:
        name = package["name"]
        if name not in PICTURE:
            yield f"{name}: not in the picture; add it to PICTURE and to ARCHITECTURE.md"
            continue
        allowed = closure(name)
        for dependency in package["dependencies"]:
            other, dev = dependency["name"], dependency["kind"] == "dev"
            if other in members and other not in allowed and not (dev and other in DEV_ONLY):
                yield f"{name} depends on {other}: against the direction of the picture"
            if OWNED.get(other, name) != name:
                yield f"{name} depends on {other}: only {OWNED[other]} may"


def shipped_lines(text):
    """The lines of a file before its tests, less comments, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#[cfg(test)]"):
            return
        yield number, line.split("//", 1)[0]


def source_problems(packages):
    for package in packages:
        if package["name"] in MAY_CONNECT:
            continue
        source = pathlib.Path(package["manifest_path"]).parent / "src"
        for path in sorted(source.rglob("*.rs")):
            if path.name == "tests.rs" or "tests" in path.relative_to(source).parts:
                continue
            for number, line in shipped_lines(path.read_text()):
                if found := CONNECTING.search(line):
                    yield f"{path.relative_to(pathlib.Path.cwd())}:{number}: {found.group()}: only outbound opens connections"


def main():
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"],
            check=True, stdout=subprocess.PIPE,
        ).stdout
    )
    packages = metadata["packages"]
    problems = [*manifest_problems(packages), *source_problems(packages)]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"directions: {len(packages)} crates point one way")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
