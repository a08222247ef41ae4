#!/usr/bin/env bash
# httpbin, for its Digest with `auth-int`.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18107}
stop_if_running
locked python_packages
bg "$CACHE/venv/bin/python" -u -W ignore -m flask --app httpbin run --port "$PORT"
ready "http://127.0.0.1:$PORT/status/204"
