"""An account loses a login method only by its holder, and never the last one."""

import contextlib
import threading
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider.upstream import unlinking
from tests.graphql_api.identity_provider.accounts.accounts_site import Browser, went_to
from tests.graphql_api.identity_provider.issuer import at_once
from tests.graphql_api.identity_provider.upstream.upstream_site import CHOICE, UpstreamSite
from tests.graphql_api.openid_client.provider import SUBJECT


def remove(browser: Browser, issuer: str = "https://op.example", subject: str = SUBJECT) -> Any:
    return browser.post("/account/ways/remove", issuer=issuer, subject=subject)


def test_a_way_is_removed_when_another_works(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created("op")
    upstream_site.visit(browser, "other")
    browser.post("/account/ways/add")
    elsewhere = upstream_site.accounts_site.browser()
    upstream_site.visit(elsewhere)
    assert went_to(remove(browser)) == "/account?done=way-removed"
    assert [issuer for issuer, _, _ in upstream_site.ways()] == ["https://other.example"]
    assert browser.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert len(upstream_site.accounts_site.signed_out) == 1
    assert went_to(upstream_site.visit(upstream_site.accounts_site.browser())) == CHOICE


def test_the_last_way_that_works_stays(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created("op")
    answer = remove(browser)
    assert answer.status_code == 409
    assert "le seul moyen" in answer.text
    with (
        upstream_site.accounts_site.store.writing()
    ):  # a provider that is no longer in use opens nothing
        upstream_site.accounts_site.store.database.execute_sql(
            "INSERT INTO idp_way_in (issuer, subject, account, added_at)"
            f" VALUES ('https://gone.example', 'x', '{upstream_site.who(browser)}', 0)"
        )
    assert remove(browser).status_code == 409
    assert went_to(remove(browser, "https://gone.example", "x")) == "/account?done=way-removed"


def test_with_a_password_every_way_may_go(upstream_site: UpstreamSite) -> None:
    upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser().signed_in()
    upstream_site.visit(browser)
    browser.post("/account/ways/add")
    upstream_site.accounts_site.post()
    assert went_to(remove(browser)) == "/account?done=way-removed"
    assert upstream_site.ways() == []
    assert "ne peut plus" in upstream_site.accounts_site.letter().text


def test_of_two_ways_removed_at_once_one_stays(
    upstream_site: UpstreamSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked, look = threading.Barrier(2), unlinking._another_method_works

    def looked(*given: Any) -> bool:
        found = look(*given)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_looked.wait(0.3)  # in vain, if the second waits for the first
        return found

    monkeypatch.setattr(unlinking, "_another_method_works", looked)
    browser = upstream_site.created("op")
    upstream_site.visit(browser, "other")
    browser.post("/account/ways/add")
    tabs = [upstream_site.accounts_site.browser(), upstream_site.accounts_site.browser()]
    for tab in tabs:
        upstream_site.visit(tab)
    issuers = ["https://op.example", "https://other.example"]
    both = list(zip(tabs, issuers, strict=True))
    at_once(2, lambda: remove(*both.pop()))
    assert len(upstream_site.ways()) == 1


def test_only_ones_own_ways_are_removed_and_after_a_recent_sign_in(
    upstream_site: UpstreamSite,
) -> None:
    upstream_site.created("op")
    upstream_site.accounts_site.account()
    stranger = upstream_site.accounts_site.browser().signed_in()
    assert went_to(remove(stranger)) == "/account"
    assert len(upstream_site.ways()) == 1
    assert went_to(remove(upstream_site.accounts_site.browser())) == "/sign-in?next=%2Faccount"
    upstream_site.visit(stranger, "other")
    stranger.post("/account/ways/add")
    upstream_site.accounts_site.clock.moved = timedelta(minutes=11)
    answer = remove(stranger, "https://other.example")
    assert "connectez-vous de nouveau" in answer.text
    assert len(upstream_site.ways()) == 2
