#!/usr/bin/env bash
# Debian's mediawiki package on PHP's own web server and SQLite. Reading is closed to the anonymous.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18103}
stop_if_running
locked need_packages mediawiki php-cli php-sqlite3 php-mbstring php-xml php-intl curl
root=$(dirname "$(dpkg -L mediawiki | grep '/share/mediawiki/api.php$')")
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
