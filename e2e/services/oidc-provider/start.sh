#!/usr/bin/env bash
# npm's oidc-provider (a certified OpenID Provider) with its own login and consent pages.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18101}
stop_if_running
install() {
  need_command curl curl
  cmp -s "$HERE/package-lock.json" "$CACHE/installed.json" && return
  cp "$HERE/package.json" "$HERE/package-lock.json" "$CACHE/"
  (cd "$CACHE" && npm ci --loglevel error --no-update-notifier --no-audit --no-fund >/dev/null)
  cp "$HERE/package-lock.json" "$CACHE/installed.json"
}
locked install
cp "$HERE/op.mjs" "$HERE/client-key.json" "$CACHE/"
export PORT ACCESS_SECONDS=${ACCESS_SECONDS:-5} REDIRECT_URIS=${REDIRECT_URIS:-http://127.0.0.1/callback}
bg node "$CACHE/op.mjs"
ready "http${TLS:+s}://127.0.0.1:$PORT/.well-known/openid-configuration"
