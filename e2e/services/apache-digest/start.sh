#!/usr/bin/env bash
# Apache with mod_auth_digest, which no package of Debian switches on by itself.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18106}
stop_if_running
install() {
  need_command curl curl
  [ -x /usr/sbin/apache2 ] || need_packages apache2-bin
}
locked install
mkdir -p "$STATE/site"
echo '{"state":"on"}' >"$STATE/site/status"
hash() { printf %s "$1" | md5sum | cut -d' ' -f1; }
for who in alice:digest-Pass1 bob:digest-Pass2; do
  user=${who%%:*}
  echo "$user:camera:$(hash "$user:camera:${who#*:}")"
done >"$STATE/users"
cat >"$STATE/apache.conf" <<CONF
ServerRoot /usr/lib/apache2
ServerName 127.0.0.1
Listen 127.0.0.1:$PORT
PidFile $STATE/apache.pid
DefaultRuntimeDir $STATE
Mutex file:$STATE default
ErrorLog $STATE/error.log
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authn_core_module modules/mod_authn_core.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_user_module modules/mod_authz_user.so
LoadModule auth_digest_module modules/mod_auth_digest.so
LoadModule authn_file_module modules/mod_authn_file.so
LoadModule mime_module modules/mod_mime.so
TypesConfig /dev/null
DocumentRoot $STATE/site
LogFormat "%u %s \"%r\" %{Authorization}i" who
CustomLog $STATE/access.log who
<Location />
  ForceType application/json
  AuthType Digest
  AuthName camera
  AuthDigestDomain /
  AuthDigestProvider file
  AuthUserFile $STATE/users
  AuthDigestNonceLifetime ${NONCE_SECONDS:-300}
  Require valid-user
</Location>
CONF
bg /usr/sbin/apache2 -d /usr/lib/apache2 -f "$STATE/apache.conf" -DFOREGROUND
ready "http://127.0.0.1:$PORT/status"
