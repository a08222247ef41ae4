# shellcheck shell=bash
# Shared by every start.sh, stop.sh and probe.sh here. Sourced, never run.
#   SERVICES_HOME   state of the running services (data, log, pid): one folder for each set that runs at a time
#   SERVICES_CACHE  what was installed for them, shared by all sets
HERE=$(cd "$(dirname "$0")" && pwd)
NAME=$(basename "$HERE")
STATE=${SERVICES_HOME:-/tmp/stepgate-services}/$NAME
CACHE=${SERVICES_CACHE:-$HOME/.cache/stepgate/services}/$NAME
PIDFILE=$STATE/pid
mkdir -p "$STATE" "$CACHE"
# shellcheck source=scripts/packages.sh
. "$HERE/../../../scripts/packages.sh"

running() { [ -s "$PIDFILE" ] && kill -0 "$(cat "$PIDFILE")" 2>/dev/null; }

stop_if_running() { if running; then
  echo "$NAME already running"
  exit 0
fi; }

locked() { # locked COMMAND...: one install at a time, however many sets start
  (
    flock 9
    "$@"
  ) 9>"$CACHE/lock"
}

python_packages() { # those of requirements.txt, in $CACHE/venv; nothing where they are there
  need_command curl curl
  python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
  cmp -s "$HERE/requirements.txt" "$CACHE/requirements.txt" && return
  rm -rf "$CACHE/venv"
  python3 -m venv "$CACHE/venv"
  "$CACHE/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$HERE/requirements.txt"
  cp "$HERE/requirements.txt" "$CACHE/requirements.txt"
}

bg() { # bg COMMAND...: in a session of its own, so that stop.sh can end the whole group
  if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
    echo "$NAME: something else listens on port $PORT; choose another with PORT="
    exit 1
  fi
  setsid "$@" >"$STATE/log" 2>&1 </dev/null &
  echo $! >"$PIDFILE"
  echo "$PORT" >"$STATE/port"
}

end() { # the process group that bg started, by its pid file, and nothing else
  if running; then
    local pid
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
}

ready() { # ready URL: any HTTP answer counts
  for _ in $(seq 1 150); do
    if ! running; then
      echo "$NAME died:"
      tail -20 "$STATE/log"
      exit 1
    fi
    # By whatever certificate: whom it is by is for the scenario to say.
    if curl -sk --noproxy '*' -o /dev/null --max-time 3 "$1"; then
      echo "$NAME ready on $1 (pid $(cat "$PIDFILE"))"
      return 0
    fi
    sleep 0.2
  done
  echo "$NAME not ready:"
  tail -20 "$STATE/log"
  exit 1
}

# For probes.
port() { PORT=${PORT:-$(cat "$STATE/port" 2>/dev/null || echo "$1")}; }
FAILS=0
expect() { # expect LABEL GOT WANT, the last a regular expression
  if [[ "$2" =~ ^($3)$ ]]; then echo "ok   $1: $2"; else
    echo "FAIL $1: got '$2' want '$3'"
    FAILS=$((FAILS + 1))
  fi
}
have() { # have LABEL VALUE: it is not empty
  if [ -n "$2" ]; then echo "ok   $1: ${2:0:24}"; else
    echo "FAIL $1: empty"
    FAILS=$((FAILS + 1))
  fi
}
finish() {
  echo "$NAME: $FAILS failed"
  [ "$FAILS" = 0 ]
  exit $?
}
