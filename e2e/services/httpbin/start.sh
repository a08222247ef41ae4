#!/usr/bin/env bash
# httpbin, for its Digest with `auth-int`.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18107}
stop_if_running
install() {
  need_command curl curl
  python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
  cmp -s "$HERE/requirements.txt" "$CACHE/requirements.txt" && return
  rm -rf "$CACHE/venv"
  python3 -m venv "$CACHE/venv"
  "$CACHE/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$HERE/requirements.txt"
  cp "$HERE/requirements.txt" "$CACHE/requirements.txt"
}
locked install
bg "$CACHE/venv/bin/python" -u -W ignore -m flask --app httpbin run --port "$PORT"
ready "http://127.0.0.1:$PORT/status/204"
