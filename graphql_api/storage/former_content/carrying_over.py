"""Carrying booklets over from their former rows into sections: one transaction each, compared.

It can be interrupted anywhere, and goes on where it stopped. The former rows stay as they are.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphql_api.storage.content.booklet_rows import sealer_of
from graphql_api.storage.content.booklet_writer import sizes_of, write_documents
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.content.documents import (
    Document,
    dossier_rows,
    entry_rows,
    evidence_rows,
    identity_document,
    link_rows,
    situation_document,
)
from graphql_api.storage.content.head import Head, RubricSize
from graphql_api.storage.content.sections import ENTRY_SECTIONS, SECTION_OF, Section
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.former_content.former_rows import FormerBooklet, read_former
from graphql_api.storage.former_content.former_tables import former_tables, is_waiting, waiting
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletTable, DossierIndexTable
from schema.damage import StoredKind
from schema.description.rubric import RubricName
from schema.entries.shapes import SHAPE
from schema.entries.sorting import ORDER, sort_entries

_log = logging.getLogger(__name__)
_AT_ONCE = 200


class CarryingOverError(Exception):
    """Booklets that would read otherwise in their sections than in their rows: they stay in rows.

    Its arguments are their ids, each with the part that differs.
    """


def carry_over(store: Store, operation: Callable[[], Operation]) -> None:
    """Carry over what has still to be, under the lock of migrations.

    Booklets whose key is missing or damaged wait for it. Raises `NewerShapeError`,
    `StoreUnavailableError` and, once all others are carried over, `CarryingOverError`.
    """
    with store.reading():
        if not former_tables(store):
            return
    after, failures = "", list[str]()
    while True:
        with store.reading():
            ids = waiting(store, after, _AT_ONCE)
        if not ids:
            break
        for id in ids:
            try:
                _carry_over(operation(), id)
            except CarryingOverError as error:
                failures += error.args
        after = ids[-1]
    if failures:
        raise CarryingOverError(*failures)


def _carry_over(op: Operation, booklet: str) -> None:
    with op.store.writing():
        query = BookletTable.select(BookletTable.id).where(BookletTable.id == booklet)
        locked = query if op.store.is_sqlite else query.for_update()
        if op.store.row(locked.tuples()) is None or not is_waiting(op.store, booklet):
            return
        try:
            sealer = sealer_of(op, booklet)
        except DamagedKeyError:
            sealer = None
        if sealer is None:
            return
        former = read_former(op, booklet, sealer)
        documents = _documents(former)
        _write(op, booklet, sealer, former, documents)
        _compare(op, booklet, sealer, former, documents)


def _documents(former: FormerBooklet) -> dict[Section, Document]:
    """The documents of a booklet's sections; none of what it has nothing of."""
    documents: dict[Section, Document] = {}
    if former.identity is not None:
        documents[Section.IDENTITY] = identity_document(former.identity)
    if former.situation is not None:
        documents[Section.SITUATION] = situation_document(former.situation)
    entries = sort_entries(former.entries)
    for section in ENTRY_SECTIONS:
        documents[section] = {
            "shape": SHAPE,
            "order": ORDER,
            "entries": entry_rows(one for one in entries if SECTION_OF[one.rubric] is section),
            "damaged": [one for one in former.damaged if _place_of(one) is section],
        }
    documents[Section.COMPETENCES]["links"] = link_rows(former.links)
    documents[Section.ATTACHMENTS]["evidence"] = evidence_rows(former.evidence)
    documents[Section.DOSSIERS] = {
        "shape": SHAPE,
        "dossiers": dossier_rows(former.dossiers),
        "damaged": [one for one in former.damaged if _place_of(one) is Section.DOSSIERS],
    }
    return documents


def _place_of(carried: list[Any]) -> Section:
    """The section that keeps what does not open; an entry of an unknown rubric is with the first."""
    kind, _, rubric, _ = carried
    if kind == StoredKind.ENTRY.name:
        known = rubric in RubricName.__members__
        return SECTION_OF[RubricName[rubric]] if known else Section.FORMATIONS
    return Section.COMPETENCES if kind == StoredKind.COMPETENCE_LINK.name else Section.DOSSIERS


def _write(
    op: Operation,
    booklet: str,
    sealer: Sealer,
    former: FormerBooklet,
    documents: Mapping[Section, Document],
) -> None:
    as_stored = {
        section: sealed
        for section, sealed in (
            (Section.IDENTITY, former.identity_as_stored),
            (Section.SITUATION, former.situation_as_stored),
        )
        if sealed is not None
    }
    sizes: dict[RubricName, RubricSize] = {}
    for section in ENTRY_SECTIONS:
        here = [one for one in former.entries if SECTION_OF[one.rubric] is section]
        sizes |= sizes_of(section, here, documents[section])
    stored = StoredSections(op, booklet, sealer)
    write_documents(op, stored, Head(), documents, sizes, as_stored=as_stored)
    if former.dossier_ids:
        rows = [{"booklet": booklet, "id": id} for id in former.dossier_ids]
        op.store.run(DossierIndexTable.insert_many(rows))


def _compare(
    op: Operation,
    booklet: str,
    sealer: Sealer,
    former: FormerBooklet,
    documents: Mapping[Section, Document],
) -> None:
    """Read the sections again, and compare them with the rows. Raises `CarryingOverError`."""
    stored = StoredSections(op, booklet, sealer)
    stored.read()
    read = {section: stored.document(section) for section in documents}
    for section, document in documents.items():
        if read[section] != document:
            raise CarryingOverError(f"{booklet}: {section.value}")
    rows = [row for section in ENTRY_SECTIONS for row in _of(read[section], "entries")]
    if _by_id(rows) != _by_id(entry_rows(former.entries)):
        raise CarryingOverError(f"{booklet}: entries")
    counted = stored.head.entries if stored.head else None
    damaged = sum(one[0] == StoredKind.ENTRY.name for one in former.damaged)
    unknown = sum(
        one[0] == StoredKind.ENTRY.name and one[2] not in RubricName.__members__
        for one in former.damaged
    )
    if counted != len(former.entries) + damaged - unknown:
        raise CarryingOverError(f"{booklet}: counts")


def _of(document: Document | None, name: str) -> list[Any]:
    return document[name] if document else []


def _by_id(rows: Iterable[list[Any]]) -> dict[str, list[Any]]:
    return {row[0]: row for row in rows}
