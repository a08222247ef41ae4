#!/usr/bin/env bash
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
port 18104
B=http://127.0.0.1:$PORT; J=$(mktemp); C() { curl -s --max-time 20 -b "$J" -c "$J" "$@"; }
ck() { awk -v n="$1" '$6==n{print $7}' "$J"; }
expect "no auth GET /api/groups/" "$(curl -s -o /dev/null -w '%{http_code}' $B/api/groups/)" '401|403'
F=$(C $B/admin/login/); T=$(sed -n 's/.*name="csrfmiddlewaretoken" value="\([^"]*\)".*/\1/p' <<<"$F" | head -1)
have "csrftoken cookie" "$(ck csrftoken)"; have "csrfmiddlewaretoken hidden input" "$T"; OLD=$(ck csrftoken)
expect "login without csrf token" "$(C -o /dev/null -w '%{http_code}' -d 'username=alice&password=service-Pass1' $B/admin/login/)" 403
expect "login wrong password (page again)" "$(C -o /dev/null -w '%{http_code}' -d "csrfmiddlewaretoken=$T" -d 'username=alice&password=bad' $B/admin/login/)" 200
expect "login, cookie value as form field (double submit)" "$(C -o /dev/null -w '%{http_code}' -d "csrfmiddlewaretoken=$OLD" -d 'username=alice&password=service-Pass1&next=/admin/' $B/admin/login/)" 302
have "sessionid cookie" "$(ck sessionid)"; [ "$(ck csrftoken)" != "$OLD" ]; expect "csrftoken rotated at login (0=yes)" "$?" 0
expect "GET /api/groups/ with session" "$(C -o /dev/null -w '%{http_code}' $B/api/groups/)" 200
N=g$RANDOM$RANDOM
expect "POST without X-CSRFToken" "$(C -o /dev/null -w '%{http_code}' -d name=$N $B/api/groups/)" 403
expect "POST with the pre-login token" "$(C -o /dev/null -w '%{http_code}' -H "X-CSRFToken: $OLD" -d name=$N $B/api/groups/)" 403
expect "POST with X-CSRFToken = cookie" "$(C -o /dev/null -w '%{http_code}' -H "X-CSRFToken: $(ck csrftoken)" -d name=$N $B/api/groups/)" 201
K=$(curl -s -d 'username=alice&password=service-Pass1' $B/api-token-auth/ | jq -r .token); have "POST /api-token-auth/ token" "$K"
expect "GET with Authorization: Token" "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Token $K" $B/api/groups/)" 200
expect "GET with a bad Token" "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Token x$K" $B/api/groups/)" 401
expect "logout (POST)" "$(C -o /dev/null -w '%{http_code}' -d "csrfmiddlewaretoken=$(ck csrftoken)" $B/admin/logout/)" 200
expect "GET after logout" "$(C -o /dev/null -w '%{http_code}' $B/api/groups/)" '401|403'
rm -f "$J"; finish
