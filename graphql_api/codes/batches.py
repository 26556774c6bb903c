"""Batches of codes: what was issued together, told in totals.

That one code was used would tell an officer that the person to whom it was handed opened a
booklet. So only a total is told, and none of a batch that is too small to hide anybody.
"""

from typing import Any

from peewee import Case, fn
from strawberry import ID

from graphql_api.callers.officers import require_officer
from graphql_api.codes.limits import SMALLEST_COUNTED
from graphql_api.codes.outcomes import CodeBatch
from graphql_api.storage.keys.authenticated_rows import CODES
from graphql_api.storage.operation import Operation, day_that_ends_at, from_microseconds
from graphql_api.storage.tables import AuthorizationCodeTable
from schema.description.connection import Connection, page_of, page_size

_MADE = fn.MAX(AuthorizationCodeTable.created_at)


def page(op: Operation, siret: str, first: int, after: str | None) -> Connection[CodeBatch]:
    """A page of a collectivité's batches, for one of its officers.

    `after` is the cursor of the page before. Raises `PublicError` for anybody else.
    """
    require_officer(op, siret)
    most = page_size(first)
    found = newest(op, siret, most + 1, after)
    return page_of(found, most, after, lambda one: one.id)


def get(op: Operation, siret: str, id: str) -> CodeBatch | None:
    """A batch of a collectivité, for one of its officers. Raises `PublicError` for anybody else."""
    require_officer(op, siret)
    return _find(op, siret, id)


def revoke(op: Operation, siret: str, id: str) -> CodeBatch | None:
    """Revoke all codes of a batch of a collectivité; None when there is no such batch."""
    this = (AuthorizationCodeTable.siret == siret) & (AuthorizationCodeTable.batch == id)
    CODES.update(op.store, this & AuthorizationCodeTable.revoked_at.is_null(), revoked_at=op.now_us)
    return _find(op, siret, id)


def newest(
    op: Operation, siret: str, first: int | None = None, after: str | None = None
) -> list[CodeBatch]:
    """At most `first` batches of a collectivité, the newest first, after the one of id `after`."""
    query = _select(siret)
    if after is not None:
        place = op.store.row(_select(siret).where(AuthorizationCodeTable.batch == after).tuples())
        if place is None:
            return []
        made = place[1]
        query = query.having(
            (made > _MADE) | ((made == _MADE) & (AuthorizationCodeTable.batch > after))
        )
    query = query.order_by(_MADE.desc(), AuthorizationCodeTable.batch).limit(first)
    return [_to_graphql(op, *row) for row in op.store.rows(query.tuples())]


def _find(op: Operation, siret: str, id: str) -> CodeBatch | None:
    row = op.store.row(_select(siret).where(AuthorizationCodeTable.batch == id).tuples())
    return _to_graphql(op, *row) if row else None


def _select(siret: str) -> Any:  # Peewee has no types
    return (
        AuthorizationCodeTable.select(
            AuthorizationCodeTable.batch,
            _MADE,
            fn.MAX(AuthorizationCodeTable.expires_at),
            fn.MAX(AuthorizationCodeTable.max_uses),
            fn.COUNT(AuthorizationCodeTable.code_hash),
            fn.COUNT(AuthorizationCodeTable.revoked_at),
            fn.SUM(Case(None, [(AuthorizationCodeTable.uses > 0, 1)], 0)),
        )
        .where(AuthorizationCodeTable.siret == siret)
        .group_by(AuthorizationCodeTable.batch)
    )


def _to_graphql(
    op: Operation,
    id: str,
    created_at: int,
    expires_at: int,
    uses: int,
    count: int,
    revoked: int,
    used: int,
) -> CodeBatch:
    """The batch of a row of `_select`."""
    return CodeBatch(
        id=ID(id),
        created_at=from_microseconds(created_at),
        expires_at=from_microseconds(expires_at),
        last_day=day_that_ends_at(expires_at),
        expired=expires_at <= op.now_us,
        uses=uses,
        count=count,
        revoked=revoked,
        used=int(used) if count >= SMALLEST_COUNTED else None,
    )
