#!/usr/bin/env bash
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18106
B=http://127.0.0.1:$PORT/status; code() { curl -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 20 "$@"; }
expect "without a password" "$(code "$B")" 401
expect "the challenge" "$(curl -si --noproxy '*' "$B" | tr -d '\r' | sed -n 's/^WWW-Authenticate: \(Digest realm="camera"\).*/\1/p')" 'Digest realm="camera"'
expect "Digest" "$(code --digest -u alice:digest-Pass1 "$B")" 200
expect "a wrong password" "$(code --digest -u alice:guess "$B")" 401
expect "Basic is not taken" "$(code -u alice:digest-Pass1 "$B")" 401
finish
