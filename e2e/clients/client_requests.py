"""requests: streamed bodies both ways, a HEAD, an upload, and headers that must not pass."""

import io
import sys

import requests

url, key = sys.argv[1:]
session = requests.Session()
session.headers.update({"Stepgate-Key": key, "Stepgate-User": "ana"})
groups = f"{url}/proxy/django-admin/api/groups/"

listed = session.get(groups)
assert listed.status_code == 200 and listed.headers["Stepgate-Outcome"] == "upstream", listed.headers
assert not session.cookies, session.cookies

head = session.head(groups)
assert head.status_code == 200 and head.content == b"", (head.status_code, head.headers)

forged = session.get(groups, headers={"Authorization": "Bearer mine", "Cookie": "sessionid=mine"})
assert forged.status_code in (200, 401), forged.status_code

# Streamed, with a length: Django's own server does not read a body without one.
upload = io.BytesIO(b'{"name":"by requests"}')
made = session.post(groups, data=upload, headers={"Content-Type": "application/json"})
assert made.status_code == 201, made.text

with session.get(groups, stream=True) as streamed:
    assert b"by requests" in b"".join(streamed.iter_content(16))

for path in ("//evil.example/", "..%2fadmin", "%5cevil"):
    refused = session.get(f"{url}/proxy/django-admin/{path}")
    assert refused.status_code in (400, 404), (path, refused.status_code)
