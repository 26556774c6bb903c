"""Login methods of an account besides its password: subjects of upstream providers.

An account may have several, for a booklet lasts longer than an employer. Each leads to one account.
The person who adds one has proven both: the account, and the subject at its provider.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from graphql_api.identity_provider.accounts.account_context import AccountContext
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
    row = context.store.row(LoginMethodTable.select(LoginMethodTable.account).where(here).tuples())
    return None if row is None else str(row[0])


def add(context: AccountContext, account: str, issuer: str, subject: str) -> None:
    """Add the subject of an issuer to an account; raises `AlreadyLinkedError`."""
    row = LoginMethodTable.insert(
        issuer=issuer, subject=subject, account=account, added_at=context.now
    )
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
