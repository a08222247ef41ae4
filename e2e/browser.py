"""A person at a browser: follows redirects, and on oidc-provider's own pages signs in, consents, or cancels."""

import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from harness import Failed


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand, to see where they lead."""

    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self):
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            # As browsers do for this machine, where http is as good as https.
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(
                http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
            )),
            _Stay(),
        )

    def visit(self, url, login="alice", cancel=False):
        """Follows `url` through the pages; returns the callback's URL and the text of its page."""
        body = None
        for _ in range(12):
            came_from = url
            status, location, page = self.request(url, body)
            body = None
            if location:
                url = urllib.parse.urljoin(url, location)
            elif "user_code" in _hidden(page):
                # The page for a code of another device, which a script would send on. Without the code it is the end
                # of one that was declined.
                url = urllib.parse.urljoin(url, _group(r'<form[^>]*action="([^"]*)"', page))
                body = _hidden(page)
            elif prompt := re.search(r'name="prompt" value="(\w+)"', page):
                if cancel:
                    url = urllib.parse.urljoin(url, _group(r'href="([^"]*/abort)"', page))
                else:
                    url = urllib.parse.urljoin(url, _group(r'<form[^>]*action="([^"]*)"', page))
                    body = {"prompt": prompt[1], "login": login, "password": "any"}
            else:
                return came_from, status, page
        raise Failed(f"the pages do not end; the last was {url}")

    def go_on(self, url, page, login="alice"):
        """Sends the first form of a page of ours as it stands, then follows on."""
        action = urllib.parse.urljoin(url, _group(r'<form[^>]*action="([^"]*)"', page))
        status, location, page = self.request(action, _hidden(page) or {"": ""})
        if location:
            return self.visit(urllib.parse.urljoin(action, location), login=login)
        return action, status, page

    def send(self, method, url, body, csrf):
        """JSON as a page of ours sends it; the status and the text."""
        headers = {"Content-Type": "application/json", "Stepgate-Csrf": csrf}
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers, method=method)
        try:
            reply = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            return reply.status, reply.read().decode(errors="replace")

    def request(self, url, form=None):
        """One request, which follows nothing: status, where it leads, and the text."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            reply = self._opener.open(urllib.request.Request(url, data=data), timeout=20)
        except urllib.error.HTTPError as error:
            reply = error
        except OSError as error:
            raise Failed(f"{url}: {error}") from error
        with reply:
            refresh = reply.headers.get("refresh", "").partition("url=")[2]
            return reply.status, reply.headers.get("location") or refresh, reply.read().decode(errors="replace")


def _hidden(page):
    """What a form sends that nobody typed."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page)
    return {html.unescape(key): html.unescape(value) for key, value in found}


def _group(pattern, page):
    found = re.search(pattern, page)
    if not found:
        raise Failed(f"{pattern} is not on the page\n{page[:2000]}")
    return html.unescape(found[1])
