#!/usr/bin/env bash
# Every check, cheap ones first so that a mistake shows early; stops at the first that fails.
#   test.sh            all of them
#   test.sh STAGE...   only these: format house deny web clippy tests docs examples pages e2e
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/stepgate/target}
PATH="$(scripts/tools.sh --path):$PATH"
binary=$CARGO_TARGET_DIR/debug/stepgate

format() {
  cargo fmt --all --check
}

house() {
  python3 scripts/check-directions.py
  python3 scripts/check-files.py
  python3 scripts/check-attacks.py
  python3 scripts/check-unused.py
}

deny() {
  scripts/tools.sh cargo-deny
  cargo deny --locked --log-level error check bans licenses sources
}

# Before what compiles Rust: the page goes into the binary.
web() {
  scripts/web.sh
  cd web
  npm run --silent schema -- --check
  npm run --silent typecheck
  npm run --silent lint
  npm test --silent
  npm run --silent budgets
  cd ../sdk
  npm run --silent typecheck
  npm test --silent
}

clippy() {
  cargo clippy --locked --workspace --all-targets --quiet -- -D warnings
}

tests() {
  scripts/tools.sh cargo-nextest
  cargo nextest run --locked --workspace --no-fail-fast --cargo-quiet --status-level slow --final-status-level fail
}

docs() {
  local log
  log=$(mktemp)
  # A line for each of the many crates without such a test would bury the one that matters.
  cargo test --locked --workspace --doc --quiet >"$log" 2>&1 || {
    cat "$log"
    return 1
  }
  rm -f "$log"
  RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet
}

# The binary as it ships; the tests' own has the features of their dependencies too.
build() {
  cargo build --locked --quiet -p stepgate
}

examples() {
  build
  "$binary" check examples/*.yaml
}

# The page in a browser, served by the binary.
pages() {
  need_command chromium chromium
  scripts/web.sh
  build
  cd web
  STEPGATE=$binary npm run --silent pages
}

e2e() {
  build
  # shellcheck disable=SC2086 # a list of names
  STEPGATE=$binary python3 e2e/run ${SERVICES:-}
}

all=(format house deny web clippy tests docs examples pages e2e)
[ $# -gt 0 ] || set -- "${all[@]}"

summary=()
passed=0
finish() { # finish FAILED: what took how long, then the count
  printf '\n'
  printf '%s\n' "${summary[@]}"
  printf '\nchecks: %d passed, %d failed\n' "$passed" "$1"
}
for stage in "$@"; do
  printf '\n== %s\n' "$stage"
  began=$SECONDS
  # In a subshell of its own, `set -e` holds inside the stage.
  set +e
  (set -e; "$stage")
  status=$?
  set -e
  took=$((SECONDS - began))
  if [ "$status" -ne 0 ]; then
    summary+=("$(printf '%-10s failed after %4d s' "$stage" "$took")")
    finish 1
    exit "$status"
  fi
  summary+=("$(printf '%-10s ok           %4d s' "$stage" "$took")")
  passed=$((passed + 1))
done
finish 0
