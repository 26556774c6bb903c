"""An editor of the database lets nobody in: keys, login methods and letters' keys are authenticated."""

import json

import pytest
from joserfc.jwk import ECKey

from graphql_api.callers.account_lookup import account_context
from graphql_api.identity_provider.accounts import accounts, email_tokens, login_methods
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.accounts.authenticated_tables import (
    EMAIL_TOKENS,
    LOGIN_METHODS,
    SIGN_IN_TABLES,
)
from graphql_api.identity_provider.accounts.email_tokens import RESET
from graphql_api.identity_provider.accounts.tables import AccountTable
from graphql_api.identity_provider.signing_keys import public_keys
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.storage.actors import Anonymous
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
