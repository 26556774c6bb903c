"""An editor of the database lets nobody in: keys, login methods and letters' keys are authenticated."""

import json
from dataclasses import asdict, replace

import pytest
from joserfc.jwk import ECKey
from starlette.requests import Request

from graphql_api.callers.account_lookup import account_context
from graphql_api.identity_provider.accounts import (
    accounts,
    email_tokens,
    login_methods,
    registrations,
)
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.accounts.authenticated_tables import (
    EMAIL_TOKENS,
    LOGIN_METHODS,
    SIGN_IN_TABLES,
)
from graphql_api.identity_provider.accounts.email_tokens import RESET
from graphql_api.identity_provider.accounts.tables import AccountTable, RegistrationTable
from graphql_api.identity_provider.signing_keys import public_keys
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.identity_provider.upstream import pending_logins
from graphql_api.identity_provider.upstream.pending_logins import PendingLogin
from graphql_api.identity_provider.upstream.tables import PendingLoginTable
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import digest
from tests.conftest import Here

ISSUER = "https://provider.example"


def test_a_signing_key_that_was_added_verifies_no_token(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    store = here.deployment.store
    before = {key.kid for key in public_keys(store).keys}
    assert before
    forged = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    row = {
        "kid": forged.kid,
        "public": json.dumps(forged.as_dict(private=False)),
        "created_at": 1,
        "signs_from": 1,
    }
    mac = store.rows(SigningKeyTable.select(SigningKeyTable.mac).tuples())[0][0]
    for added in (row, row | {"mac": mac}):
        with store.writing():
            store.run(SigningKeyTable.insert(added))
        try:
            assert {key.kid for key in public_keys(store).keys} == before
            assert "not authentic: idp_signing_key" in caplog.text
        finally:  # the keys outlive the tests
            with store.writing():
                store.run(SigningKeyTable.delete().where(SigningKeyTable.kid == forged.kid))


def test_a_login_method_that_was_added_or_moved_leads_to_no_account(here: Here) -> None:
    context = account_context(here.deployment.service.operation(Anonymous()))
    table = LOGIN_METHODS.table
    with context.store.writing():
        login_methods.add(context, "account", ISSUER, "subject")
        assert login_methods.account_of(context, ISSUER, "subject") == "account"
        context.store.run(table.insert(issuer=ISSUER, subject="x", account="account", added_at=1))
        assert login_methods.account_of(context, ISSUER, "x") is None
        context.store.run(table.update(account="victim").where(table.subject == "subject"))
        assert login_methods.account_of(context, ISSUER, "subject") is None


def test_the_key_of_a_letter_that_was_moved_or_prolonged_permits_nothing(here: Here) -> None:
    context = account_context(here.deployment.service.operation(Anonymous()))
    table = EMAIL_TOKENS.table
    with context.store.writing():
        for change in ({"account": "victim"}, {"expires_at": context.now * 2}, {"mac": None}):
            key = email_tokens.create(context, RESET, "account")
            assert email_tokens.find(context, RESET, key) is not None
            context.store.run(table.update(change))
            assert email_tokens.find(context, RESET, key) is None


def forged_sealer(context: AccountContext, name: str, secret: str) -> Sealer:
    """What somebody without the keys of the service seals with, who knows all else."""
    blind = replace(context, service_keys=lambda _name: bytes(32))
    return Sealer(name, blind.sealing_key(secret, name))


def test_a_registration_that_was_added_activates_no_account(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    """Its writer knows the key of the letter, so that no letter proves the address."""
    context = account_context(here.deployment.service.operation(Anonymous()))
    details = AccountDetails("Lefèvre", "Maëlle", "mayor@example.org")
    table = RegistrationTable
    with context.store.writing():
        registrations.begin(context, replace(details, email="mine@example.org"), "browser")
        query = table.select(table.key_hash, table.browser_hash, table.expires_at)
        _, browser_hash, expires_at = context.store.rows(query.tuples())[0]
        key = "k" * 43
        bound = registrations._seal_context(digest(key), browser_hash)
        sealed = forged_sealer(context, "registration", key).seal(bound, asdict(details))
        row = {"key_hash": digest(key), "browser_hash": browser_hash, "expires_at": expires_at}
        context.store.run(table.insert(row | {"sealed": sealed, "mark": digest("x")}))
        assert registrations.find(context, key) is None
        assert "not authentic: idp_registration" in caplog.text
        assert registrations.activate(context, key) is None
        assert context.store.rows(AccountTable.select(AccountTable.id).tuples()) == []


def test_a_registration_is_of_the_browser_that_sent_it_and_no_editor_moves_it(here: Here) -> None:
    """Else a stranger's form would take the password from nobody, in the browser of its victim."""
    context = account_context(here.deployment.service.operation(Anonymous()))
    details = AccountDetails("Lefèvre", "Maëlle", "maelle@example.org")
    with context.store.writing():
        registrations.begin(context, details, "a stranger's")
        ((wrapped,),) = context.store.rows(
            RegistrationTable.select(RegistrationTable.wrapped_key).tuples()
        )
        hashed = context.store.rows(RegistrationTable.select(RegistrationTable.key_hash).tuples())
        bound = registrations._seal_context(hashed[0][0])
        key = registrations._key_sealer(context).open(bound, bytes(wrapped))
        assert registrations.find(context, key) is not None
        context.store.run(RegistrationTable.update(browser_hash=digest("the victim's")))
        assert registrations.find(context, key) is None


def test_a_pending_login_that_was_added_or_prolonged_names_nobody(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    context = account_context(here.deployment.service.operation(Anonymous()))
    login = PendingLogin(ISSUER, "subject", "ProConnect", 1, None, (), "", "", "", "/")
    table = PendingLoginTable
    with context.store.writing():
        headers = pending_logins.store(context, login)
        mine = _with_cookie(headers[0][1].partition(";")[0])
        assert pending_logins.find(context, mine) == login
        context.store.run(table.update(expires_at=table.expires_at + 1))
        assert pending_logins.find(context, mine) is None
        assert "not authentic: idp_arrival" in caplog.text
        context.store.run(table.update(expires_at=table.expires_at - 1))
        assert pending_logins.find(context, mine) == login
        secret, expires_at = "s" * 43, context.now + pending_logins.LIFETIME
        bound = pending_logins._seal_context(expires_at)
        victim = asdict(replace(login, subject="victim"))
        sealed = forged_sealer(context, "arrival", secret).seal(bound, victim)
        row = {"secret_hash": digest(secret), "expires_at": expires_at, "sealed": sealed}
        context.store.run(table.insert(row))
        name = headers[0][1].partition("=")[0]
        assert pending_logins.find(context, _with_cookie(f"{name}={secret}")) is None


def _with_cookie(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def test_an_account_that_does_not_open_is_nobodys_and_stays_as_it_is(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    context = account_context(here.deployment.service.operation(Anonymous()))
    details = AccountDetails("Lefèvre", "Maëlle", "maelle@example.org")
    with context.store.writing():
        account = accounts.create(context, details, activated=True)
        assert accounts.find_by_email(context, details.email) is not None
        context.store.run(AccountTable.update(sealed=b"cut"))
        assert accounts.find(context, account) is None
        assert accounts.find_by_email(context, details.email) is None
        with pytest.raises(accounts.EmailTakenError):
            accounts.create(context, details, activated=True)
        assert context.store.rows(AccountTable.select(AccountTable.sealed).tuples()) == [(b"cut",)]
    assert f"damaged: the account {account}" in caplog.text
    assert "maelle" not in caplog.text


def test_the_rows_that_let_somebody_in_are_of_these_tables() -> None:
    assert [one.name for one in SIGN_IN_TABLES] == [
        "idp_signing_key",
        "idp_way_in",
        "idp_letter_key",
        "idp_session",
        "idp_account",
        "idp_client",
        "idp_grant",
        "idp_code",
        "idp_refresh_token",
    ]
