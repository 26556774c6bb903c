"""Making a summary of a booklet's sections: of those alone that its consent needs."""

from functools import lru_cache

from graphql_api.storage.content.damage import UNREADABLE, parts_of, set_aside
from graphql_api.storage.content.documents import Document, identity_of, situation_of
from graphql_api.storage.content.sections import ENTRY_SECTIONS, Section, sections_of
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.summaries.statements import LiveConsent, sections_named
from schema.damage import StoredKind
from schema.entries.entries import Entry
from schema.entries.inputs import ENTRY_KINDS
from schema.entries.shapes import upgrade_content
from schema.entries.sorting import ORDER, sort_entries
from schema.sharing.consent import SummarySection
from schema.summaries.build import SummaryConsent, build_summary, rubrics_for
from schema.summaries.summary import BookletSummary

_KINDS = {kind.rubric.value: kind for kind in ENTRY_KINDS}


def consent_of(row: LiveConsent) -> SummaryConsent:
    """The consent of which a summary is made."""
    return SummaryConsent(
        id=row.id,
        sections=frozenset(sections_named(row.sections)),
        expires_at=from_microseconds(row.expires_at),
        changed_at=from_microseconds(row.changed_at),
    )


@lru_cache(maxsize=256)  # as `sections_named`
def sections_for(sections: frozenset[SummarySection]) -> frozenset[Section]:
    """The sections of a booklet of which a summary of these sections is made; counts stand in the head."""
    needed = set(sections_of(rubrics_for(sections)))
    if SummarySection.HOLDER in sections:
        needed.add(Section.IDENTITY)
    if SummarySection.CURRENT_POST in sections:
        needed.add(Section.SITUATION)
    return frozenset(needed)


def make_summary(
    op: Operation, stored: StoredSections, booklet: str, consent: SummaryConsent
) -> tuple[BookletSummary, list[Entry]] | None:
    """The summary of a consent, and the entries of which it was made.

    None, and set aside, when something of it does not open.
    """
    head = stored.head
    documents: dict[Section, Document] = {}
    entries: list[Entry] = []
    identity = situation = None
    for section in sorted(sections_for(consent.sections), key=lambda one: one.value):
        if (document := stored.document(section)) is not None:
            documents[section] = document
        elif section is Section.IDENTITY:
            stored.set_section_aside(section)
    try:
        if Section.IDENTITY in documents:
            identity = identity_of(documents[Section.IDENTITY])
        if Section.SITUATION in documents:
            situation = situation_of(documents[Section.SITUATION])
        for section in ENTRY_SECTIONS:  # in the guide's order
            if section in documents:
                found = _contents_of(op, booklet, documents[section])
                is_sorted = documents[section].get("order") == ORDER
                entries += found if is_sorted else sort_entries(found)
    except UNREADABLE:
        return None
    if head is None or parts_of(op, booklet):
        return None
    sizes = {rubric: size.disclosable for rubric, size in head.sizes.items()}
    return build_summary(consent, identity, situation, entries, sizes, op.today), entries


def _contents_of(op: Operation, booklet: str, document: Document) -> list[Entry]:
    """The entries in a document, with their content and place: all that a summary is made of.

    They are for nobody else: without their times and the others of their rubric, they take half as
    long to make.
    """
    found, shape = [], document["shape"]
    for row in document["entries"]:
        try:
            id, rubric, rank, _version, _created_at, _updated_at, content = row
            kind = _KINDS[rubric]
            entry: Entry = kind.entry_type.__new__(kind.entry_type)
            attributes = entry.__dict__ = upgrade_content(kind.rubric, shape, content)
            attributes["id"], attributes["rubric"], attributes["rank"] = id, kind.rubric, rank
            found.append(entry)
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.ENTRY, str(row[0]), str(row[1]))
    return found
