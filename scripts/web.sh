#!/usr/bin/env bash
# Builds the web page and the SDK into the target folder, where the server's build script finds it.
#   web.sh              does nothing where neither their sources nor their packages have changed
#   web.sh --if-there   also does nothing where npm is not there: the binary then says so in the page's place
# What was built before is kept where it is the same, so that Rust is not compiled again for nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/stepgate/target}
built=${STEPGATE_WEB:-$CARGO_TARGET_DIR/web}
stamp=$CARGO_TARGET_DIR/web.stamp

command -v npm >/dev/null 2>&1 || {
  echo "the web page is left out: it needs Node 20 with npm" >&2
  [ "${1:-}" = --if-there ]
  exit
}
mkdir -p "$built"
for package in web sdk; do
  packages=$(sha256sum "$package/package-lock.json")
  if [ "$(cat "$package/node_modules/.stamp" 2>/dev/null)" != "$packages" ]; then
    npm ci --prefix "$package" --silent --no-audit --no-fund
    printf '%s' "$packages" >"$package/node_modules/.stamp"
  fi
done
sources=$(find web sdk -name node_modules -prune -o -name dist -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && [ -f "$built/index.html" ]; then
  exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
STEPGATE_WEB=$fresh npm run --prefix web --silent build -- --logLevel warn
node sdk/build.mjs "$fresh"
if ! diff -rq "$fresh" "$built" >/dev/null; then
  rm -rf "$built"
  mkdir -p "$built"
  cp -r "$fresh"/. "$built"
fi
printf '%s' "$sources" >"$stamp"
