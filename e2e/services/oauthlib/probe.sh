#!/usr/bin/env bash
# The whole sign-in by requests-oauthlib, a client that nobody here wrote.
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18105
exec "$CACHE/venv/bin/python" -W ignore "$HERE/probe.py" "http://127.0.0.1:$PORT" "$HERE/../../../fixtures/oauth1/oauth-test-cases.pkcs8.pem"
