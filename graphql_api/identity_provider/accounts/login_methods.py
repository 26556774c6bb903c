"""Login methods of an account besides its password: subjects of upstream providers.

An account may have several, for a booklet lasts longer than an employer. Each leads to one account.
The person who adds one has proven both: the account, and the subject at its provider.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.authenticated_tables import LOGIN_METHODS
from graphql_api.identity_provider.accounts.tables import LoginMethodTable


class AlreadyLinkedError(Exception):
    """The subject already leads to another account."""


@dataclass(frozen=True, slots=True)
class LoginMethod:
    """A login method, and the time when it was added, in microseconds."""

    issuer: str
    subject: str
    added_at: int


def account_of(context: AccountContext, issuer: str, subject: str) -> str | None:
    """The account that the subject of an issuer leads to."""
    here = (LoginMethodTable.issuer == issuer) & (LoginMethodTable.subject == subject)
    rows = context.store.rows(LoginMethodTable.select(*LOGIN_METHODS.columns).where(here).tuples())
    found = LOGIN_METHODS.genuine(context.store, rows)
    return str(found[0]["account"]) if found else None


def add(context: AccountContext, account: str, issuer: str, subject: str) -> None:
    """Add the subject of an issuer to an account; raises `AlreadyLinkedError`."""
    values = {
        "issuer": issuer,
        "subject": subject,
        "account": account,
        "added_at": context.now,
    }
    row = LoginMethodTable.insert(LOGIN_METHODS.signed(context.store, values))
    try:
        with context.store.savepoint():
            context.store.run(row)
    except IntegrityError:
        if account_of(context, issuer, subject) != account:
            raise AlreadyLinkedError from None


def remove(context: AccountContext, account: str, issuer: str, subject: str) -> bool:
    """Remove a login method, and return whether there was one; the caller keeps the last."""
    here = (
        (LoginMethodTable.issuer == issuer)
        & (LoginMethodTable.subject == subject)
        & (LoginMethodTable.account == account)
    )
    return context.store.run(LoginMethodTable.delete().where(here)) == 1


def list_methods(context: AccountContext, account: str) -> list[LoginMethod]:
    """The login methods of an account, oldest first."""
    query = LoginMethodTable.select(
        LoginMethodTable.issuer, LoginMethodTable.subject, LoginMethodTable.added_at
    )
    mine = query.where(LoginMethodTable.account == account).order_by(
        LoginMethodTable.added_at, LoginMethodTable.issuer
    )
    return [LoginMethod(*row) for row in context.store.rows(mine.tuples())]
