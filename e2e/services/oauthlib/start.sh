#!/usr/bin/env bash
# An API with OAuth 1.0a, made of oauthlib's own endpoints.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18105}
stop_if_running
locked python_packages
export RSA_KEY=${RSA_KEY:-$HERE/../../../fixtures/oauth1/oauth-test-cases.pkcs8.pem}
bg "$CACHE/venv/bin/python" -u -W ignore "$HERE/provider.py" "$PORT"
ready "http://127.0.0.1:$PORT/"
