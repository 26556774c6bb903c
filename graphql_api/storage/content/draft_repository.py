"""The rows of drafts: sealed, and gone once they were not saved for `DRAFT_LIFETIME`."""

from datetime import timedelta
from typing import Any

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.content.damage import UNREADABLE, check_shape, set_aside
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import DraftTable
from schema.damage import StoredKind
from schema.description.rubric import RubricName
from schema.entries.draft import DRAFT_LIFETIME, Draft, draft_of
from schema.entries.shapes import SHAPE

DRAFTS = BookletList(
    "drafts",
    DraftTable.select(
        DraftTable.id,
        DraftTable.version,
        DraftTable.shape,
        DraftTable.saved_at,
        DraftTable.sealed,
    )
    .where(DraftTable.booklet == "booklet")
    .tuples(),
)


def list_live(op: Operation, sealer: Sealer, booklet: str) -> list[Draft]:
    """The drafts of a booklet that open, the last saved first."""
    rows = op.lists.rows(op.store, booklet, DRAFTS)
    since = _oldest(op.now_us)
    live = sorted((row for row in rows if row[3] > since), key=lambda row: (-row[3], row[0]))
    found = []
    for row in live:
        check_shape(StoredKind.DRAFT, row[0], row[2], SHAPE)
        try:
            found.append(_draft(sealer, *row))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.DRAFT, row[0])
    return found


def write(
    op: Operation,
    sealer: Sealer,
    booklet: str,
    id: str,
    version: int,
    rubric: RubricName,
    content: dict[str, Any],
) -> None:
    """Write a draft under its next version, in the place of the one of that id."""
    sealed = sealer.seal(_context(id, version), {"rubric": rubric.value, "content": content})
    columns = {"version": version, "shape": SHAPE, "saved_at": op.now_us, "sealed": sealed}
    op.store.write(
        DraftTable.insert(booklet=booklet, id=id, **columns).on_conflict(
            conflict_target=[DraftTable.booklet, DraftTable.id], update=columns
        )
    )


def delete(op: Operation, booklet: str, id: str) -> None:
    """Delete a draft."""
    op.store.write(DraftTable.delete().where(DraftTable.booklet == booklet, DraftTable.id == id))


def delete_expired(store: Store, now_us: int) -> int:
    """Delete the drafts that were not saved for `DRAFT_LIFETIME`; return how many."""
    return delete_in_batches(store, DraftTable, DraftTable.saved_at <= _oldest(now_us))


def _oldest(now_us: int) -> int:
    return now_us - DRAFT_LIFETIME // timedelta(microseconds=1)


def _draft(
    sealer: Sealer, id: str, version: int, shape: int, saved_at: int, sealed: bytes
) -> Draft:
    stored = sealer.open(_context(id, version), sealed)
    rubric = RubricName(stored["rubric"])
    return draft_of(id, version, from_microseconds(saved_at), rubric, shape, stored["content"])


def _context(id: str, version: int) -> SealContext:
    return SealContext("draft", id, version)
