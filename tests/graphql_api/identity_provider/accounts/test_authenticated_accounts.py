"""An editor of the database enables no account and moves no address to another."""

from typing import Any

import pytest

from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.authenticated_tables import ACCOUNT_ROWS
from graphql_api.identity_provider.accounts.tables import AccountTable
from tests.graphql_api.identity_provider.accounts.accounts_site import EMAIL, AccountsSite

OTHER = "other@example.org"


def alter(site: AccountsSite, account: str, **changes: Any) -> None:
    """Write other values into an account's row, as an editor would."""
    with site.store.writing():
        query = AccountTable.update(**changes).where(AccountTable.id == account)
        assert site.store.run(query) == 1


def row_of(site: AccountsSite, account: str) -> dict[str, Any]:
    query = AccountTable.select(*ACCOUNT_ROWS.columns).where(AccountTable.id == account)
    with site.store.reading():
        row = site.store.row(query.tuples())
    assert row is not None
    return dict(zip((*ACCOUNT_ROWS.fields, "mac"), row, strict=True))


def is_there(site: AccountsSite, account: str) -> bool:
    """Whether an account is found, by its id and by its address, and somebody may sign in to it."""
    context = site.accounts.new_context()
    with context.writing():
        by_id = accounts.find(context, account) is not None
        assert (accounts.claims(context, account) is not None) is by_id
        return by_id and not accounts.is_disabled(context, account)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mark", "0" * 64),
        ("mark", None),
        ("created_at", 1),
        ("disabled_at", 1),
        ("mac", None),
        ("mac", b"wrong"),
    ],
)
def test_an_account_that_was_altered_is_nobodys(
    accounts_site: AccountsSite, column: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    account = accounts_site.account()
    before = row_of(accounts_site, account)
    alter(accounts_site, account, **{column: value})
    assert not is_there(accounts_site, account)
    assert f"not authentic: idp_account {account}" in caplog.text
    assert EMAIL not in caplog.text
    assert accounts_site.browser().sign_in().status_code == 422
    alter(accounts_site, account, **{column: before[column]})
    assert is_there(accounts_site, account)


def test_an_account_under_another_id_is_nobodys(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    with accounts_site.store.writing():
        accounts_site.store.run(AccountTable.update(id="forged"))
    assert not is_there(accounts_site, "forged")
    assert not is_there(accounts_site, account)


@pytest.mark.parametrize("names", [("mac",), ("mark",)])
def test_what_two_accounts_have_does_not_serve_each_other(
    accounts_site: AccountsSite, names: tuple[str]
) -> None:
    ids = accounts_site.account(), accounts_site.account(OTHER)
    one, two = (row_of(accounts_site, id) for id in ids)
    alter(accounts_site, ids[0], **dict.fromkeys(names))  # an address is unique
    alter(accounts_site, ids[1], **{name: one[name] for name in names})
    alter(accounts_site, ids[0], **{name: two[name] for name in names})
    context = accounts_site.accounts.new_context()
    with context.writing():
        assert accounts.find_by_email(context, EMAIL) is None
        assert accounts.find_by_email(context, OTHER) is None
        details = accounts.AccountDetails("Kerjean", "Maëlle", EMAIL)
        with pytest.raises(accounts.EmailTakenError):
            accounts.create(context, details, activated=True)


def test_an_account_that_was_disabled_is_enabled_by_an_operator_alone(
    accounts_site: AccountsSite,
) -> None:
    account = accounts_site.account()
    context = accounts_site.accounts.new_context()
    with context.writing():
        assert accounts.set_disabled(context, account, 5)
        assert not accounts.set_disabled(context, account, 6)
        assert accounts.is_disabled(context, account)
        record = accounts.find(context, account)
        assert record is not None
        assert accounts.update(context, record, record.details)
        assert not accounts.update(context, record, record.details), "it has changed since"
    alter(accounts_site, account, disabled_at=None)
    assert not is_there(accounts_site, account)
    assert accounts_site.browser().sign_in().status_code == 422
    with context.writing():
        assert accounts.is_disabled(context, account)
        assert not accounts.set_disabled(context, account, 7), "it is not authentic"
    alter(accounts_site, account, disabled_at=5)
    with context.writing():
        assert accounts.set_disabled(context, account, None)
    assert is_there(accounts_site, account)
    accounts_site.browser().signed_in()


def test_an_account_that_is_disabled_meanwhile_stays_so(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    context = accounts_site.accounts.new_context()
    with context.writing():
        record = accounts.find(context, account)
        assert record is not None
        assert accounts.set_disabled(context, account, 5)
        assert not accounts.update(context, record, record.details)
        found = accounts.find(context, account)
        assert found is not None
        assert found.disabled_at == 5
