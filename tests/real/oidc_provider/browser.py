"""A browser without a window: it follows redirects, keeps cookies and presses buttons."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from tests.patience import PATIENCE_SECONDS

_FORM = re.compile(r"<form[^>]*?>.*?</form>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_INPUT = re.compile(r"<input[^>]*>")
_LINK = re.compile(r'<a[^>]*href="([^"]*)"')
_MOST_STEPS = 12
OURS = {"graphql-require-preflight": "1", "sec-fetch-site": "same-origin"}


class Browser:
    """One person's, at a service; `url` is where the service is."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(timeout=PATIENCE_SECONDS, follow_redirects=False)

    def close(self) -> None:
        self.http.close()

    def open(self, path: str, until: str = "") -> httpx2.Response:
        """Go there, and wherever that leads, at most up to the address that begins with `until`."""
        return self._follow(self.http.get(urljoin(self.url, path)), until)

    def press(self, page: httpx2.Response, action: str, **fields: str) -> httpx2.Response:
        """Send the page's form that goes to an address, after filling in some fields."""
        for form in _FORM.findall(page.text):
            opening = form[: form.index(">") + 1]
            address = _attributes(opening).get("action", "")
            if address.endswith(action):
                return self._follow(self._send(page, address, _values(form) | fields))
        raise AssertionError(f"no form goes to {action}: {page.status_code} {page.url}")

    def click(self, page: httpx2.Response, href: str, until: str = "") -> httpx2.Response:
        """Follow the page's link that leads to an address."""
        for link in _LINK.findall(page.text):
            if unescape(link).startswith(href):
                return self.open(urljoin(str(page.url), unescape(link)), until)
        raise AssertionError(f"no link leads to {href}: {page.status_code} {page.url}")

    def post(self, path: str) -> httpx2.Response:
        """Send an empty form of one of the service's own pages."""
        return self._follow(self.http.post(urljoin(self.url, path), headers=OURS))

    def ask(self, document: str = "{ booklet { id } }") -> Any:
        """What the API answers a page of the service, by the cookie alone."""
        return self.http.post(f"{self.url}/graphql", json={"query": document}, headers=OURS).json()

    @property
    def is_signed_in(self) -> bool:
        """Whether the service knows who is in this browser."""
        return "errors" not in self.ask()

    def _send(self, page: httpx2.Response, address: str, values: Mapping[str, str]) -> Any:
        origin = f"{page.url.scheme}://{page.url.netloc.decode()}"
        headers = {"origin": origin, "sec-fetch-site": "same-origin"}
        return self.http.post(urljoin(str(page.url), address), data=values, headers=headers)

    def _follow(self, answer: httpx2.Response, until: str = "") -> httpx2.Response:
        for _ in range(_MOST_STEPS):
            if not answer.has_redirect_location:
                return answer
            onward = urljoin(str(answer.url), answer.headers["location"])
            if until and onward.startswith(until):
                return answer
            answer = self.http.get(onward)
        raise AssertionError("redirected for ever")


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _values(form: str) -> dict[str, str]:
    inputs = [_attributes(tag) for tag in _INPUT.findall(form)]
    return {one["name"]: one.get("value", "") for one in inputs if "name" in one}
