"""Ways into an account besides its password: subjects of upstream providers.

An account may have several, for a booklet lasts longer than an employer. Each leads to one account.
Whoever adds one has proven both: the account, and the subject at its provider.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.tables import LoginMethodRow


class AlreadyLinkedError(Exception):
    """The subject already leads to another account."""


@dataclass(frozen=True, slots=True)
class LoginMethod:
    """A way in, and since when, in microseconds."""

    issuer: str
    subject: str
    added_at: int


def account_of(context: AccountContext, issuer: str, subject: str) -> str | None:
    """The account that the subject of an issuer leads to."""
    here = (LoginMethodRow.issuer == issuer) & (LoginMethodRow.subject == subject)
    row = context.store.row(LoginMethodRow.select(LoginMethodRow.account).where(here).tuples())
    return None if row is None else str(row[0])


def add(context: AccountContext, account: str, issuer: str, subject: str) -> None:
    """Let the subject of an issuer into an account; raises `AlreadyLinkedError`."""
    row = LoginMethodRow.insert(
        issuer=issuer, subject=subject, account=account, added_at=context.now
    )
    try:
        with context.store.savepoint():
            context.store.run(row)
    except IntegrityError:
        if account_of(context, issuer, subject) != account:
            raise AlreadyLinkedError from None


def remove(context: AccountContext, account: str, issuer: str, subject: str) -> bool:
    """Take a way in from an account; whether it had it. That another remains is the caller's rule."""
    here = (
        (LoginMethodRow.issuer == issuer)
        & (LoginMethodRow.subject == subject)
        & (LoginMethodRow.account == account)
    )
    return context.store.run(LoginMethodRow.delete().where(here)) == 1


def list_methods(context: AccountContext, account: str) -> list[LoginMethod]:
    """The ways into an account, oldest first."""
    query = LoginMethodRow.select(
        LoginMethodRow.issuer, LoginMethodRow.subject, LoginMethodRow.added_at
    )
    mine = query.where(LoginMethodRow.account == account).order_by(
        LoginMethodRow.added_at, LoginMethodRow.issuer
    )
    return [LoginMethod(*row) for row in context.store.rows(mine.tuples())]
