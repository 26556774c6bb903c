"""What a booklet holds, as the documents of its sections say it, in both directions.

A document tells its shape; older shapes are read in the present one. `damaged` holds, as they were
stored, the values that did not open when they were brought into the section.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from strawberry import ID

from graphql_api.storage.content.damage import UNREADABLE, check_shape, set_aside
from graphql_api.storage.content.sections import Section
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from schema.booklet_content import CharterAcceptance
from schema.damage import StoredKind
from schema.description.dates import PartialDate
from schema.description.fields import fields_of
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers import stored_dossier
from schema.dossiers.dossier import Dossier
from schema.entries.entries import Entry, LinkRelation
from schema.entries.identity import Identity, IdentityContent
from schema.entries.inputs import KIND_OF
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.entries.shapes import SHAPE, fill_missing, upgrade_content
from schema.entries.situation import Situation, SituationContent
from schema.rubrics import rubric_named

Document = dict[str, Any]
# Looked up for each entry and link: a table is ten times faster than a call of the enumeration.
_RUBRICS = {rubric.value: rubric for rubric in RubricName}
_RELATIONS = {relation.value: relation for relation in LinkRelation}


def birth_date_of(identity: Identity | None) -> date | None:
    """The birth date in an identity, when given."""
    written = identity.birth_date if identity else None
    parsed = PartialDate.parse(written) if isinstance(written, str) else None
    return parsed.earliest if parsed else None


def build_entry(rubric: RubricName, content: dict[str, Any], **about: Any) -> Entry:
    """The entry of a rubric with this content, of the present shape; `about` are its other fields."""
    return KIND_OF[rubric].entry_type(rubric=rubric, **about, **content)


def content_of(entry: Entry) -> dict[str, Any]:
    """The content of an entry as it is stored: what is filled, and whether it may be shared."""
    content = rubric_named(entry.rubric).content
    names = [*(field.name for field in fields_of(content)), "comment", "shareable"]
    values = {name: getattr(entry, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def charter_of(version: str, accepted_at: int) -> CharterAcceptance:
    """The acceptance of a version of the charter."""
    return CharterAcceptance(version=version, accepted_at=from_microseconds(accepted_at))


def set_siblings(entries: Sequence[Entry]) -> None:
    """Set `siblings` of each entry to the entries of its rubric, for rules that compare them."""
    same: dict[RubricName, list[Entry]] = {rubric: [] for rubric in RubricName}
    for entry in entries:
        siblings = entry.siblings = same[entry.rubric]
        siblings.append(entry)


def identity_of(document: Document) -> Identity:
    """The identity in a document. Raises one of `UNREADABLE`."""
    content = document["content"]
    stats = content.get("stats_consent_at")
    return Identity(
        version=document["version"],
        stats_consent_at=None if stats is None else from_microseconds(stats),
        **fill_missing(IdentityContent, content),
    )


def identity_document(identity: Identity) -> Document:
    """An identity as it is stored."""
    content = _filled(identity, IdentityContent)
    if identity.stats_consent_at is not None:
        content["stats_consent_at"] = to_microseconds(identity.stats_consent_at)
    return {"shape": SHAPE, "version": identity.version, "content": content}


def situation_of(document: Document) -> Situation | None:
    """The current situation in a document; None where it was emptied. Raises one of `UNREADABLE`."""
    if document["content"] is None:
        return None
    content = fill_missing(SituationContent, document["content"])
    return Situation(version=document["version"], **content)


def situation_document(situation: Situation | None) -> Document:
    """A current situation as it is stored."""
    content = situation and _filled(situation, SituationContent)
    return {"shape": SHAPE, "version": situation.version if situation else 0, "content": content}


def entries_of(
    op: Operation, booklet: str, document: Document, context: ValidationContext
) -> tuple[Entry, ...]:
    """The entries in a document, each with those of its rubric; in the order in which they stand."""
    found = []
    for row in document["entries"]:
        try:
            found.append(_entry(document["shape"], row, context))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.ENTRY, str(row[0]), str(row[1]))
    set_siblings(found)
    op.content += found
    return tuple(found)


def _entry(shape: int, row: Sequence[Any], context: ValidationContext) -> Entry:
    """The entry of a row, made without its constructor, which takes ten times as long."""
    id, rubric, rank, version, created_at, updated_at, content = row
    if not isinstance(content, dict):
        raise TypeError(f"the content of an entry is a {type(content).__name__}")
    name = _RUBRICS[rubric]
    kind, blank, others = _blank_entry(name)
    entry = kind.__new__(kind)
    attributes = entry.__dict__ = blank.copy()
    attributes.update(content if shape == SHAPE else upgrade_content(name, shape, content))
    if len(attributes) > len(blank):
        for unknown in attributes.keys() - blank.keys():
            del attributes[unknown]
    attributes.update(others)
    attributes["id"] = ID(id)
    attributes["rank"] = rank
    attributes["version"] = version
    attributes["context"] = context
    attributes["created_at"] = attributes["updated_at"] = from_microseconds(created_at)
    if updated_at != created_at:
        attributes["updated_at"] = from_microseconds(updated_at)
    return entry


@cache
def _blank_entry(rubric: RubricName) -> tuple[type[Entry], dict[str, Any], dict[str, Any]]:
    """The class of the entries of a rubric, their content without values, and what all begin with."""
    nothing = ("siblings", "attached_links", "attached_documents", "attached_proved")
    others: dict[str, Any] = {"rubric": rubric, **dict.fromkeys(nothing, ())}
    return KIND_OF[rubric].entry_type, upgrade_content(rubric, SHAPE, {}), others


def entry_rows(entries: Iterable[Entry]) -> list[list[Any]]:
    """Entries as they stand in a document."""
    return [
        [
            entry.id,
            entry.rubric.value,
            entry.rank,
            entry.version,
            to_microseconds(entry.created_at),
            to_microseconds(entry.updated_at),
            content_of(entry),
        ]
        for entry in entries
    ]


def links_of(document: Document) -> tuple[LinkRecord, ...]:
    """The links of competences in a document. Raises one of `UNREADABLE`."""
    return tuple(
        LinkRecord(competence, target, _RELATIONS[relation], note)
        for competence, target, relation, note in document["links"]
    )


def link_rows(links: Iterable[LinkRecord]) -> list[list[Any]]:
    """Links of competences as they stand in a document."""
    return [[one.competence, one.target, one.relation.value, one.note] for one in links]


def link_id(competence: str, target: str) -> str:
    """How a link of a competence is named where one id is asked for."""
    return f"{competence}:{target}"


def evidence_of(document: Document) -> tuple[EvidenceRecord, ...]:
    """The links of attachments in a document. Raises one of `UNREADABLE`."""
    return tuple(EvidenceRecord(attachment, entry) for attachment, entry in document["evidence"])


def evidence_rows(evidence: Iterable[EvidenceRecord]) -> list[list[str]]:
    """Links of attachments as they stand in a document."""
    return [[one.attachment, one.entry] for one in evidence]


def dossiers_of(op: Operation, booklet: str, document: Document) -> tuple[Dossier, ...]:
    """The dossiers in a document that can be read, in no order."""
    found = []
    for id, version, built_in, content in document["dossiers"]:
        try:
            found.append(stored_dossier.dossier_of(id, version, built_in=built_in, content=content))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.DOSSIER, id)
    return tuple(found)


def dossier_rows(dossiers: Iterable[Dossier]) -> list[list[Any]]:
    """Dossiers as they stand in a document."""
    return [[one.id, one.version, one.built_in, stored_dossier.content_of(one)] for one in dossiers]


def set_aside_carried(op: Operation, booklet: str, section: Section, document: Document) -> None:
    """Check the shape of a document, and set aside the damaged values that it holds.

    Raises `NewerShapeError`.
    """
    check_shape(section.kind, booklet, document["shape"], SHAPE)
    for kind, id, rubric, *_ in document.get("damaged", ()):
        set_aside(op, booklet, StoredKind[kind], id, rubric)


def _filled(content: Any, content_class: type) -> dict[str, Any]:
    """The filled fields of an identity or a situation, by Python name."""
    values = {field.name: getattr(content, field.name) for field in fields_of(content_class)}
    return {name: value for name, value in values.items() if value is not None}
