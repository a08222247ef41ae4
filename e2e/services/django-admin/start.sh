#!/usr/bin/env bash
# Stock Django admin, stock REST framework session and token authentication over Django's own users.
set -e
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
PORT=${PORT:-18104}
stop_if_running
locked python_packages
cp "$HERE/site.py" "$STATE/site_app.py"
cd "$STATE"
export SITE_DB=$STATE/db.sqlite3 SESSION_SECONDS=${SESSION_SECONDS:-1209600}
python=$CACHE/venv/bin/python
"$python" site_app.py migrate -v0
DJANGO_SUPERUSER_PASSWORD='service-Pass1' "$python" site_app.py createsuperuser --noinput --username alice --email alice@example.test >/dev/null 2>&1 || true
bg "$python" -u site_app.py runserver --noreload "127.0.0.1:$PORT"
ready "http://127.0.0.1:$PORT/admin/login/"
