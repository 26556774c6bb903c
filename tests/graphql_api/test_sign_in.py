"""Signing in with a browser, at the service's own issuer."""

import asyncio
from typing import Any

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from graphql_api.callers import sessions
from graphql_api.openid_client import http as openid_http
from graphql_api.storage.store import StoreUnavailableError
from tests.conftest import SERVICE, Here
from tests.graphql_api.booklets.closing import ACCOUNT_WORDS, close_account
from tests.graphql_api.documents import WHOLE, whole
from tests.graphql_api.site import OURS, SECRET, Site, cut_off, query
from tests.patience import PATIENCE_SECONDS


def test_whoever_signs_in_is_who_a_token_of_the_same_account_names(site: Site) -> None:
    owner = site.with_booklet("owner")
    browser = site.browser()
    assert browser.sign_in("owner").status_code == 200
    assert whole(browser.caller()) == whole(owner)
    assert whole(browser.caller())["id"]


def test_the_issuer_is_asked_for_a_code_with_proof_key_state_and_nonce(site: Site) -> None:
    browser = site.browser()
    answers = [browser.get("/sign-in") for _ in range(2)]
    asked = [query(answer.headers["location"]) for answer in answers]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"].startswith(f"{SERVICE}/oauth/authorize?")
    assert asked[0]["redirect_uri"] == f"{SERVICE}/sign-in/back"
    assert (asked[0]["client_id"], asked[0]["scope"]) == ("livret", "openid")
    assert (asked[0]["response_type"], asked[0]["code_challenge_method"]) == ("code", "S256")
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name]) == 43
        assert asked[0][name] != asked[1][name]
    assert "prompt" not in asked[0]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/schema.graphql", "/schema.graphql"),
        ("/?a=1&b=%2F", "/?a=1&b=%2F"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("/\tevil", "/"),
        ("/a\r\nset-cookie: a=b", "/"),
        ("/é", "/"),
        ("/\0", "/"),
        (" /", "/"),
        ("/" + "a" * 1_000, "/"),
    ],
)
def test_a_sign_in_ends_within_the_service(site: Site, wanted: str, reached: str) -> None:
    browser = site.browser()
    browser.be("owner")
    begun = browser.client.get("/sign-in", params={"next": wanted}, follow_redirects=False)
    back = browser.get(begun.headers["location"]).headers["location"]
    answer = browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, reached)
    assert "evil" not in str(answer.headers)


def test_every_sign_in_makes_a_new_secret_and_ends_the_session_before_it(site: Site) -> None:
    browser, thief = site.browser(), site.browser()
    browser.sign_in("owner")
    first = browser.secret
    assert first
    browser.sign_in("owner")
    assert browser.secret not in (None, first)
    assert browser.is_signed_in
    thief.secret = first
    assert not thief.is_signed_in
    assert len(site.rows()) == 1


def test_a_secret_that_was_planted_is_never_taken_up(site: Site) -> None:
    browser, thief = site.browser(), site.browser()
    planted = "A" * 43
    browser.secret = planted
    browser.sign_in("owner")
    assert browser.secret != planted
    thief.secret = planted
    assert not thief.is_signed_in


def test_somebody_else_who_signs_in_takes_the_place_of_the_first(site: Site) -> None:
    mine, theirs = site.with_booklet("owner"), site.with_booklet("other")
    browser = site.browser()
    browser.sign_in("owner")
    assert browser.caller().ask(WHOLE) == mine.ask(WHOLE)
    browser.sign_in("other")
    assert browser.caller().ask(WHOLE) == theirs.ask(WHOLE)
    assert len(site.rows()) == 1


def test_two_tabs_sign_in_side_by_side(site: Site) -> None:
    browser = site.browser()
    browser.be("owner")
    first, second = browser.come_back("/sign-in?next=/a"), browser.come_back("/sign-in?next=/b")
    assert browser.get(second).headers["location"] == "/b"
    assert browser.get(first).headers["location"] == "/a"
    assert browser.is_signed_in
    assert len(site.rows()) == 1


def check_begin_anew(answer: Any, link: str = 'href="/sign-in"') -> None:
    assert answer.status_code == 400
    assert "Connexion à reprendre" in answer.text
    assert link in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert f"{SECRET}=" not in answer.headers.get("set-cookie", "")


def test_an_answer_that_comes_twice_signs_in_once(site: Site) -> None:
    browser = site.browser()
    browser.be("owner")
    back = browser.come_back()
    assert browser.get(back).status_code == 303
    check_begin_anew(browser.get(back))
    assert browser.is_signed_in


def test_nothing_of_a_sign_in_that_ended_stays_in_the_browser(site: Site) -> None:
    browser = site.browser()
    browser.be("owner")
    back = browser.come_back()
    assert [name for name in browser.client.cookies if "sign-in" in name]
    browser.get(back)
    assert [name for name in browser.client.cookies if "sign-in" in name] == []


