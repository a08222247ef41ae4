#!/usr/bin/env python3
"""Holds the file rules of CONTRIBUTING.md.

A Rust file opens with `//!`, so that a reader knows at once what it is and
why; it has a noun for a name; and it stays under 500 lines, or says in its
opening why it does not.
"""

import pathlib
import sys

LIMIT = 500
REASON = f"Over {LIMIT} lines because"
EMPTY_NAMES = {"common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"}


def opening(lines):
    """The `//!` block that a file starts with."""
    block = []
    for line in lines:
        if not line.startswith("//!"):
            break
        block.append(line)
    return block


def problems(path):
    lines = path.read_text().splitlines()
    head = opening(lines)
    if not head:
        yield f"{path}:1: open with //! and one sentence on what it is and why"
    if len(lines) > LIMIT and not any(REASON in line for line in head):
        yield f"{path}: {len(lines)} lines; split it by noun, or say '//! {REASON} …' at its top"
    names = {path.stem, path.parent.name}
    for name in sorted(names & EMPTY_NAMES):
        yield f"{path}: '{name}' names nothing; call it after the noun it holds"


def main():
    files = sorted(path for path in pathlib.Path("crates").rglob("*.rs") if "target" not in path.parts)
    found = [problem for path in files for problem in problems(path)]
    for problem in found:
        print(problem)
    if not found:
        print(f"files: {len(files)} open with their purpose, none too long")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
