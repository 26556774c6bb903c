"""The rows of booklets, and their keys: which booklet is whose, and how far it has come."""

import logging
from dataclasses import dataclass
from typing import Any

from graphql_api.storage.actors import Agent
from graphql_api.storage.content.booklet_statements import (
    BY_ID,
    KEY,
    OF_LOGIN,
    OF_PERSON,
    SECTIONS_OF_LOGIN,
)
from graphql_api.storage.content.damage import (
    DamagedKeyError,
)
from graphql_api.storage.content.sections import Section
from graphql_api.storage.keys.authenticated_rows import BOOKLETS, LOGIN_IDENTITIES
from graphql_api.storage.keys.encryption import DecryptionError, Sealer
from graphql_api.storage.keys.known_heads import KnownHead
from graphql_api.storage.keys.store_marks import check_master_key_of
from graphql_api.storage.operation import Operation, ReadAhead
from graphql_api.storage.people import lock_row_of, person_of_rows
from graphql_api.storage.store import Asked
from schema.description.refusals import BookletState

_Rows = list[tuple[Any, ...]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BookletRow:
    """The row of a booklet; `is_consented` says that sites may have consents to read of it."""

    id: str
    state: BookletState
    version: int
    code_hash: str
    charter_version: str | None
    charter_accepted_at: int | None
    created_at: int
    updated_at: int
    is_consented: bool


def row_of_person(op: Operation, person: str) -> BookletRow | None:
    """The row of a person's booklet, or None."""
    return _row(op, op.store.rows_of("booklet of person", OF_PERSON, person))


def row_of_caller(op: Operation) -> BookletRow | None:
    """The row of the caller's booklet, or None. Who they are is found with it, if not known yet.

    In a transaction of PostgreSQL, the sections of `op.with_row` are read in the same round trip.
    """
    if op.own_row is not None:
        return _row(op, [op.own_row])
    is_known, asked = op.person is not None, _query_of_caller(op)
    if asked is None:
        return None
    rows, ahead = _with_sections(op, asked)
    row = _row(op, rows if is_known else own_rows(op, rows))
    if row is not None and ahead is not None:
        op.read_ahead = ReadAhead(row.id, row.version, *ahead)
    return row


def _query_of_caller(op: Operation) -> Asked | None:
    if op.person is not None:
        return "booklet of person", OF_PERSON, (op.person,)
    if isinstance(op.actor, Agent):
        return "booklet of login", OF_LOGIN, (op.actor.issuer, op.actor.subject)
    return None


def _with_sections(
    op: Operation, asked: Asked
) -> tuple[_Rows, tuple[frozenset[str], _Rows] | None]:
    """What a query of the caller's row brings; and, once, which sections were read along with it."""
    name, query, params = asked
    in_transaction = not op.store.is_sqlite and op.store.database.in_transaction()
    if not op.with_row or not in_transaction or not isinstance(op.actor, Agent):
        return op.store.look_up(name, query, *params), None
    named = sorted({*op.with_row, Section.HEAD.value})
    op.with_row = frozenset()
    of_login = (op.actor.issuer, op.actor.subject, *named)
    rows, sections = op.store.rows_of_each(
        asked, (f"{len(named)} sections of login", SECTIONS_OF_LOGIN[len(named)], of_login)
    )
    return rows, (frozenset(named), sections)


def own_rows(op: Operation, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of the caller's booklet, from rows that begin with a login identity; it says who calls."""
    width = len(LOGIN_IDENTITIES.columns)
    op.person = person_of_rows(op, [row[:width] for row in rows])
    return [row[width:] for row in rows if op.person and row[width] is not None]


def row_by_id(op: Operation, booklet: str) -> BookletRow | None:
    """The row of the booklet with that id, or None."""
    return _row(op, op.store.rows_of("booklet", BY_ID, booklet))


def lock_person(op: Operation, person: str) -> None:
    """Lock a person's row until this operation ends, so that their writes follow one another.

    A person who closed their account while this operation waited has no row any more: the
    operation is then nobody's.
    """
    if not lock_row_of(op, person):
        op.person = None


def _row(op: Operation, rows: list[tuple[Any, ...]]) -> BookletRow | None:
    if not rows:
        return None
    *columns, person, mac = rows[0]
    if not BOOKLETS.is_genuine(op.store, (columns[0], person, mac)):
        return None
    id, state, *others = columns
    return BookletRow(id, BookletState(state), *others)


def sealer_of(op: Operation, booklet: str) -> Sealer | None:
    """The sealer of a booklet, or None when its key was destroyed. Raises `DamagedKeyError`."""
    if booklet not in op.sealers and (rows := op.key_store.look_up("key", KEY, booklet)):
        op.sealers[booklet] = opened_key(op, *rows[0])
    return op.sealers.get(booklet)


def opened_key(
    op: Operation,
    booklet: str,
    wrapped: bytes,
    version: int | None,
    tag: bytes | None,
    epoch: int | None,
) -> Sealer:
    """The sealer of a booklet, from a row of `KEYS`; what is known of its head is kept.

    Raises `DamagedKeyError`, and logs it.

    Under a master key that this process does not know, `StoreMismatchError` is raised.
    """
    if version is not None and tag is not None and epoch is not None:
        op.known_heads[booklet] = KnownHead(version, bytes(tag), epoch)
    try:
        return Sealer(booklet, op.master_key.unwrap(booklet, wrapped))
    except DecryptionError:
        check_master_key_of(op.key_store, op.master_key)
        _log.error("damaged: the key of %s", booklet, extra={"event": "damaged"})
        raise DamagedKeyError from None
