"""Signing in and out with a local account; sessions; how often one may guess."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.cleanup import delete_expired
from graphql_api.identity_provider.accounts.routes import Accounts
from tests.client import TestClient
from tests.cookies import parsed
from tests.graphql_api.identity_provider.accounts.office import (
    EMAIL,
    HASH,
    OTHER_PASSWORD,
    PASSWORD,
    Browser,
    Office,
    went_to,
)

COOKIE = "__Host-livret-account"
GUESS = "Pas-le-bon-mot-2"


def test_an_address_signs_in_however_it_is_written(office: Office) -> None:
    office.account()
    for email in (EMAIL, EMAIL.upper(), f"  {EMAIL} "):
        assert went_to(office.browser().sign_in(email)) == "/account"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("m@straße.example", "m@strasse.example"), ("m@☃.example", "m@xn--n3h.example")],
)
def test_an_account_made_under_idna_2003_still_opens_by_the_address_as_typed(
    office: Office, typed: str, stored: str
) -> None:
    office.account(stored)
    assert went_to(office.browser().sign_in(typed)) == "/account"
    assert went_to(office.browser().sign_in(stored)) == "/account"
    assert office.browser().post("/account/forgotten", email=typed).status_code == 303
    assert office.letter(stored).subject == "Choisissez un nouveau mot de passe"


def test_wrong_unknown_not_active_and_without_password_are_answered_alike(office: Office) -> None:
    office.account()
    office.account("sans@x.example", None)
    office.browser().register(email="inactif@x.example", email_again="inactif@x.example")
    answers = [
        office.browser().sign_in(EMAIL, GUESS),
        office.browser().sign_in("inconnu@x.example"),
        office.browser().sign_in("inactif@x.example"),
        office.browser().sign_in("sans@x.example"),
    ]
    emails = (EMAIL, "inconnu@x.example", "inactif@x.example", "sans@x.example")
    texts = {one.text.replace(email, "") for one, email in zip(answers, emails, strict=True)}
    assert len(texts) == 1
    headers = [dict(one.headers) | {"content-length": ""} for one in answers]
    assert all(one == headers[0] for one in headers)
    assert {one.status_code for one in answers} == {422}


@pytest.mark.parametrize("email", [EMAIL, "inconnu@x.example", "", "é" * 300])
def test_every_attempt_costs_one_hash(
    office: Office, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.account()
    done: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: bytes) -> Any:
        done.append(hash.rsplit("$", 2)[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    office.browser().sign_in(email, GUESS)
    assert done == [HASH.rsplit("$", 2)[0]]


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(office: Office) -> None:
    office.account()
    cookie = office.browser().sign_in().headers["set-cookie"]
    name, secret, attributes = parsed(cookie)
    assert name == COOKIE
    assert len(secret) == 43
    assert attributes == {"path=/", "httponly", "samesite=lax", "secure"}
    assert secret not in str(office.rows("SELECT * FROM idp_session"))


def test_on_a_developers_machine_the_cookie_has_a_plain_name(office: Office) -> None:
    account = office.accounts
    here = Accounts(
        account.store,
        account.key_store,
        account.master_key,
        "http://127.0.0.1:8000",
        account.workers,
    )
    office.account()
    client = TestClient(
        Starlette(routes=here.routes()), "http://127.0.0.1:8000", follow_redirects=False
    )
    answer = Browser(client).sign_in()
    assert answer.headers["set-cookie"].startswith("livret-account=")
    assert "Secure" not in answer.headers["set-cookie"]
    assert Browser(client).is_signed_in()


def test_a_secret_that_was_planted_is_worth_nothing(office: Office) -> None:
    office.account()
    browser = office.browser()
    browser.client.cookies.set(COOKIE, "A" * 43, domain="livret.example")
    answer = browser.sign_in()
    assert "A" * 43 not in answer.headers["set-cookie"]
    planted = office.browser()
    planted.client.cookies.set(COOKIE, "A" * 43)
    assert not planted.is_signed_in()


def test_every_sign_in_ends_the_session_before(office: Office) -> None:
    office.account()
    office.account("other@x.example")
    browser = office.browser().signed_in()
    before = browser.client.cookies[COOKIE]
    browser.signed_in(email="other@x.example")
    assert "other@x.example" in browser.get("/account").text
    old = office.browser()
    old.client.cookies.set(COOKIE, before)
    assert not old.is_signed_in()
    assert office.count("idp_session") == 1


def test_a_session_ends_after_half_an_hour_without_a_request(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    for minutes in (29, 58):
        office.clock.moved = timedelta(minutes=minutes)
        assert browser.is_signed_in()
    office.clock.moved = timedelta(minutes=89)
    assert not browser.is_signed_in()
    assert not browser.is_signed_in()


def test_a_session_ends_after_twelve_hours_in_any_case(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    for quarter in range(1, 48):
        office.clock.moved = timedelta(minutes=15 * quarter)
        assert browser.is_signed_in()
    office.clock.moved = timedelta(hours=12, seconds=1)
    assert not browser.is_signed_in()
    delete_expired(office.store, office.key_store, office.accounts.new_context().now)
    assert office.count("idp_session") == 0


def test_the_time_of_a_session_is_written_once_a_minute(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    seen = "SELECT seen_at FROM idp_session"
    first = office.rows(seen)
    office.clock.moved = timedelta(seconds=50)
    browser.get("/account")
    assert office.rows(seen) == first
    office.clock.moved = timedelta(seconds=70)
    browser.get("/account")
    assert office.rows(seen) > first


def test_signing_out_ends_the_session_and_clears_the_browser(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    secret = browser.client.cookies[COOKIE]
    answer = browser.post("/account/sign-out")
    assert went_to(answer) == "/account/sign-in?done=left"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "Vous êtes déconnecté." in browser.get("/account/sign-in?done=left").text
    browser.client.cookies.set(COOKIE, secret)
    assert not browser.is_signed_in()
    assert browser.post("/account/sign-out").status_code == 303  # twice


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 5_000, '"é"', "%00"])
def test_an_odd_cookie_is_nobody(office: Office, cookie: str) -> None:
    browser = office.browser()
    answer = browser.client.get("/account", headers={"cookie": f"{COOKIE}={cookie}".encode()})
    assert went_to(answer) == "/account/sign-in"


def test_a_hash_of_old_is_made_anew(office: Office) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    account = office.account(password=old)
    office.browser().signed_in()
    context = office.accounts.new_context()
    with context.writing():
        known = accounts.find(context, account)
    assert known is not None
    assert known.details.password is not None
    assert not passwords.needs_rehash(known.details.password)
    office.browser().signed_in()


def test_a_password_that_was_changed_while_it_was_checked_signs_nobody_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = office.account()
    matches = passwords.verify

    def slowly(hash: str | None, password: str) -> bool:
        context = office.accounts.new_context()
        with context.writing():
            known = accounts.find(context, account)
            assert known is not None
            changed = accounts.with_password(known.details, passwords.hash_password(OTHER_PASSWORD))
            accounts.update(context, known, changed)
        return matches(hash, password)

    monkeypatch.setattr(passwords, "verify", slowly)
    browser = office.browser()
    assert browser.sign_in().status_code == 422
    assert not browser.is_signed_in()
