#!/usr/bin/env bash
# Ends the process group that start.sh started, by its pid file, and nothing else.
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
if running; then
  pid=$(cat "$PIDFILE")
  kill -- "-$pid" 2>/dev/null || kill "$pid"
  for _ in $(seq 1 50); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -0 "$pid" 2>/dev/null && kill -9 -- "-$pid"
  echo "$NAME stopped"
else
  echo "$NAME not running"
fi
rm -f "$PIDFILE"
