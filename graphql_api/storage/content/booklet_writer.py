"""Writing what a verb changed of a booklet: the sections that differ, and nothing read again.

A verb makes the booklet as it shall be (`LoadedBooklet.changed`) from the one that it loaded.
`save` compares the two and writes the sections that differ, with the head, in one statement.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from graphql_api.storage.communicated.consent_repository import forget_summaries
from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.booklet_statements import (
    CONSENTS_CHANGED,
    booklet_update,
    sections_upsert,
)
from graphql_api.storage.content.damage import refuse_if_damaged
from graphql_api.storage.content.documents import (
    Document,
    dossier_rows,
    entry_rows,
    evidence_rows,
    identity_document,
    link_rows,
    situation_document,
)
from graphql_api.storage.content.head import Head, RubricSize, head_document
from graphql_api.storage.content.loaded_booklet import PART_OF, LoadedBooklet
from graphql_api.storage.content.sections import (
    ENTRY_SECTIONS,
    Section,
    encode_document,
    rubrics_in,
    seal_section,
    tag_of,
)
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.keys.known_heads import KnownHead
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import DossierIndexTable
from schema.damage import StoredKind
from schema.description.bounds import MAX_SECTION_BYTES
from schema.description.refusals import LimitReached, Refused
from schema.description.rubric import RubricName
from schema.entries.entries import Entry
from schema.entries.shapes import SHAPE
from schema.entries.sorting import ORDER, insert_entries, sort_entries
from schema.summaries.disclosure import is_disclosable

_FULL = (
    "Cette partie de votre livret est pleine : raccourcissez des textes ou supprimez des éléments."
)
_ROWS_AT_ONCE = 500
_FEW = 4  # entries, which are put in their places quicker than all are sorted


def save(op: Operation, before: LoadedBooklet, after: LoadedBooklet) -> LoadedBooklet:
    """Write what `after` changes of `before`, and count it; return the booklet as it is then.

    Refused with `Damaged` when that would overwrite what does not open, and with `LimitReached`
    when a section grows beyond its bound. See `count_write`, which is done first.
    """
    documents = _changed_documents(op, before, after)
    columns = {} if after.row.state is before.row.state else {"state": after.row.state}
    row = count_write(op, before, **columns)
    if documents:
        write_sections(op, after, documents, before)
    _save_dossier_ids(op, before, after)
    return after.written(row)


def count_write(op: Operation, booklet: LoadedBooklet, **columns: Any) -> BookletRow:
    """Count a write to a booklet, and write these columns of its row; return the row as it is then.

    Sites with a live consent will find its summary changed. The consents are written before all
    else: a reader of summaries locks the consent, then what the summary is made of. The summaries
    that are kept go then, for they tell what may have been removed.
    """
    if booklet.row.is_consented:
        op.store.write_of("consents", CONSENTS_CHANGED, booklet=booklet.id, now=op.now_us)
        forget_summaries(op.store, booklet.id)
    row = replace(booklet.row, version=booklet.row.version + 1, updated_at=op.now_us, **columns)
    written = columns | {"version": row.version, "updated_at": row.updated_at}
    if "state" in columns:
        written["state"] = row.state.value
    named = tuple(sorted(written))
    op.store.write_of(f"booklet {' '.join(named)}", booklet_update(named), id=booklet.id, **written)
    return row


def write_sections(
    op: Operation,
    booklet: LoadedBooklet,
    documents: Mapping[Section, Document],
    before: LoadedBooklet | None = None,
) -> None:
    """Write these sections of a booklet and its head, in one statement.

    `before` is the booklet as it was, of which the entries that stay are not counted again.

    Refused with `Damaged` when one of them, or the head, does not open.
    """
    head = booklet.stored.head
    for section in (Section.HEAD, *documents):
        refuse_if_damaged(op, booklet.id, section.kind, booklet.id)
    if head is None:  # refused above
        return
    sizes: dict[RubricName, RubricSize] = {}
    for section in ENTRY_SECTIONS:
        if section in documents:
            entries, document = booklet.entries_in(section), documents[section]
            if before is None or document["damaged"]:
                sizes |= sizes_of(section, entries, document)
            else:
                sizes |= _resized(head, section, before.entries_in(section), entries)
    write_documents(op, booklet.stored, head, documents, sizes)


def write_documents(
    op: Operation,
    stored: StoredSections,
    head: Head,
    documents: Mapping[Section, Document],
    sizes: Mapping[RubricName, RubricSize],
    *,
    as_stored: Mapping[Section, bytes] = MappingProxyType({}),
) -> None:
    """Write these documents, and the head under the next version of its epoch, in one statement.

    `as_stored` are sections that do not open, to be kept as they are.
    """
    known = op.known_heads.get(stored.booklet)
    version = max(head.version, known.epoch if known else 0) + 1
    written = {section: encode_document(one) for section, one in documents.items()}
    for section, content in written.items():
        _refuse_growth(stored, section, content)
    sealed = {
        section: seal_section(stored.sealer, section, version, content)
        for section, content in written.items()
    } | dict(as_stored)
    new = head.with_sections(version, sealed, sizes)
    of_head = encode_document(head_document(new))
    rows = sealed | {Section.HEAD: seal_section(stored.sealer, Section.HEAD, version, of_head)}
    parts = list(enumerate(rows.items()))
    named = {f"section{number}": section.value for number, (section, _) in parts}
    contents = {f"sealed{number}": content for number, (_, content) in parts}
    op.store.write_of(
        f"{len(rows)} sections written",
        sections_upsert(len(rows)),
        booklet=stored.booklet,
        version=version,
        **named,
        **contents,
    )
    op.written_heads[stored.booklet] = KnownHead(version, tag_of(rows[Section.HEAD]))
    kept = {section: (version, content) for section, content in rows.items()}
    stored.written(new, kept, documents)


def sizes_of(
    section: Section, entries: Sequence[Entry], document: Document
) -> dict[RubricName, RubricSize]:
    """How many entries each rubric of a section has; what does not open counts, as not disclosable."""
    all_of = Counter([entry.rubric for entry in entries])
    disclosable = Counter([entry.rubric for entry in entries if is_disclosable(entry)])
    for kind, _, rubric, *_ in document["damaged"]:
        if kind == StoredKind.ENTRY.name and rubric in RubricName.__members__:
            all_of[RubricName[rubric]] += 1
    return {
        rubric: RubricSize(all_of[rubric], disclosable[rubric]) for rubric in rubrics_in(section)
    }


def _resized(
    head: Head, section: Section, before: Sequence[Entry], after: Sequence[Entry]
) -> dict[RubricName, RubricSize]:
    """The sizes of the rubrics of a section, from what they were and the entries that changed."""
    sizes = {one: head.sizes.get(one, RubricSize(0, 0)) for one in rubrics_in(section)}
    stood, stand = {id(one) for one in before}, {id(one) for one in after}
    gone = [(one, -1) for one in before if id(one) not in stand]
    new = [(one, 1) for one in after if id(one) not in stood]
    for entry, step in (*gone, *new):
        size = sizes[entry.rubric]
        sizes[entry.rubric] = RubricSize(
            size.entries + step, size.disclosable + step * is_disclosable(entry)
        )
    return sizes


def _changed_documents(
    op: Operation, before: LoadedBooklet, after: LoadedBooklet
) -> dict[Section, Document]:
    """The documents of the sections that `after` changes, as they shall be."""
    changed = {name for name in after.replaced if getattr(after, name) is not getattr(before, name)}
    documents: dict[Section, Document] = {}
    if "identity" in changed and after.identity is not None:
        documents[Section.IDENTITY] = identity_document(after.identity)
    if "situation" in changed:
        documents[Section.SITUATION] = situation_document(after.situation)
    for section in ENTRY_SECTIONS:
        if changed & _PARTS_IN[section]:
            documents[section] = _entries_document(op, before, after, section)
    if "dossiers" in changed:
        rows = dossier_rows(after.dossiers)
        carried = _carried(op, before, Section.DOSSIERS, "dossiers", StoredKind.DOSSIER)
        documents[Section.DOSSIERS] = {"shape": SHAPE, "dossiers": rows, "damaged": carried}
    return documents


_PARTS_IN = {
    section: {part}
    | ({"links"} if section is Section.COMPETENCES else set())
    | ({"evidence"} if section is Section.ATTACHMENTS else set())
    for section, part in PART_OF.items()
}


def _entries_document(
    op: Operation, before: LoadedBooklet, after: LoadedBooklet, section: Section
) -> Document:
    """The document of a section of entries, which stand in it in the order of the guide."""
    same = {id(one) for one in before.entries_in(section)}
    entries = _sorted_entries(after.entries_in(section), same, is_sorted=before.is_sorted(section))
    document: Document = {
        "shape": SHAPE,
        "order": ORDER,
        "entries": _entry_rows(before.stored.document(section), same, entries),
        "damaged": _carried(op, before, section, "entries", StoredKind.ENTRY),
    }
    if section is Section.COMPETENCES:
        document["links"] = link_rows(after.links)
    if section is Section.ATTACHMENTS:
        document["evidence"] = evidence_rows(after.evidence)
    return document


def _sorted_entries(entries: Sequence[Entry], same: Set[int], *, is_sorted: bool) -> list[Entry]:
    """Entries in the order of the guide, in which those that nobody changed stand if it `is_sorted`."""
    others = [one for one in entries if id(one) not in same]
    if len(others) > _FEW or not is_sorted:
        return sort_entries(entries)
    return insert_entries([one for one in entries if id(one) in same], others)


def _entry_rows(
    former: Document | None, same: Set[int], entries: Sequence[Entry]
) -> list[list[Any]]:
    """Entries as they stand in a document; those that nobody changed, as they stood."""
    if former is None or former["shape"] != SHAPE:
        return entry_rows(entries)
    stood = {row[0]: row for row in former["entries"]}
    return [
        stood[one.id] if id(one) in same and one.id in stood else entry_rows([one])[0]
        for one in entries
    ]


def _carried(
    op: Operation, before: LoadedBooklet, section: Section, rows: str, kind: StoredKind
) -> list[Any]:
    """What of a section does not open, as it is stored: it is written again as it is."""
    document = before.stored.document(section) or {}
    if not op.damaged:
        return [*document.get("damaged", ())]
    unread = [
        [kind.name, row[0], _rubric_in(kind, row), {"shape": document["shape"], "row": row}]
        for row in document.get(rows, ())
        if (before.id, kind, row[0]) in op.damaged
    ]
    return [*document.get("damaged", ()), *unread]


def _rubric_in(kind: StoredKind, row: Sequence[Any]) -> str | None:
    return row[1] if kind is StoredKind.ENTRY and isinstance(row[1], str) else None


def _refuse_growth(stored: StoredSections, section: Section, content: bytes) -> None:
    """Refuse what is beyond the bound of a section, unless it replaces as much or more."""
    if len(content) <= MAX_SECTION_BYTES:
        return
    former = stored.document(section)
    if former is None or len(content) > len(encode_document(former)):
        raise Refused(LimitReached(limit=MAX_SECTION_BYTES, message=_FULL))


def _save_dossier_ids(op: Operation, before: LoadedBooklet, after: LoadedBooklet) -> None:
    if "dossiers" not in after.replaced or after.dossiers is before.dossiers:
        return
    table = DossierIndexTable
    old, new = ({one.id for one in of.dossiers} for of in (before, after))
    if gone := old - new:
        op.store.write(table.delete().where(table.booklet == before.id, table.id.in_(gone)))
    rows = [{"booklet": after.id, "id": id} for id in sorted(new - old)]
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        op.store.write(table.insert_many(rows[first : first + _ROWS_AT_ONCE]))
