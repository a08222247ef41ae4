#!/usr/bin/env python3
"""Refuses snapshots that no test reads any more.

insta writes the path of each snapshot that a test compares with into a file;
whatever else is kept under crates/ is left over from a test that is gone.
"""

import pathlib
import sys


def main(references):
    read = {pathlib.Path(line).resolve() for line in pathlib.Path(references).read_text().splitlines() if line}
    kept = {path.resolve() for path in pathlib.Path("crates").rglob("*.snap")}
    left = sorted(kept - read)
    for path in left:
        print(f"{path.relative_to(pathlib.Path.cwd())}: no test reads this snapshot; delete it")
    if not left:
        print(f"snapshots: {len(kept)}, each read by a test")
    return bool(left)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
