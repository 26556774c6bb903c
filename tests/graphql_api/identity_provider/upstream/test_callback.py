"""The callback of an upstream provider: sign-in, and the pages of its refusals."""

import json
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from graphql_api.identity_provider.upstream import callback
from graphql_api.storage.rate_limits import Limit
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    SIGNED_IN,
    Browser,
    went_to,
)
from tests.graphql_api.identity_provider.upstream.upstream_site import CHOICE, UpstreamSite
from tests.graphql_api.openid_client.provider import SUBJECT, with_


def test_a_known_way_signs_in_to_its_account(upstream_site: UpstreamSite) -> None:
    account = upstream_site.who(upstream_site.created())
    again = upstream_site.accounts_site.browser()
    assert went_to(upstream_site.visit(again)) in SIGNED_IN
    assert upstream_site.who(again) == account
    rows = upstream_site.accounts_site.rows("SELECT acr, amr FROM idp_session")
    assert [tuple(row) for row in rows] == [("eidas1", '["pwd"]')] * 2


def test_the_issuer_is_part_of_who_somebody_is(upstream_site: UpstreamSite) -> None:
    first = upstream_site.who(upstream_site.created("op"))
    upstream_site.other.claims = with_(sub=SUBJECT)  # the same subject, at another provider
    assert upstream_site.who(upstream_site.created("other")) != first


def test_a_sign_in_makes_a_new_session_and_ends_the_one_before(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created()
    before = browser.client.cookies["__Host-livret-account"]
    upstream_site.visit(browser)
    after = browser.client.cookies["__Host-livret-account"]
    assert before != after
    stolen = upstream_site.accounts_site.browser()
    stolen.client.cookies.set("__Host-livret-account", before)
    assert upstream_site.who(stolen) is None
    assert upstream_site.who(browser) is not None


def test_two_tabs_do_not_disturb_each_other(upstream_site: UpstreamSite) -> None:
    upstream_site.created()
    browser = upstream_site.accounts_site.browser()
    first, second = upstream_site.begin(browser), upstream_site.begin(browser)
    assert went_to(upstream_site.come_back(browser, second)) in SIGNED_IN
    assert went_to(upstream_site.come_back(browser, first)) in SIGNED_IN


@pytest.mark.parametrize("kind", ["twice", "other browser", "other state", "other provider"])
def test_what_was_not_begun_here_is_begun_anew(upstream_site: UpstreamSite, kind: str) -> None:
    upstream_site.created()
    browser = upstream_site.accounts_site.browser()
    asked = upstream_site.begin(browser)
    if kind == "twice":
        upstream_site.come_back(browser, asked)
        answer = upstream_site.come_back(browser, asked)
    elif kind == "other browser":
        answer = upstream_site.come_back(upstream_site.accounts_site.browser(), asked)
    elif kind == "other state":
        answer = upstream_site.come_back(browser, asked, state="s" * 43)
    else:
        answer = upstream_site.come_back(browser, asked, "other")
    assert answer.status_code == (403 if kind == "other provider" else 400)
    assert "Recommence" in answer.text
    assert "location" not in answer.headers


def test_a_sign_in_that_took_too_long_is_begun_anew(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.accounts_site.browser()
    asked = upstream_site.begin(browser)
    upstream_site.accounts_site.clock.moved = timedelta(minutes=11)
    answer = upstream_site.come_back(browser, asked)
    assert answer.status_code == 403
    assert upstream_site.who(browser) is None


def test_somebody_who_declines_is_told_so_and_may_go_on(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.accounts_site.browser()
    path = upstream_site.authorize(upstream_site.front_end())
    asked = upstream_site.begin(browser, back=path)
    answer = upstream_site.come_back(browser, asked, error="access_denied")
    assert answer.status_code == 403
    assert "Vous avez renoncé à vous identifier avec ProConnect." in answer.text
    assert "/account/with/op?return=%2Foauth%2Fauthorize" in answer.text
    assert "/account/sign-in?return=%2Foauth%2Fauthorize" in answer.text
    assert upstream_site.who(browser) is None


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"nonce": "x"}, ">nonce</code>"),
        ({"aud": "x"}, ">audience</code>"),
        ({"acr": 5}, "niveau de garantie"),
    ],
)
def test_a_provider_that_lies_signs_nobody_in(
    upstream_site: UpstreamSite, lie: dict[str, Any], said: str
) -> None:
    upstream_site.created()
    upstream_site.op.claims = with_(**lie)
    browser = upstream_site.accounts_site.browser()
    answer = upstream_site.visit(browser)
    assert answer.status_code == 403
    assert said in answer.text
    assert upstream_site.who(browser) is None


