"""mwclient, pointed at the gateway instead of the wiki: it neither signs in nor sees a cookie."""

import sys
from urllib.parse import urlsplit

import mwclient

url, key = sys.argv[1:]
place = urlsplit(url)
site = mwclient.Site(
    place.netloc, path="/proxy/wiki-as-it-is/", scheme=place.scheme,
    custom_headers={"Stepgate-Key": key, "Stepgate-User": "ana"},
)
assert site.username == "Alice", site.username
page = site.pages["By mwclient"]
page.edit("Written by a client that knows nothing of the gateway.", "e2e")
assert "knows nothing" in site.pages["By mwclient"].text()
assert not site.connection.cookies, site.connection.cookies
