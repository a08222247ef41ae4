#!/usr/bin/env bash
# Puts the cargo tools of tools.txt where the checks find them, unless they are on the PATH already.
#   tools.sh cargo-nextest cargo-deny    install what is missing
#   tools.sh --path                      print the folder that they are in
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=${STEPGATE_TOOLS:-$HOME/.cache/stepgate/tools}
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"

if [ "${1:-}" = --path ]; then
  echo "$home/bin"
  exit
fi

wheel() { # from the hash-pinned wheel: seconds
  [ -x "$home/bin/python" ] || {
    python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
    python3 -m venv "$home"
  }
  grep "toolchain-$1==" "$here/tools.txt" >"$home/$1.txt"
  "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r "$home/$1.txt"
}

build() { # from source, as fast as it compiles: minutes
  local version
  version=$(sed -n "s/.*toolchain-$1==\([0-9.]*\).*/\1/p" "$here/tools.txt")
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_INCREMENTAL=0 \
    cargo install --locked --debug --root "$home" --target-dir "$home/build" --version "$version" "$1"
  rm -rf "$home/build"
}

mkdir -p "$home"
exec 9>"$home/lock"
flock 9
for tool in "$@"; do
  command -v "$tool" >/dev/null 2>&1 && continue
  [ -x "$home/bin/$tool" ] && continue
  echo "installing $tool into $home" >&2
  wheel "$tool" || build "$tool"
done
