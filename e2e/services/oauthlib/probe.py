"""Signs in by requests-oauthlib with every signature method, in every place, and calls."""

import pathlib
import sys
import urllib.parse

import requests
from requests_oauthlib import OAuth1

SECRETS = {"photos": "photos secret+1/&", "plain": "plain-secret_1"}


def main(base, key):
    failed = 0
    pem = pathlib.Path(key).read_text()
    for method in ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT"):
        for place in ("AUTH_HEADER", "QUERY", "BODY"):
            name = "plain" if method == "PLAINTEXT" else "photos"
            client = {"client_key": name, "client_secret": SECRETS[name], "signature_method": method, "signature_type": place}
            if method == "RSA-SHA1":
                client |= {"client_secret": None, "rsa_key": pem}
            got = sign_in(base, client)
            print(f"{'ok  ' if got else 'FAIL'} {method} {place}")
            failed += not got
    print(f"oauthlib: {failed} failed")
    return bool(failed)


def sign_in(base, client):
    form = {"Content-Type": "application/x-www-form-urlencoded"} if client["signature_type"] == "BODY" else {}
    reply = requests.post(f"{base}/request_token", auth=OAuth1(callback_uri="http://127.0.0.1:1/cb", **client), headers=form)
    if reply.status_code != 200:
        return False
    sent = dict(urllib.parse.parse_qsl(reply.text))
    person = requests.get(f"{base}/authorize", params={"oauth_token": sent["oauth_token"]}, allow_redirects=False)
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(person.headers["location"]).query))
    token = {"resource_owner_key": sent["oauth_token"], "resource_owner_secret": sent["oauth_token_secret"]}
    reply = requests.post(f"{base}/access_token", auth=OAuth1(verifier=back["oauth_verifier"], **token, **client), headers=form)
    got = dict(urllib.parse.parse_qsl(reply.text))
    token = {"resource_owner_key": got["oauth_token"], "resource_owner_secret": got["oauth_token_secret"]}
    reply = requests.post(f"{base}/api/photos?b=2&a=%20", data={"a": "1+1", "e": ""}, auth=OAuth1(**token, **client))
    return reply.status_code == 200 and reply.json()["signature_method"] == client["signature_method"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
