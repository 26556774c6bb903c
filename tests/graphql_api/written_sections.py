"""Sections written at the store's door, where the verbs would take too long, and spoilt there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from graphql_api.storage.content.booklet_writer import write_documents
from graphql_api.storage.content.head import Head, RubricSize
from graphql_api.storage.content.sections import SECTION_OF, Section
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletSectionTable, DossierIndexTable
from schema.description.rubric import RubricName
from schema.entries.shapes import SHAPE

EMPTY: dict[Section, dict[str, Any]] = {
    section: {"shape": SHAPE, "damaged": [], "entries": [], "links": [], "evidence": []}
    for section in SECTION_OF.values()
} | {Section.DOSSIERS: {"shape": SHAPE, "damaged": [], "dossiers": []}}


def entry_row(op: Operation, id: str, rubric: str, rank: int = 0, **content: Any) -> list[Any]:
    """An entry as it stands in the document of its section."""
    return [id, rubric, rank, 1, op.now_us, op.now_us, {"shareable": True} | content]


def dossier_row(id: str, **content: Any) -> list[Any]:
    """A dossier as it stands in the document of dossiers."""
    return [id, 1, False, {"purpose": "AUTRE"} | content]


def put(
    op: Operation,
    booklet: str,
    sealer: Sealer,
    *,
    entries: Iterable[list[Any]] = (),
    links: Iterable[list[Any]] = (),
    evidence: Iterable[list[Any]] = (),
    dossiers: Iterable[list[Any]] = (),
    identity: Mapping[str, Any] | None = None,
    new: bool = False,
) -> None:
    """Put these rows behind what the sections of a booklet hold; `new` for one that has none yet."""
    stored = StoredSections(op, booklet, sealer)
    more: dict[Section, dict[str, list[Any]]] = {}
    for row in entries:
        more.setdefault(SECTION_OF[RubricName(row[1])], {}).setdefault("entries", []).append(row)
    for section, name, rows in (
        (Section.COMPETENCES, "links", links),
        (Section.ATTACHMENTS, "evidence", evidence),
        (Section.DOSSIERS, "dossiers", dossiers),
    ):
        if listed := list(rows):
            more.setdefault(section, {})[name] = listed
    documents: dict[Section, Any] = {}
    for section, added in more.items():
        present = EMPTY[section] | ({} if new else stored.document(section) or {})
        documents[section] = present | {name: present[name] + rows for name, rows in added.items()}
    if identity is not None:
        documents[Section.IDENTITY] = {"shape": SHAPE, "version": 1, "content": dict(identity)}
    counts = Counter(
        RubricName(row[1])
        for section, document in documents.items()
        if section in SECTION_OF.values()
        for row in document["entries"]
    )
    sizes = {rubric: RubricSize(count, count) for rubric, count in counts.items()}
    head = Head() if new else stored.head
    assert head is not None
    write_documents(op, stored, head, documents, sizes)
    ids = [{"booklet": booklet, "id": row[0]} for row in dossiers]
    if ids:
        op.store.run(DossierIndexTable.insert_many(ids))


def sealed_section(store: Store, booklet: str, section: Section) -> bytes:
    """A section as it is stored."""
    table = BookletSectionTable
    query = table.select(table.sealed).where(
        table.booklet == booklet, table.section == section.value
    )
    found = store.row(query.tuples())
    assert found is not None
    return bytes(found[0])


def replace_section(store: Store, booklet: str, section: Section, sealed: bytes) -> None:
    """Store something else in the place of a section."""
    table = BookletSectionTable
    where = (table.booklet == booklet, table.section == section.value)
    assert store.run(table.update(sealed=sealed).where(*where)) == 1
