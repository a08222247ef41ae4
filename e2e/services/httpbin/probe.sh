#!/usr/bin/env bash
# curl answers `auth` alone; for `auth-int` it is asked what is asked for.
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18107
B=http://127.0.0.1:$PORT/digest-auth; code() { curl -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 20 "$@"; }
asked() { curl -si --noproxy '*' "$B/auth-int/alice/Pass-1/$1" | tr -d '\r' | sed -n "s/^WWW-Authenticate: Digest .*\($2\).*/\1/ip"; }
expect "without a password" "$(code "$B/auth-int/alice/Pass-1/SHA-256")" 401
expect "the protection" "$(asked SHA-256 'qop="auth-int"')" 'qop="auth-int"'
expect "the hash" "$(asked SHA-256 'algorithm=SHA-256')" 'algorithm=SHA-256'
expect "Digest with auth" "$(code --digest -u alice:Pass-1 "$B/auth/alice/Pass-1/SHA-256")" 200
expect "a wrong password" "$(code --digest -u alice:guess "$B/auth/alice/Pass-1/SHA-256")" 401
finish
