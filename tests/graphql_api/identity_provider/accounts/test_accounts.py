"""Accounts beneath their pages: the sign-in step, deletion, clean-up, login methods."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette

from graphql_api.identity_provider.accounts import (
    accounts,
    email_tokens,
    login_methods,
    registrations,
)
from graphql_api.identity_provider.accounts.accounts import EmailTakenError
from graphql_api.identity_provider.app import IdentityProvider
from graphql_api.identity_provider.oauth.clients import FrontEnd, register_front_end
from graphql_api.identity_provider.signing_keys import ensure_key
from graphql_api.storage.cleanup import finish_interrupted_closings
from graphql_api.storage.store import StoreUnavailableError
from graphql_api.storage.tombstones import bury
from schema.typography import typeset
from tests.client import TestClient
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    SITE,
    AccountsSite,
    Browser,
    key,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import SETTINGS, VERIFIER, at_once, challenge

T = TypeVar("T")
BACK = "https://site.example/retour"


def test_a_person_signs_in_at_a_front_end_and_is_known_there(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    browser, client_id = front_end(accounts_site)
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": BACK,
        "scope": "openid email profile",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    to_sign_in = went_to(browser.client.get("/oauth/authorize", params=asked))
    assert to_sign_in.startswith("/account/sign-in?return=")
    assert f"form-action 'self' {urlsplit(BACK).scheme}://site.example" in str(
        browser.get(to_sign_in).headers["content-security-policy"]
    )
    (back,) = parse_qs(urlsplit(to_sign_in).query)["return"]
    assert went_to(browser.sign_in(**{"return": back})) == back
    code = parse_qs(urlsplit(went_to(browser.get(back))).query)["code"][0]
    redeemed = browser.client.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": client_id,
            "code_verifier": VERIFIER,
        },
    )
    token = redeemed.json()["access_token"]
    known = browser.client.get("/oauth/userinfo", headers={"authorization": f"Bearer {token}"})
    assert known.json().pop("updated_at") > 1_700_000_000
    assert {name: value for name, value in known.json().items() if name != "updated_at"} == {
        "sub": account,
        "email": EMAIL,
        "email_verified": True,
        "name": "Maëlle Kerjean",
        "given_name": "Maëlle",
        "family_name": "Kerjean",
        "locale": "fr-FR",
    }
    assert went_to(browser.get(back)).startswith(BACK)  # signed in already
    assert browser.client.get("/oauth/authorize", params=asked | {"prompt": "none"})
    page = browser.client.get("/oauth/end-session")
    assert typeset("Voulez-vous vous déconnecter ?") in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    left = browser.post("/oauth/end-session", confirm="1")
    assert "Vous êtes déconnecté." in left.text
    assert not browser.is_signed_in()


def test_an_account_that_is_forgotten_leaves_nothing(accounts_site: AccountsSite) -> None:
    account, other = accounts_site.account(), accounts_site.account("other@x.example")
    browser = accounts_site.browser().signed_in()
    accounts_site.grant(account)
    context = accounts_site.accounts.new_context()
    with context.writing():
        login_methods.add(context, account, "https://proconnect.example", "sub-1")
        email_tokens.create(context, email_tokens.EMAIL, account, "new@x.example")
    accounts_site.browser().register()
    context = accounts_site.accounts.new_context()
    with context.writing():
        accounts.delete(context, account)
    for table in ("way_in", "session", "letter_key", "registration", "grant"):
        assert accounts_site.count(f"idp_{table}") == 0
    assert accounts_site.rows("SELECT id FROM idp_account") == [(other,)]
    assert keys(accounts_site) == {other}
    assert accounts_site.signed_out == [account]
    assert not browser.is_signed_in()
    assert accounts_site.accounts.sign_in_step().claims(account) is None
    context = accounts_site.accounts.new_context()
    with context.writing():  # twice is no fault
        accounts.delete(context, account)
    assert accounts_site.account() != account  # the address is free again


def test_a_refusal_after_forgetting_undoes_it_key_and_all(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    context = accounts_site.accounts.new_context()

    def forget_in_vain() -> None:
        with context.writing():
            accounts.delete(context, account)
            raise KeyError

    with pytest.raises(KeyError):
        forget_in_vain()
    assert keys(accounts_site) == {account}
    accounts_site.browser().signed_in()


def test_a_key_that_a_crash_left_is_destroyed_by_its_tombstone_and_no_other(
    accounts_site: AccountsSite,
) -> None:
    """A key alone is no reason: its account may come back with newer data."""
    account, alone = accounts_site.account(), accounts_site.account(email="other@example.org")
    stores = (accounts_site.store, accounts_site.key_store)
    with accounts_site.store.writing():
        accounts_site.store.database.execute_sql("DELETE FROM idp_account")
        bury(accounts_site.store, account, 1)
    young = accounts_site.account()
    with accounts_site.key_store.writing():
        accounts_site.key_store.database.execute_sql("UPDATE account_key SET created_at = 1")
    assert finish_interrupted_closings(*stores) == 1
    assert keys(accounts_site) == {alone, young}
    closings = accounts_site.key_store.database.execute_sql("SELECT kind, id FROM closing")
    assert ("account", account) in closings.fetchall()
    assert finish_interrupted_closings(*stores) == 0


def test_without_its_key_an_account_is_nobody(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    browser = accounts_site.browser().signed_in()
    with accounts_site.key_store.writing():
        accounts_site.key_store.database.execute_sql("DELETE FROM account_key")
    assert not browser.is_signed_in()
    assert accounts_site.browser().sign_in().status_code == 422
    assert accounts_site.accounts.sign_in_step().claims(account) is None


def test_what_is_sealed_opens_in_its_own_account_only(accounts_site: AccountsSite) -> None:
    account, other = accounts_site.account(), accounts_site.account("other@x.example")
    sealed = f"SELECT sealed FROM idp_account WHERE id = '{other}'"
    with accounts_site.store.writing():
        accounts_site.store.database.execute_sql(
            f"UPDATE idp_account SET sealed = ({sealed}) WHERE id = '{account}'"
        )
    accounts_site.browser()
    context = accounts_site.accounts.new_context()
    with context.writing():
        assert accounts.find(context, account) is None
        assert accounts.find(context, other) is not None


def test_two_accounts_never_have_the_same_address(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    with pytest.raises(EmailTakenError):
        accounts_site.account(EMAIL.upper())

    def make() -> str:
        try:
            return accounts_site.account("new@x.example")
        except (EmailTakenError, StoreUnavailableError):
            return ""

    assert sum(bool(one) for one in at_once(4, leaving(accounts_site, make))) == 1
    accounts_site.account(activated=False)  # nothing is taken by who proved nothing


def test_a_key_that_two_have_found_is_used_by_one(
    accounts_site: AccountsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts_site.account("other@x.example")
    context = accounts_site.accounts.new_context()
    with context.writing():
        reset = email_tokens.create(context, email_tokens.RESET, account)
    accounts_site.browser().register()
    activation = key(accounts_site.letter())
    for module in (email_tokens, registrations):
        monkeypatch.setattr(module, "find", meeting(module.find))

    def take() -> bool:
        context = accounts_site.accounts.new_context()
        with context.writing():
            return email_tokens.consume(context, email_tokens.RESET, reset) is not None

    def activate() -> bool:
        context = accounts_site.accounts.new_context()
        with context.writing():
            return registrations.activate(context, activation) is not None

    for use in (take, activate):
        assert sorted(at_once(2, leaving(accounts_site, use))) == [False, True]


def test_an_unproven_address_is_not_said_to_be_verified(accounts_site: AccountsSite) -> None:
    account = accounts_site.account(activated=False)
    known = accounts_site.accounts.sign_in_step().claims(account)
    assert known is not None
    assert known["email_verified"] is False


def test_what_a_provider_did_not_tell_is_not_claimed(accounts_site: AccountsSite) -> None:
    context = accounts_site.accounts.new_context()
    with context.writing():
        account = accounts.create(context, accounts.AccountDetails("", "", ""), activated=False)
    known = accounts_site.accounts.sign_in_step().claims(account)
    assert known is not None
    assert set(known) == {"sub", "email_verified", "locale", "updated_at"}


def test_the_step_of_sign_in_ends_a_session(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser, _ = front_end(accounts_site)
    browser.signed_in()
    accounts_site.clock.moved = timedelta(minutes=1)
    assert browser.post("/oauth/end-session", confirm="1").headers["clear-site-data"]
    assert accounts_site.count("idp_session") == 0


def meeting(find: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function so that of two calls at once each has read before the other writes."""
    barrier = Barrier(2)

    def found(*given: Any) -> Any:
        result = find(*given)
        with suppress(BrokenBarrierError):
            barrier.wait(0.3)
        return result

    return found


