"""Taking a way in from an account: never the last one, only one's own, and not by surprise."""

import contextlib
import threading
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider.upstream import unlinking
from tests.graphql_api.identity_provider.accounts.office import Browser, went_to
from tests.graphql_api.identity_provider.issuer import at_once
from tests.graphql_api.identity_provider.upstream.town import CHOICE, Town
from tests.graphql_api.openid_client.provider import SUBJECT


def remove(browser: Browser, issuer: str = "https://op.example", subject: str = SUBJECT) -> Any:
    return browser.post("/account/ways/remove", issuer=issuer, subject=subject)


def test_a_way_is_removed_when_another_works(town: Town) -> None:
    browser = town.created("op")
    town.visit(browser, "other")
    browser.post("/account/ways/add")
    elsewhere = town.office.browser()
    town.visit(elsewhere)
    assert went_to(remove(browser)) == "/account?done=way-removed"
    assert [issuer for issuer, _, _ in town.ways()] == ["https://other.example"]
    assert browser.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert len(town.office.signed_out) == 1
    assert went_to(town.visit(town.office.browser())) == CHOICE


def test_the_last_way_that_works_stays(town: Town) -> None:
    browser = town.created("op")
    answer = remove(browser)
    assert answer.status_code == 409
    assert "le seul moyen" in answer.text
    with town.office.store.writing():  # a provider that is no longer in use opens nothing
        town.office.store.database.execute_sql(
            "INSERT INTO idp_way_in (issuer, subject, account, added_at)"
            f" VALUES ('https://gone.example', 'x', '{town.who(browser)}', 0)"
        )
    assert remove(browser).status_code == 409
    assert went_to(remove(browser, "https://gone.example", "x")) == "/account?done=way-removed"


def test_with_a_password_every_way_may_go(town: Town) -> None:
    town.office.account()
    browser = town.office.browser().signed_in()
    town.visit(browser)
    browser.post("/account/ways/add")
    town.office.post()
    assert went_to(remove(browser)) == "/account?done=way-removed"
    assert town.ways() == []
    assert "ne peut plus" in town.office.letter().text


def test_of_two_ways_removed_at_once_one_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    both_looked, look = threading.Barrier(2), unlinking._another_method_works

    def looked(*given: Any) -> bool:
        found = look(*given)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_looked.wait(0.3)  # in vain, if the second waits for the first
        return found

    monkeypatch.setattr(unlinking, "_another_method_works", looked)
    browser = town.created("op")
    town.visit(browser, "other")
    browser.post("/account/ways/add")
    tabs = [town.office.browser(), town.office.browser()]
    for tab in tabs:
        town.visit(tab)
    issuers = ["https://op.example", "https://other.example"]
    both = list(zip(tabs, issuers, strict=True))
    at_once(2, lambda: remove(*both.pop()))
    assert len(town.ways()) == 1


def test_only_ones_own_ways_are_removed_and_after_a_recent_sign_in(town: Town) -> None:
    town.created("op")
    town.office.account()
    stranger = town.office.browser().signed_in()
    assert went_to(remove(stranger)) == "/account"
    assert len(town.ways()) == 1
    assert went_to(remove(town.office.browser())) == "/account/sign-in"
    town.visit(stranger, "other")
    stranger.post("/account/ways/add")
    town.office.clock.moved = timedelta(minutes=11)
    answer = remove(stranger, "https://other.example")
    assert "connectez-vous de nouveau" in answer.text
    assert len(town.ways()) == 2
