"""Signing out with a browser: by a button of ours, here first and then at the issuer."""

import pytest

from graphql_api.callers import sessions
from graphql_api.storage.store import StoreUnavailableError
from tests.conftest import SERVICE
from tests.graphql_api.site import ACCOUNT_SECRET, SECRET, Site, query


def test_a_link_signs_nobody_out(site: Site) -> None:
    browser = site.browser()
    browser.sign_in("owner")
    answer = browser.get("/sign-out")
    assert answer.status_code == 200
    assert '<form class="actions" method="post" action="/sign-out">' in answer.text
    assert browser.is_signed_in


def test_signing_out_ends_the_session_here_and_at_the_issuer(site: Site) -> None:
    browser, thief = site.browser(), site.browser()
    browser.sign_in("owner")
    stolen = browser.secret
    assert stolen
    answer = browser.post("/sign-out", sec_fetch_site="same-origin")
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert browser.secret is None
    assert site.rows() == []
    leaving = answer.headers["location"]
    assert leaving.startswith(f"{SERVICE}/oauth/end-session?")
    assert query(leaving)["post_logout_redirect_uri"] == f"{SERVICE}/"
    left = browser.get(leaving)
    assert left.status_code == 303
    assert left.headers["location"] == f"{SERVICE}/?state=deconnexion"
    home = browser.get(left.headers["location"], accept="text/html").text
    assert "Vous êtes déconnecté." in home
    assert "Vous n’êtes pas connecté." not in home
    assert ACCOUNT_SECRET not in browser.client.cookies
    assert browser.get("/sign-in").headers["location"].startswith(f"{SERVICE}/oauth/authorize?")
    thief.secret = stolen
    assert not thief.is_signed_in


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 303),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 303),
        ({"origin": SERVICE}, 303),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": SERVICE}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": f"{SERVICE}.evil.example"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_page_signs_out(site: Site, headers: dict[str, str], status: int) -> None:
    browser = site.browser()
    browser.sign_in("owner")
    assert browser.post("/sign-out", **headers).status_code == status
    assert browser.is_signed_in is (status == 403)


@pytest.mark.parametrize("secret", [None, "A" * 43, "x", "é" * 30])
def test_signing_out_without_a_session_takes_the_cookie_away(
    site: Site, secret: str | None
) -> None:
    browser = site.browser()
    headers = {"cookie": f"{SECRET}={secret}".encode()} if secret else {}
    sent = {**headers, "sec-fetch-site": "same-origin"}
    answer = browser.client.post("/sign-out", headers=sent, follow_redirects=False)  # type: ignore[arg-type]  # bytes, for what is not ASCII
    assert (answer.status_code, answer.headers["location"]) == (303, "/?state=deconnexion")
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_while_the_database_is_down_nobody_is_told_to_be_signed_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailableError

    browser = site.browser()
    browser.sign_in("owner")
    with monkeypatch.context() as patched:
        patched.setattr(sessions, "delete", down)
        answer = browser.post("/sign-out", sec_fetch_site="same-origin")
    assert (answer.status_code, "set-cookie" in answer.headers) == (503, False)
    assert browser.is_signed_in