def test_an_answer_signs_in_no_other_browser(site: Site) -> None:
    attacker, victim = site.browser(), site.browser()
    attacker.be("owner")
    back = attacker.come_back()
    victim.be("other")
    victim.come_back()
    check_begin_anew(victim.get(back))
    assert not victim.is_signed_in


def test_an_answer_that_comes_late_is_begun_anew(site: Site) -> None:
    browser = site.browser()
    browser.be("owner")
    back = browser.come_back("/sign-in?next=/a")
    site.here.clock.moved += sessions.TOUCH_EVERY * 11
    check_begin_anew(browser.get(back), 'href="/sign-in?next=%2Fa"')
    assert not browser.is_signed_in


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "x"},
        {"code": "x" * 5_000},
        {"code": "\0"},
        {"code": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"state": "x" * 43},
        {"state": "é"},
        {"state": "\0"},
        {"state": None},
        {"error": "invalid_request"},
        {"error": "<script>", "error_description": "<script>"},
    ],
)
def test_an_answer_that_was_tampered_with_signs_nobody_in(
    site: Site, changed: dict[str, str | None]
) -> None:
    browser = site.browser()
    browser.be("owner")
    back, _, _ = browser.come_back().partition("?")
    sent = {**query(browser.come_back()), **changed}
    kept = {name: value for name, value in sent.items() if value is not None}
    answer = browser.client.get(back, params=kept, follow_redirects=False)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert not browser.is_signed_in
    assert site.rows() == []


def test_whoever_declines_may_begin_again_where_they_were(site: Site) -> None:
    browser = site.browser()
    asked = query(browser.get("/sign-in?next=/a%3Fb").headers["location"])
    params = {"state": asked["state"], "iss": SERVICE, "error": "access_denied"}
    answer = browser.client.get("/sign-in/back", params=params)
    assert answer.status_code == 400
    assert "Connexion abandonnée" in answer.text
    assert 'href="/sign-in?next=%2Fa%3Fb"' in answer.text


def test_a_sign_in_that_must_happen_now_is_asked_of_the_issuer(site: Site) -> None:
    site.with_booklet("owner")
    browser = site.browser()
    browser.sign_in("owner", ago=660)
    assert close_account(browser.caller())["code"] == "RECENT_SIGN_IN_REQUIRED"
    again = browser.get("/sign-in?again=1")
    asked = query(again.headers["location"])
    assert (asked["prompt"], asked["max_age"]) == ("login", "600")
    page = browser.get(again.headers["location"])
    assert page.headers["location"].startswith("/account/sign-in?")
    browser.sign_in("owner")
    assert close_account(browser.caller(), ACCOUNT_WORDS)["__typename"] == "AccountClosed"


def unreachable(*_: Any) -> httpx2.AsyncClient:
    def refuse(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    return httpx2.AsyncClient(transport=httpx2.MockTransport(refuse))


def silent(*_: Any) -> httpx2.AsyncClient:
    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(PATIENCE_SECONDS)

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(never))


@pytest.mark.parametrize("down", [unreachable, silent])
def test_while_the_issuer_is_down_nobody_signs_in_and_running_sessions_go_on(
    site: Site, here: Here, down: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.with_booklet("owner")
    before = site.browser()
    before.sign_in("owner")
    before.be("owner")
    back = before.come_back()
    monkeypatch.setattr(openid_http, "WHOLE_SECONDS", 0.2)
    with cut_off(here, down) as alone:
        browser = alone.browser()
        for name, value in before.client.cookies.items():
            browser.client.cookies.set(name, value, domain="livret.test")
        assert whole(browser.caller())["state"] == "OPEN"
        for path in ("/sign-in", back):
            answer = browser.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert "momentanément indisponible" in answer.text
        assert browser.is_signed_in
        answer = browser.post("/sign-out", sec_fetch_site="same-origin")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/?state=deconnexion",
        )
        assert not browser.is_signed_in


def test_while_the_database_is_down_a_sign_in_is_not_said_to_have_succeeded(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> str:
        raise StoreUnavailableError

    browser = site.browser()
    browser.be("owner")
    back = browser.come_back()
    monkeypatch.setattr(sessions, "create", down)
    answer = browser.get(back)
    assert answer.status_code == 503
    assert browser.secret is None
    assert site.rows() == []


def test_a_fault_while_signing_in_is_masked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("canary")

    browser = site.browser()
    browser.be("owner")
    back = browser.come_back()
    monkeypatch.setattr(sessions, "create", broken)
    answer = browser.get(back)
    assert (answer.status_code, "canary" in answer.text) == (500, False)
    assert "Erreur interne" in answer.text


def test_pages_of_signing_in_take_no_other_method(site: Site) -> None:
    browser = site.browser()
    for path in ("/sign-in", "/sign-in/back"):
        assert browser.client.post(path, headers=OURS).status_code == 405
