"""Ways into an account besides its password: subjects of upstream providers.

An account may have several, for a booklet lasts longer than an employer. Each leads to one account.
Whoever adds one has proven both: the account, and the subject at its provider.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.tables import WayIn


class AlreadyLinked(Exception):  # noqa: N818 - says what the way in is
    """The subject already leads to another account."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in, and since when, in microseconds."""

    issuer: str
    subject: str
    added_at: int


def account_of(desk: Desk, issuer: str, subject: str) -> str | None:
    """The account that the subject of an issuer leads to."""
    here = (WayIn.issuer == issuer) & (WayIn.subject == subject)
    row = desk.store.row(WayIn.select(WayIn.account).where(here).tuples())
    return None if row is None else str(row[0])


def add(desk: Desk, account: str, issuer: str, subject: str) -> None:
    """Let the subject of an issuer into an account; raises `AlreadyLinked`."""
    row = WayIn.insert(issuer=issuer, subject=subject, account=account, added_at=desk.now)
    try:
        with desk.store.savepoint():
            desk.store.run(row)
    except IntegrityError:
        if account_of(desk, issuer, subject) != account:
            raise AlreadyLinked from None


def remove(desk: Desk, account: str, issuer: str, subject: str) -> bool:
    """Take a way in from an account; whether it had it. That another remains is the caller's rule."""
    here = (WayIn.issuer == issuer) & (WayIn.subject == subject) & (WayIn.account == account)
    return desk.store.run(WayIn.delete().where(here)) == 1


def listed(desk: Desk, account: str) -> list[Way]:
    """The ways into an account, oldest first."""
    query = WayIn.select(WayIn.issuer, WayIn.subject, WayIn.added_at)
    mine = query.where(WayIn.account == account).order_by(WayIn.added_at, WayIn.issuer)
    return [Way(*row) for row in desk.store.rows(mine.tuples())]
