#!/usr/bin/env python3
"""Makes fixtures/oauth1/base-strings.tsv.gz: 10,000 requests, each with what oauthlib signs for it.

    scripts/oauth1-corpus.py            writes it anew
    scripts/oauth1-corpus.py --check    says whether it would be the same
    scripts/oauth1-corpus.py --show N   prints the base string of line N

A line holds method, URL, form, protocol parameters, and the first 4 bytes of the base string's SHA-256.
Needs oauthlib: pip install oauthlib==4.0.1
"""

import argparse
import gzip
import hashlib
import pathlib
import random
import sys
import urllib.parse

from oauthlib.oauth1.rfc5849 import signature

FILE = pathlib.Path(__file__).resolve().parent.parent / "fixtures/oauth1/base-strings.tsv.gz"
COUNT = 10_000

HOSTS = ["a.example", "API.Example.ORG", "photos.example.net", "127.0.0.1", "[2001:db8::1]", "xn--bcher-kva.example"]
PORTS = ["", "", ":80", ":443", ":8080", ":8443", ":1"]
PATHS = [
    "", "/", "/photos", "/a/b/c", "/r%20v/X", "/a;p=1/b", "/a//b/", "/~user/-._", "/%E2%9C%93", "/a+b", "/a%2Fb", "/a:b@c",
    "/v1.0/items/42.json", "/(x)", "/a,b", "/a=b", "/%7e",
]
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
# What names and values are made of: unreserved, reserved, encoded and not ASCII. None begins with `oauth_`: oauthlib
# decodes what is called so twice, also where it is a parameter of somebody else's.
PIECES = [
    *"aAbBzZ019-._~", *"!*'();:@&=+$,/?#[]%", " ", "  ", "\t", "\n", "\r\n", '"', "<>", "\\", "^`{|}", "ü", "é", "✓", "日本", "🙂", "\x00", "\x7f",
    "%20", "%2B", "+", "a=b", "_oauth", "null", "1e9",
]
# Characters that some clients leave as they are in a query, and all servers read.
LEFT_ALONE = "!()*;:@/?$,-._~"


def text(source, longest):
    return "".join(source.choice(PIECES) for _ in range(source.randint(0, longest)))


def parameters(source):
    """Pairs with repeated names, repeated pairs and empty ones among them."""
    found = []
    for _ in range(source.choice([0, 0, 1, 2, 3, 4, 6])):
        kind = source.random()
        if found and kind < 0.15:
            found.append(source.choice(found))
        elif found and kind < 0.35:
            found.append((source.choice(found)[0], text(source, 4)))
        else:
            found.append((text(source, 3) or "e", text(source, 5)))
    return found


def written(source, pairs, in_query):
    """The pairs as one of the spellings that mean the same."""
    parts = []
    for name, value in pairs:
        safe = source.choice(["", LEFT_ALONE if in_query else "-._~"])
        quote = source.choice([urllib.parse.quote, urllib.parse.quote_plus])
        name, value = quote(name, safe=safe), quote(value, safe=safe)
        if source.random() < 0.1:
            name, value = name.replace("%2B", "%2b"), value.replace("%C3", "%c3")
        parts.append(name if not value and source.random() < 0.5 else f"{name}={value}")
    return "&".join(parts)


def requests():
    source = random.Random(5849)
    for _ in range(COUNT):
        method = source.choice(METHODS)
        query = written(source, parameters(source), True)
        url = source.choice(["http", "https"]) + "://" + source.choice(HOSTS) + source.choice(PORTS) + source.choice(PATHS)
        url += f"?{query}" if query else ""
        form = written(source, parameters(source), False) if method in ("POST", "PUT", "PATCH") else ""
        protocol = [
            ("oauth_consumer_key", "c" + text(source, 1)),
            ("oauth_nonce", f"{source.getrandbits(8):02x}"),
            ("oauth_signature_method", source.choice(["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1"])),
            ("oauth_timestamp", str(source.choice([0, 137131200, 2**31]))),
        ]
        if source.random() < 0.7:
            protocol.append(("oauth_token", "t" + text(source, 2)))
        if source.random() < 0.2:
            protocol.append(("oauth_callback", "https://b.example/cb?" + urllib.parse.urlencode([("state", text(source, 1))])))
        yield method, url, form, protocol


def base_string(method, url, form, protocol):
    query = urllib.parse.urlsplit(url).query
    headers = {"Authorization": "OAuth " + ", ".join(f'{name}="{urllib.parse.quote(value, safe="-._~")}"' for name, value in protocol)}
    collected = signature.collect_parameters(uri_query=query, body=form or [], headers=headers, exclude_oauth_signature=True)
    normalised = signature.normalize_parameters(collected)
    return signature.signature_base_string(method, signature.base_string_uri(url), normalised)


def line(request):
    method, url, form, protocol = request
    digest = hashlib.sha256(base_string(*request).encode()).digest()[:4].hex()
    return "\t".join([method, url, form, urllib.parse.urlencode(protocol), digest])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", type=int)
    arguments = parser.parse_args()
    if arguments.show:
        request = list(requests())[arguments.show - 1]
        print(*request, base_string(*request), sep="\n")
        return 0
    lines = "".join(line(request) + "\n" for request in requests())
    if arguments.check:
        same = FILE.exists() and gzip.decompress(FILE.read_bytes()).decode() == lines
        print(f"oauth1: {COUNT} base strings, {'as they are stored' if same else 'and the stored ones differ'}")
        return not same
    FILE.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    print(f"{FILE}: {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