@pytest.mark.parametrize("when", ["begin", "finish"])
def test_a_provider_down_leaves_all_else_as_it_was(upstream_site: UpstreamSite, when: str) -> None:
    running = upstream_site.created()
    browser = upstream_site.accounts_site.browser()
    asked = upstream_site.begin(browser) if when == "finish" else {}
    upstream_site.op.answers = lambda *_: JSONResponse({}, 503)
    upstream_site.op.asked.clear()
    if when == "finish":
        answer = upstream_site.come_back(browser, asked)
    else:
        upstream_site.accounts_site.clock.moved = timedelta(
            minutes=20
        )  # what is known is an hour old by then
        running.get("/account")
        upstream_site.accounts_site.clock.moved = timedelta(minutes=61)
        running = upstream_site.created("other")
        answer = browser.get("/account/with/op?return=/account")
    assert answer.status_code == 503
    assert "ProConnect ne répond pas" in answer.text
    assert answer.headers["retry-after"] == "30"
    assert "/account/sign-in?return=%2Faccount" in answer.text
    assert running.is_signed_in()
    upstream_site.accounts_site.account()
    assert went_to(browser.sign_in()) in SIGNED_IN
    assert went_to(upstream_site.visit(upstream_site.accounts_site.browser(), "other"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/account/with/nobody", 404),
        ("/account/back/nobody", 404),
        ("/account/with/op?return=https://evil.example/", 400),
        ("/account/with/op?return=//evil.example/oauth/authorize?", 400),
        ("/account/with/op?return=/livret", 400),
        ("/account/with/op?return=/account%0d%0aX: y", 400),
        ("/account/with/op?return=/account&return=/account", 400),
        ("/account/with/op?return=/oauth/authorize?" + "a" * 2_600, 400),
        ("/account/with/op?" + "a" * 9_000, 400),
        ("/account/back/op", 400),
        ("/account/back/op?state=%00", 400),
        ("/account/back/op?state=%ff", 400),
        ("/account/back/op?state=" + "s" * 5_000, 400),
        ("/account/back/op?state=x&state=y", 400),
        ("/account/back/op?code=c&state=" + "s" * 43, 400),
        ("/account/left", 303),
        ("/account/left?state=%00", 400),
    ],
)
def test_odd_addresses_are_answered_with_a_page(
    upstream_site: UpstreamSite, path: str, status: int
) -> None:
    answer = upstream_site.accounts_site.browser().get(path)
    assert answer.status_code == status
    if status != 303:
        assert "<h1>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "evil" not in answer.headers.get("location", "")


def test_a_fault_of_ours_is_masked(
    upstream_site: UpstreamSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("CANARY")

    monkeypatch.setattr("graphql_api.openid_client.client.OpenIdClient.begin", broken)
    answer = upstream_site.accounts_site.browser().get("/account/with/op")
    assert answer.status_code == 500
    assert "CANARY" not in answer.text


def sees(browser: Browser) -> str:
    answer = browser.get(CHOICE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.parametrize(
    ("claims", "seen"),
    [
        ({"given_name": "<b>Yann</b>"}, "&lt;b&gt;Yann&lt;/b&gt;"),
        ({"given_name": "Ya\0nn\u2028\n x"}, "Ya nn x "),
        ({"given_name": "a" * 300}, "<dd>" + "a" * 100 + " "),
        ({"given_name": ["x"], "family_name": 5, "email": {}}, "nom non transmis"),
        ({"email": "not an address\r\nBcc: x@y.example"}, "Kerjean</dd>"),
        ({"given_name": "\ud800"}, "CANARY-Kerjean"),
    ],
)
def test_names_and_addresses_are_cleaned(
    upstream_site: UpstreamSite, claims: dict[str, Any], seen: str
) -> None:
    said = {"sub": SUBJECT, "family_name": "CANARY-Kerjean"} | claims
    upstream_site.op.userinfo = lambda _: Response(json.dumps(said))  # lone surrogates as escapes
    browser = upstream_site.accounts_site.browser()
    assert went_to(upstream_site.visit(browser)) == CHOICE
    assert seen in sees(browser)
    assert went_to(browser.post("/account/ways/create")) in SIGNED_IN
    assert browser.is_signed_in()


def test_failures_from_one_address_are_limited_and_successes_are_not(
    upstream_site: UpstreamSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "UPSTREAM_CALLBACKS", Limit("upstream", 2))
    upstream_site.created()
    for _ in range(4):
        assert went_to(upstream_site.visit(upstream_site.accounts_site.browser())) in SIGNED_IN
    upstream_site.op.claims = with_(nonce="x")
    answers = [upstream_site.visit(upstream_site.accounts_site.browser()) for _ in range(3)]
    assert [one.status_code for one in answers] == [403, 403, 429]
    asked = len(upstream_site.op.asked)
    assert upstream_site.visit(upstream_site.accounts_site.browser()).status_code == 429
    assert len(upstream_site.op.asked) == asked
    assert "Trop d’essais" in answers[2].text
    assert upstream_site.visit(upstream_site.accounts_site.browser("192.0.2.9")).status_code == 403
    upstream_site.accounts_site.clock.moved = timedelta(hours=1, seconds=1)
    upstream_site.op.claims = with_()
    assert went_to(upstream_site.visit(upstream_site.accounts_site.browser())) in SIGNED_IN
