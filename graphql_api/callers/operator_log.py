"""The rows of the log of operators: who did what and when, and about whom only the role.

An act is written in the transaction of what it did: what was refused or failed is not there.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from graphql_api.storage.actors import Agent
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import OperatorActTable

KEPT = timedelta(days=365)
_COLUMNS = (
    OperatorActTable.id,
    OperatorActTable.at,
    OperatorActTable.issuer,
    OperatorActTable.subject,
    OperatorActTable.act,
    OperatorActTable.about,
)


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act as it was written; `subject` is empty once its author closed their account."""

    id: str
    at: int
    issuer: str
    subject: str
    act: str
    about: str | None


def record(op: Operation, act: str, about: str | None = None) -> None:
    """Write what the caller does; `about` is a SIRET, a site or an application, never a person."""
    if not isinstance(op.actor, Agent):
        return
    row = OperatorActTable.insert(
        id=str(uuid.uuid4()),
        at=op.now_us,
        issuer=op.actor.issuer,
        subject=op.actor.subject,
        act=act,
        about=about,
    )
    op.store.run(row)


def list_acts(op: Operation, first: int, after: tuple[int, str] | None = None) -> list[ActRow]:
    """At most `first` acts, the last first, after the one of this time and id."""
    query = OperatorActTable.select(*_COLUMNS)
    if after is not None:
        at, id = after
        same = (OperatorActTable.at == at) & (OperatorActTable.id > id)
        query = query.where((OperatorActTable.at < at) | same)
    ordered = query.order_by(OperatorActTable.at.desc(), OperatorActTable.id).limit(first)
    return [ActRow(*row) for row in op.store.rows(ordered.tuples())]


def forget_author(store: Store, identities: Iterable[tuple[str, str]]) -> None:
    """Take a person's identifiers out of the log, in the caller's transaction; the acts stay."""
    for issuer, subject in identities:
        theirs = (OperatorActTable.issuer == issuer) & (OperatorActTable.subject == subject)
        store.run(OperatorActTable.update(subject="").where(theirs))


def delete_old(store: Store, now_us: int) -> int:
    """Delete the acts of more than a year ago; return how many."""
    oldest = to_microseconds(from_microseconds(now_us) - KEPT)
    return delete_in_batches(store, OperatorActTable, OperatorActTable.at <= oldest)
