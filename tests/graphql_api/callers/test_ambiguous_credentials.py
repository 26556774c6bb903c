"""Requests that carry a credential twice, which a proxy and the service could read in two ways."""

import pytest

from tests.conftest import SERVICE
from tests.graphql_api.site import SECRET, Browser, Site

READ = {"query": "{ booklet { id } }"}
DOORS = [
    "/graphql",
    "/booklet.json",
    "/livret",
    "/oauth/token",
    "/oauth/userinfo",
    "/account",
    "/healthz",
]
Headers = list[tuple[str, str]]
PAGE = [("graphql-require-preflight", "1"), ("sec-fetch-site", "same-origin")]


@pytest.fixture
def browser(site: Site) -> Browser:
    site.with_booklet("owner")
    signed_in = site.browser()
    signed_in.sign_in("owner")
    return signed_in


def ambiguous(site: Site, browser: Browser) -> dict[str, Headers]:
    token = ("authorization", f"Bearer {site.bearer('owner').token}")
    secret = browser.client.cookies[SECRET]
    good, other = f"{SECRET}={secret}", f"{SECRET}={'x' * 43}"
    return {
        "two tokens": [token, token],
        "a token and another": [token, ("authorization", "Bearer x")],
        "a token and a password": [token, ("authorization", "Basic eDp5")],
        "two headers of cookies": [("cookie", good), ("cookie", "theme=dark"), *PAGE],
        "a session twice": [("cookie", f"{good}; {good}"), *PAGE],
        "a session and another": [("cookie", f"{other}; theme=dark;{good}"), *PAGE],
        "two accounts": [("cookie", "__Host-livret-account=x; __Host-livret-account=y"), *PAGE],
    }


@pytest.mark.parametrize("door", DOORS)
def test_a_request_with_a_credential_twice_is_refused(
    site: Site, browser: Browser, door: str
) -> None:
    method = "POST" if door in ("/graphql", "/oauth/token") else "GET"
    for name, headers in ambiguous(site, browser).items():
        answer = site.client.request(method, f"{SERVICE}{door}", headers=headers, json=READ)
        assert answer.status_code == 400, name
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "AMBIGUOUS_CREDENTIALS"}
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_other_cookies_may_come_twice(site: Site, browser: Browser) -> None:
    cookies = f"theme=dark; {SECRET}={browser.client.cookies[SECRET]}; theme=light; x{SECRET}=1"
    answer = site.client.post("/graphql", json=READ, headers=[("cookie", cookies), *PAGE])
    assert answer.json()["data"]["booklet"]["id"]
