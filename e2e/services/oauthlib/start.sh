#!/usr/bin/env bash
# An API with OAuth 1.0a, made of oauthlib's own endpoints.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18105}
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
export RSA_KEY=${RSA_KEY:-$HERE/../../../fixtures/oauth1/oauth-test-cases.pkcs8.pem}
bg "$CACHE/venv/bin/python" -u -W ignore "$HERE/provider.py" "$PORT"
ready "http://127.0.0.1:$PORT/"
