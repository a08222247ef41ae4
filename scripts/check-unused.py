#!/usr/bin/env python3
"""Refuses dependencies that no code names: each is compiled, licensed and trusted for nothing."""

import pathlib
import re
import sys
import tomllib

# Packages whose library has another name.
LIBRARY = {"md-5": "md5"}

# Named for what they switch on in others, not for an item of theirs.
SILENT = set()


def code(folder, shipped_only):
    """All Rust text of a crate; its tests folder left out where only what ships counts."""
    files = folder.rglob("*.rs")
    return "\n".join(
        path.read_text() for path in files if not (shipped_only and path.relative_to(folder).parts[0] == "tests")
    )


def unused(manifest):
    tables = tomllib.loads(manifest.read_text())
    for table, shipped_only in (("dependencies", True), ("dev-dependencies", False)):
        text = code(manifest.parent, shipped_only)
        for name in tables.get(table, {}):
            library = LIBRARY.get(name, name.replace("-", "_"))
            if name not in SILENT and not re.search(rf"\b{library}\b", text):
                yield f"{manifest}: {name} under [{table}] is named nowhere"


def main():
    manifests = sorted(pathlib.Path("crates").glob("*/Cargo.toml"))
    problems = [problem for manifest in manifests for problem in unused(manifest)]
    asked = {
        name
        for manifest in manifests
        for table in ("dependencies", "dev-dependencies")
        for name in tomllib.loads(manifest.read_text()).get(table, {})
    }
    offered = tomllib.loads(pathlib.Path("Cargo.toml").read_text())["workspace"]["dependencies"]
    problems += [f"Cargo.toml: {name} under [workspace.dependencies] is used by no crate" for name in sorted(set(offered) - asked)]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"dependencies: {len(offered)}, all of them used")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
