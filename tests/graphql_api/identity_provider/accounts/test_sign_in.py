"""Signing in and out with a local account; sessions; rate limits of passwords."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import accounts, sessions
from graphql_api.identity_provider.accounts.routes import Accounts
from tests.client import TestClient
from tests.cookies import parsed
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    HASH,
    OTHER_PASSWORD,
    PASSWORD,
    SIGNED_IN,
    AccountsSite,
    Browser,
    went_to,
)

COOKIE = "__Host-livret-account"
GUESS = "Pas-le-bon-mot-2"


def test_an_address_signs_in_however_it_is_written(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    for email in (EMAIL, EMAIL.upper(), f"  {EMAIL} "):
        assert went_to(accounts_site.browser().sign_in(email)) in SIGNED_IN


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("m@straße.example", "m@strasse.example"), ("m@☃.example", "m@xn--n3h.example")],
)
def test_an_account_made_under_idna_2003_still_opens_by_the_address_as_typed(
    accounts_site: AccountsSite, typed: str, stored: str
) -> None:
    accounts_site.account(stored)
    assert went_to(accounts_site.browser().sign_in(typed)) in SIGNED_IN
    assert went_to(accounts_site.browser().sign_in(stored)) in SIGNED_IN
    assert accounts_site.browser().post("/account/forgotten", email=typed).status_code == 303
    assert accounts_site.letter(stored).subject == "Choisissez un nouveau mot de passe"


def test_wrong_unknown_not_active_and_without_password_are_answered_alike(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.account()
    accounts_site.account("sans@x.example", None)
    accounts_site.browser().register(email="inactif@x.example", email_again="inactif@x.example")
    answers = [
        accounts_site.browser().sign_in(EMAIL, GUESS),
        accounts_site.browser().sign_in("inconnu@x.example"),
        accounts_site.browser().sign_in("inactif@x.example"),
        accounts_site.browser().sign_in("sans@x.example"),
    ]
    emails = (EMAIL, "inconnu@x.example", "inactif@x.example", "sans@x.example")
    texts = {one.text.replace(email, "") for one, email in zip(answers, emails, strict=True)}
    assert len(texts) == 1
    headers = [dict(one.headers) | {"content-length": ""} for one in answers]
    assert all(one == headers[0] for one in headers)
    assert {one.status_code for one in answers} == {422}


@pytest.mark.parametrize("email", [EMAIL, "inconnu@x.example", "", "é" * 300])
def test_every_attempt_costs_one_hash(
    accounts_site: AccountsSite, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts_site.account()
    done: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: bytes) -> Any:
        done.append(hash.rsplit("$", 2)[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    accounts_site.browser().sign_in(email, GUESS)
    assert done == [HASH.rsplit("$", 2)[0]]


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.account()
    cookie = accounts_site.browser().sign_in().headers["set-cookie"]
    name, secret, attributes = parsed(cookie)
    assert name == COOKIE
    assert len(secret) == 43
    assert attributes == {"path=/", "httponly", "samesite=lax", "secure"}
    assert secret not in str(accounts_site.rows("SELECT * FROM idp_session"))


def test_on_a_developers_machine_the_cookie_has_a_plain_name(accounts_site: AccountsSite) -> None:
    account = accounts_site.accounts
    here = Accounts(
        account.store,
        account.key_store,
        account.master_key,
        account.service_keys,
        "http://127.0.0.1:8000",
        account.workers,
    )
    accounts_site.account()
    client = TestClient(
        Starlette(routes=here.routes()), "http://127.0.0.1:8000", follow_redirects=False
    )
    answer = Browser(client).sign_in()
    assert answer.headers["set-cookie"].startswith("livret-account=")
    assert "Secure" not in answer.headers["set-cookie"]
    assert Browser(client).is_signed_in()


def test_a_secret_that_was_planted_is_worth_nothing(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    browser.client.cookies.set(COOKIE, "A" * 43, domain="livret.example")
    answer = browser.sign_in()
    assert "A" * 43 not in answer.headers["set-cookie"]
    planted = accounts_site.browser()
    planted.client.cookies.set(COOKIE, "A" * 43)
    assert not planted.is_signed_in()


def test_every_sign_in_ends_the_session_before(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    accounts_site.account("other@x.example")
    browser = accounts_site.browser().signed_in()
    before = browser.client.cookies[COOKIE]
    browser.signed_in(email="other@x.example")
    assert "other@x.example" in browser.get("/account").text
    old = accounts_site.browser()
    old.client.cookies.set(COOKIE, before)
    assert not old.is_signed_in()
    assert accounts_site.count("idp_session") == 1


def test_a_session_ends_after_half_an_hour_without_a_request(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    for minutes in (29, 58):
        accounts_site.clock.moved = timedelta(minutes=minutes)
        assert browser.is_signed_in()
    accounts_site.clock.moved = timedelta(minutes=89)
    assert not browser.is_signed_in()
    assert not browser.is_signed_in()


def test_a_session_ends_after_twelve_hours_in_any_case(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    for quarter in range(1, 48):
        accounts_site.clock.moved = timedelta(minutes=15 * quarter)
        assert browser.is_signed_in()
    accounts_site.clock.moved = timedelta(hours=12, seconds=1)
    assert not browser.is_signed_in()
    sessions.delete_expired(accounts_site.store, accounts_site.accounts.new_context().now)
    assert accounts_site.count("idp_session") == 0


def test_the_time_of_a_session_is_written_once_a_minute(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    seen = "SELECT seen_at FROM idp_session"
    first = accounts_site.rows(seen)
    accounts_site.clock.moved = timedelta(seconds=50)
    browser.get("/account")
    assert accounts_site.rows(seen) == first
    accounts_site.clock.moved = timedelta(seconds=70)
    browser.get("/account")
    assert accounts_site.rows(seen) > first


def test_signing_out_ends_the_session_and_clears_the_browser(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    secret = browser.client.cookies[COOKIE]
    answer = browser.post("/account/sign-out")
    assert went_to(answer) == "/account/sign-in?done=left"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert "Vous êtes déconnecté." in browser.get("/account/sign-in?done=left").text
    browser.client.cookies.set(COOKIE, secret)
    assert not browser.is_signed_in()
    assert browser.post("/account/sign-out").status_code == 303  # twice


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 5_000, '"é"', "%00"])
def test_an_odd_cookie_is_nobody(accounts_site: AccountsSite, cookie: str) -> None:
    browser = accounts_site.browser()
    answer = browser.client.get("/account", headers={"cookie": f"{COOKIE}={cookie}".encode()})
    assert went_to(answer) == "/sign-in?next=%2Faccount"


def test_a_hash_of_old_is_made_anew(accounts_site: AccountsSite) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    account = accounts_site.account(password=old)
    accounts_site.browser().signed_in()
    context = accounts_site.accounts.new_context()
    with context.writing():
        known = accounts.find(context, account)
    assert known is not None
    assert known.details.password is not None
    assert not passwords.needs_rehash(known.details.password)
    accounts_site.browser().signed_in()


def test_a_password_that_was_changed_while_it_was_checked_signs_nobody_in(
    accounts_site: AccountsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts_site.account()
    matches = passwords.verify

    def slowly(hash: str | None, password: str) -> bool:
        context = accounts_site.accounts.new_context()
        with context.writing():
            known = accounts.find(context, account)
            assert known is not None
            changed = accounts.with_password(known.details, passwords.hash_password(OTHER_PASSWORD))
            accounts.update(context, known, changed)
        return matches(hash, password)

    monkeypatch.setattr(passwords, "verify", slowly)
    browser = accounts_site.browser()
    assert browser.sign_in().status_code == 422
    assert not browser.is_signed_in()
