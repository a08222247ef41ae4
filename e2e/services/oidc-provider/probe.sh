#!/usr/bin/env bash
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18101
B=http://127.0.0.1:$PORT; J=$(mktemp); C() { curl -s --max-time 20 -b "$J" -c "$J" "$@"; }
RU=${REDIRECT_URI:-http://127.0.0.1:9999/callback}
code() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
hop() { C -o /dev/null -w '%{http_code} %{redirect_url}' "$@"; }
expect "no auth GET /api/whoami" "$(code $B/api/whoami)" 401
expect "no auth GET /me" "$(code $B/me)" '400|401'
expect "authorize without PKCE is refused" "$(C -o /dev/null -w '%{redirect_url}' -G $B/auth -d client_id=web -d response_type=code -d scope=openid --data-urlencode redirect_uri=$RU -d state=s | grep -o 'error=invalid_request')" 'error=invalid_request'
V=$(head -c 40 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'); CH=$(printf %s "$V" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=\n')
login() { # login CLIENT -> sets CODE, ST
  : >"$J"; local r n=0 u; r=$(hop -G $B/auth -d client_id=$1 -d response_type=code --data-urlencode "scope=openid offline_access api:read" -d prompt=consent --data-urlencode redirect_uri=$RU -d state=st-42 -d code_challenge=$CH -d code_challenge_method=S256)
  while [ $n -lt 8 ]; do n=$((n+1)); u=${r#* }; case "$u" in
    "$RU"*) break;;
    */interaction/*) PG=$(C "$u"); PR=$(sed -n 's/.*name="prompt" value="\([a-z]*\)".*/\1/p' <<<"$PG" | head -1); echo "     page: prompt=$PR"
       r=$(hop -d "prompt=$PR" -d login=alice -d password=any "$(sed -n 's/.*<form[^>]*action="\([^"]*\)".*/\1/p' <<<"$PG" | head -1)");;
    *) r=$(hop "$u");; esac; done
  CODE=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$u"); ST=$(sed -n 's/.*[?&]state=\([^&]*\).*/\1/p' <<<"$u"); }
login web; have "code at redirect_uri" "$CODE"; expect "state returned" "$ST" st-42
expect "token with wrong code_verifier" "$(curl -s -u web:web-secret -d grant_type=authorization_code -d code=$CODE --data-urlencode redirect_uri=$RU -d code_verifier=${V}x $B/token | jq -r .error)" invalid_grant
login web; T=$(curl -s -u web:web-secret -d grant_type=authorization_code -d code=$CODE --data-urlencode redirect_uri=$RU -d code_verifier=$V $B/token)
A=$(jq -r '.access_token//empty' <<<"$T"); R=$(jq -r '.refresh_token//empty' <<<"$T"); X=$(jq -r .expires_in <<<"$T"); have access_token "$A"; have refresh_token "$R"; have id_token "$(jq -r '.id_token//empty' <<<"$T")"
expect "GET /api/whoami" "$(code -H "Authorization: Bearer $A" $B/api/whoami)" 200
expect "GET /me (userinfo)" "$(code -H "Authorization: Bearer $A" $B/me)" 200
T2=$(curl -s -u web:web-secret -d grant_type=refresh_token -d refresh_token=$R $B/token); A2=$(jq -r '.access_token//empty' <<<"$T2"); R2=$(jq -r '.refresh_token//empty' <<<"$T2")
have "refreshed access_token" "$A2"; [ "$R" != "$R2" ]; expect "refresh token rotated (0=yes)" $? 0
sleep $((X+1)); expect "expired after ${X}s: GET /api/whoami" "$(code -H "Authorization: Bearer $A2" $B/api/whoami)" 401
expect "expired: GET /me" "$(code -H "Authorization: Bearer $A2" $B/me)" 401
T3=$(curl -s -u web:web-secret -d grant_type=refresh_token -d refresh_token=$R2 $B/token); A3=$(jq -r '.access_token//empty' <<<"$T3"); R3=$(jq -r '.refresh_token//empty' <<<"$T3")
expect "after refresh: GET /api/whoami" "$(code -H "Authorization: Bearer $A3" $B/api/whoami)" 200
expect "replay of a spent refresh token" "$(curl -s -u web:web-secret -d grant_type=refresh_token -d refresh_token=$R $B/token | jq -r .error)" invalid_grant
expect "...and the whole grant is revoked: newest access token" "$(code -H "Authorization: Bearer $A3" $B/api/whoami)" 401
expect "...newest refresh token" "$(curl -s -u web:web-secret -d grant_type=refresh_token -d refresh_token=$R3 $B/token | jq -r .error)" invalid_grant
login public; expect "public client, PKCE only" "$(curl -s -d client_id=public -d grant_type=authorization_code -d code=$CODE --data-urlencode redirect_uri=$RU -d code_verifier=$V $B/token | jq -r .token_type)" Bearer
login webpost; expect "client_secret_post" "$(curl -s -d client_id=webpost -d client_secret=webpost-secret -d grant_type=authorization_code -d code=$CODE --data-urlencode redirect_uri=$RU -d code_verifier=$V $B/token | jq -r .token_type)" Bearer
M=$(curl -s -u machine:machine-secret -d grant_type=client_credentials -d scope=api:read $B/token | jq -r '.access_token//empty'); have "client_credentials token" "$M"
expect "client_credentials GET /api/whoami" "$(code -H "Authorization: Bearer $M" $B/api/whoami)" 200
expect "client_credentials wrong secret" "$(code -u machine:bad -d grant_type=client_credentials $B/token)" 401
rm -f "$J"; finish
