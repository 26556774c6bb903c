"""Summaries that are kept, so that a page of what nobody changed opens one value for each.

A kept summary is sealed under its booklet's key, for one edition of the code, one version of the
consent and one head of the booklet. Any other does not open it, and the summary is made anew. It
goes with the consent, and with the first change of the booklet, in the same transaction.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
import orjson
from peewee import EXCLUDED
from strawberry import ID

import schema
from graphql_api import summaries
from graphql_api.edition import edition_of
from graphql_api.engine.ready_lists import ReadyList
from graphql_api.storage import content
from graphql_api.storage.content.sections import open_packed, seal_packed, tag_of
from graphql_api.storage.content.stored_sections import is_newest_head
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer
from graphql_api.storage.operation import Operation, SummaryRead, from_microseconds
from graphql_api.storage.store import parameter
from graphql_api.storage.tables import KeptSummaryTable
from graphql_api.summaries.statements import LiveConsent, sections_named
from schema.description.fields import camel
from schema.entries.entries import Entry
from schema.panorama.counters import RubricCount
from schema.summaries.lasting import last_day_of_summary
from schema.summaries.summary import (
    BookletSummary,
    SummaryAuthorisation,
    SummaryCompetence,
    SummaryHolder,
    SummaryPost,
    SummaryTitle,
)

LONGEST = 100_000  # bytes of a sealed summary; a longer one is made each time
MOST_AT_ONCE = 1_000_000  # bytes that a page adds to its short transaction
_COLUMNS = ("booklet", "consent", "made_of", "sealed")
_log = logging.getLogger(__name__)


class _Head(msgspec.Struct, frozen=True):
    """The first line of what is kept of a summary: the days on which it is right, and its holder.

    A line for each of its lists follows: empty where the consent does not cover it, else as an
    answer has it to whom selects all fields of its items, in their order.
    """

    made_on: date
    last_day: date
    holder: SummaryHolder | None


class _ListForm:
    """How a list of a summary is written as JSON, and read again."""

    def __init__(self, item: type) -> None:
        self._item = item
        self._names = {field.name: camel(field.name) for field in fields(item)}
        self._selection = " ".join(self._names.values())

    def written(self, items: Sequence[object] | None) -> bytes:
        """The list as JSON, on one line; nothing where there is none."""
        if items is None:
            return b""
        rows = [{key: getattr(one, name) for name, key in self._names.items()} for one in items]
        return orjson.dumps(rows)

    def read(self, json: bytes) -> ReadyList | None:
        """The list of that JSON, or None."""
        return ReadyList(self._selection, json, self._made) if json else None

    def _made(self, json: bytes) -> list[Any]:
        rows = [{name: row[key] for name, key in self._names.items()} for row in orjson.loads(json)]
        return msgspec.convert(rows, list[self._item])  # type: ignore[name-defined]  # mypy takes a class in a variable for no type


_LISTS = {
    "counts": _ListForm(RubricCount),
    "current_posts": _ListForm(SummaryPost),
    "training_titles": _ListForm(SummaryTitle),
    "competences": _ListForm(SummaryCompetence),
    "authorisations": _ListForm(SummaryAuthorisation),
    "experience_titles": _ListForm(SummaryTitle),
}
_decoder = msgspec.json.Decoder(_Head)


# The code that summaries are made by: another may tell something else.
EDITION = edition_of(schema, content, summaries)


def open_kept(op: Operation, row: LiveConsent, sealer: Sealer) -> BookletSummary | None:
    """The summary that is kept for a consent; None when there is none that is right today.

    One that does not open is logged as damaged: it is made anew, and nothing is lost.
    """
    head, made_of = _head_of(row), _made_of(row)
    if head is None or row.kept is None or row.kept_of != made_of:
        return None
    try:
        written = open_packed(sealer, seal_context(row, made_of), bytes(row.kept))
        first, *lines = written.split(b"\n")
        kept = _decoder.decode(first)
    except (DecryptionError, msgspec.DecodeError):
        _log.error("damaged: the kept summary of %s", row.id, extra={"event": "damaged"})
        return None
    is_right_today = kept.made_on <= op.today <= kept.last_day
    if not is_right_today or not is_newest_head(op, row.booklet, *head):
        return None
    lists: dict[str, Any] = {  # completion takes each for a list
        name: form.read(line) for (name, form), line in zip(_LISTS.items(), lines, strict=True)
    }
    return BookletSummary(
        id=ID(row.id),
        sections=list(sections_named(row.sections)),
        expires_at=from_microseconds(row.expires_at),
        changed_at=from_microseconds(row.changed_at),
        holder=kept.holder,
        **lists,
    )


def seal_to_keep(
    op: Operation,
    row: LiveConsent,
    sealer: Sealer,
    summary: BookletSummary,
    entries: Iterable[Entry],
) -> tuple[str, bytes] | None:
    """Of what a summary was made, and its content, sealed; None when it is too long to keep.

    `entries` are those of which it was made.
    """
    last_day = last_day_of_summary(entries, op.today)
    head = msgspec.json.encode(_Head(op.today, last_day, summary.holder))
    lists = [form.written(getattr(summary, name)) for name, form in _LISTS.items()]
    made_of = _made_of(row)
    sealed = seal_packed(sealer, seal_context(row, made_of), b"\n".join([head, *lists]))
    return (made_of, sealed) if len(sealed) <= LONGEST else None


def keep(op: Operation, read: Iterable[SummaryRead]) -> None:
    """Keep the summaries that were made anew, in the present write transaction.

    Their consents are locked. Where that fails, it is as if nothing had been kept.
    """
    made = {(one.booklet, one.consent): one.to_keep for one in read if one.to_keep}
    rows: list[tuple[str, str, str, bytes]] = []
    for (booklet, consent), (made_of, sealed) in sorted(made.items()):  # as others lock them
        if sum(len(row[3]) for row in rows) + len(sealed) <= MOST_AT_ONCE:
            rows.append((booklet, consent, made_of, sealed))
    if not rows:
        return
    op.store.write_apart(
        "summaries kept", _kept, [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    )


@lru_cache(maxsize=16)  # most pages are full: the queries of all sizes are not kept
def _kept(many: int) -> Any:
    """The query that keeps so many summaries."""
    table, row = KeptSummaryTable, {name: parameter(name) for name in _COLUMNS}
    return table.insert_many([row] * many).on_conflict(
        conflict_target=[table.booklet, table.consent],
        update={table.made_of: EXCLUDED.made_of, table.sealed: EXCLUDED.sealed},
    )


def _head_of(row: LiveConsent) -> tuple[int, bytes] | None:
    """The version and the tag of the booklet's head; None when it has none."""
    if row.head is None or row.head_version is None:
        return None
    return row.head_version, tag_of(row.head)


def _made_of(row: LiveConsent) -> str:
    """What a summary is made of now."""
    version, tag = _head_of(row) or (0, b"")
    return f"{EDITION} {row.version} {version} {tag.hex()}"


def seal_context(row: LiveConsent, made_of: str) -> SealContext:
    """Where the summary of a consent is sealed, once made of this."""
    return SealContext("kept_summary", f"{row.id} {row.sections} {made_of}", 0)
