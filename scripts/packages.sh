# shellcheck shell=bash
# Installs Debian packages that are missing, as root or through sudo. Sourced, never run.

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_packages PACKAGE...: says nothing and does nothing when all are there.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  echo "installing ${missing[*]}" >&2
  as_root apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_command COMMAND PACKAGE...: for what may also have come from elsewhere than Debian.
need_command() {
  local command=$1
  shift
  command -v "$command" >/dev/null 2>&1 || need_packages "$@"
}
