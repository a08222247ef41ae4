#!/usr/bin/env bash
# Debian's MediaWiki on PHP's own web server and SQLite. Reading is closed to the anonymous.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18103}
stop_if_running
root=$CACHE/debian/usr/share/mediawiki
# Unpacked rather than installed: the package would bring a web server of its own, and start it.
install() {
  need_packages php-cli php-sqlite3 php-mbstring php-xml php-intl
  need_command curl curl
  [ -f "$CACHE/installed" ] && return
  rm -rf "$CACHE/debian" "$CACHE"/*.deb
  cd "$CACHE"
  apt-get download -qq mediawiki mediawiki-classes 2>/dev/null || {
    as_root apt-get update -qq
    apt-get download -qq mediawiki mediawiki-classes
  }
  for package in ./*.deb; do dpkg -x "$package" debian; done
  rm ./*.deb
  # What leads out of the folder once it is not installed.
  rm "$root/LocalSettings.php" "$root/config" "$root/extensions" "$root/images"
  ln -s extensions-core "$root/extensions"
  mkdir "$root/images"
  touch installed
}
locked install
if [ ! -f "$STATE/LocalSettings.php" ]; then
  mkdir -p "$STATE/db"
  php "$root/maintenance/install.php" --confpath "$STATE" --dbtype sqlite --dbpath "$STATE/db" --server "http://127.0.0.1:$PORT" \
    --scriptpath "" --pass 'service-Pass1' Service Alice >"$STATE/install.log" 2>&1 || {
    tail -20 "$STATE/install.log"
    exit 1
  }
  cat >>"$STATE/LocalSettings.php" <<'PHP'
$wgServer = "http://127.0.0.1:" . getenv("PORT");
$wgGroupPermissions['*']['read'] = false;
$wgGroupPermissions['*']['edit'] = false;
$wgObjectCacheSessionExpiry = (int)(getenv("SESSION_SECONDS") ?: 3600);
$wgExtendedLoginCookieExpiration = (int)(getenv("REMEMBER_SECONDS") ?: 180 * 86400);
$wgJobRunRate = 0;
PHP
fi
export PORT SESSION_SECONDS REMEMBER_SECONDS MW_CONFIG_FILE=$STATE/LocalSettings.php PHP_CLI_SERVER_WORKERS=2
bg php -S "127.0.0.1:$PORT" -t "$root"
ready "http://127.0.0.1:$PORT/api.php?format=json"
