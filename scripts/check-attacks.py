#!/usr/bin/env python3
"""Holds SECURITY.md against the tests: a threat that it says is defended has a test named after its number."""

import pathlib
import re
import sys

ROW = re.compile(r"^\| ([0-9][0-9, ]*) \|")
TEST = re.compile(r"(?:fn |test\(')attack_([0-9]+(?:_and_[0-9]+)*)_")


def sources():
    """Where tests are: of Rust, and of pages in a browser."""
    yield from pathlib.Path("crates").rglob("*.rs")
    yield from pathlib.Path("web/e2e").rglob("*.ts")


def main():
    claimed = {
        int(number)
        for line in pathlib.Path("SECURITY.md").read_text().splitlines()
        if (row := ROW.match(line))
        for number in row[1].split(",")
    }
    tried = {
        int(number)
        for path in sources()
        for test in TEST.findall(path.read_text())
        for number in test.split("_and_")
    }
    problems = [f"SECURITY.md: {number} has no test attack_{number}_…" for number in sorted(claimed - tried)]
    problems += [f"attack_{number}_… is tested, but not in SECURITY.md" for number in sorted(tried - claimed)]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"attacks: {len(claimed)} in SECURITY.md, each with a test")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