def leaving(accounts_site: AccountsSite, work: Callable[[], T]) -> Callable[[], T]:
    """Wrap a function so that it leaves no connection behind in its thread."""

    def done() -> T:
        try:
            return work()
        finally:
            accounts_site.store.disconnect()
            accounts_site.key_store.disconnect()

    return done


def keys(accounts_site: AccountsSite) -> set[str]:
    rows = accounts_site.key_store.database.execute_sql(
        "SELECT account FROM account_key"
    ).fetchall()
    return {account for (account,) in rows}


def front_end(accounts_site: AccountsSite) -> tuple[Browser, str]:
    """A browser at a provider that signs people in by the accounts, and a front end's id."""
    step = accounts_site.accounts.sign_in_step()
    provider = IdentityProvider(
        SETTINGS, accounts_site.store, step, accounts_site.accounts.workers, accounts_site.clock
    )
    routes = [*provider.routes(), *accounts_site.accounts.routes()]
    with accounts_site.store.writing():
        ensure_key(
            accounts_site.store, SETTINGS.service_keys, accounts_site.accounts.new_context().now
        )
        id = register_front_end(accounts_site.store, FrontEnd("Site", (BACK,)), 0).client_id
    client = TestClient(Starlette(routes=routes), SITE, follow_redirects=False)
    return Browser(client), id
