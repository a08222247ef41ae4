#!/usr/bin/env bash
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18103
B=http://127.0.0.1:$PORT; A=$B/api.php; J=$(mktemp); C() { curl -s --max-time 40 -b "$J" -c "$J" "$@"; }
Q='format=json&formatversion=2'
expect "no auth action=query: HTTP status is 200!" "$(curl -s -o /dev/null -w '%{http_code}' "$A?action=query&meta=siteinfo&$Q")" 200
expect "no auth action=query: error.code" "$(curl -s "$A?action=query&meta=siteinfo&$Q" | jq -r .error.code)" readapidenied
expect "no auth: header mediawiki-api-error" "$(curl -s -D- -o /dev/null "$A?action=query&meta=siteinfo&$Q" | tr -d '\r' | sed -n 's/^mediawiki-api-error: //Ip')" readapidenied
expect "no auth GET rest.php page" "$(curl -s -o /dev/null -w '%{http_code}' $B/rest.php/v1/page/Main_Page)" '401|403'
LT=$(C "$A?action=query&meta=tokens&type=login&$Q" | jq -r .query.tokens.logintoken); have "1 logintoken (ends in +\\)" "$LT"
expect "login without the first step's cookie" "$(curl -s --data-urlencode "lgtoken=$LT" -d lgname=Alice -d lgpassword=service-Pass1 "$A?action=login&$Q" | jq -r .login.result)" 'NeedToken|WrongToken|Failed|Aborted'
expect "wrong password" "$(C --data-urlencode "lgtoken=$LT" -d lgname=Alice -d lgpassword=bad "$A?action=login&$Q" | jq -r .login.result)" Failed
LT=$(C "$A?action=query&meta=tokens&type=login&$Q" | jq -r .query.tokens.logintoken)
expect "2 action=login" "$(C --data-urlencode "lgtoken=$LT" -d lgname=Alice -d lgpassword=service-Pass1 "$A?action=login&$Q" | jq -r .login.result)" Success
CT=$(C "$A?action=query&meta=tokens&type=csrf&$Q" | jq -r .query.tokens.csrftoken); have "3 csrftoken" "$CT"
expect "4 edit with token" "$(C --data-urlencode "token=$CT" -d assert=user -d title=Service -d "text=n$RANDOM" "$A?action=edit&$Q" | jq -r .edit.result)" Success
expect "edit without the token" "$(C -d title=Service -d text=x "$A?action=edit&$Q" | jq -r .error.code)" missingparam
expect "edit with an anonymous token (+\\)" "$(C --data-urlencode 'token=+\' -d title=Service -d text=x "$A?action=edit&$Q" | jq -r .error.code)" badtoken
expect "GET userinfo" "$(C "$A?action=query&meta=userinfo&$Q" | jq -r .query.userinfo.name)" Alice
expect "GET rest.php page with cookies" "$(C -o /dev/null -w '%{http_code}' $B/rest.php/v1/page/Service)" 200
expect "assert=user with no cookies" "$(curl -s "$A?action=query&assert=user&meta=userinfo&$Q" | jq -r .error.code)" assertuserfailed
C --data-urlencode "token=$CT" "$A?action=logout&$Q" >/dev/null
expect "after logout GET rest.php page" "$(C -o /dev/null -w '%{http_code}' $B/rest.php/v1/page/Service)" '401|403'
rm -f "$J"; finish
