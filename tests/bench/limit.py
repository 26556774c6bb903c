"""The limit: what the same stored values cost without GraphQL, types, rules or rights.

Each function reads or writes, by the same statements and seals, what one row of the bench asks for,
and returns it for `orjson`. The token is checked before, as the service checks it.
"""

import uuid
from base64 import b64encode
from collections.abc import Iterable
from itertools import chain
from typing import Any

import orjson

from graphql_api.storage.actors import Machine
from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller, sealer_of
from graphql_api.storage.content.booklet_statements import (
    SECTIONS,
    booklet_update,
    sections_of_many,
    sections_upsert,
)
from graphql_api.storage.content.sections import (
    ALL_SECTIONS,
    ENTRY_SECTIONS,
    SECTION_OF,
    Section,
    encode_document,
    open_packed,
    open_section,
    seal_section,
    tag_of,
)
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import lock_caller
from graphql_api.summaries import statements
from graphql_api.summaries.kept_summaries import seal_context
from graphql_api.summaries.statements import LiveConsent
from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.rubrics import rubric_named

_IDENTITY = fields_of(IdentityContent)
_CONTENT = {kind.rubric.value: fields_of(rubric_named(kind.rubric).content) for kind in ENTRY_KINDS}
_SUMMARISED = (
    *(Section.HEAD, Section.IDENTITY, Section.SITUATION),
    *(Section.FORMATIONS, Section.EXPERIENCES, Section.COMPETENCES),
)
_TYPES = {kind.rubric.value: kind.entry_type.__name__ for kind in ENTRY_KINDS}


def whole(op: Operation) -> Any:
    """What `document.whole_booklet` asks for."""
    row, sealer = _own(op)
    documents = _documents(op, row.id, sealer, ALL_SECTIONS)
    identity = documents[Section.IDENTITY]["content"]
    entries = {
        id: {
            "__typename": _TYPES[rubric],
            "id": id,
            "version": version,
            "shareable": content["shareable"],
            "comment": content.get("comment"),
            "links": [],
            "evidence": [],
            **{field.key: content.get(field.name) for field in _CONTENT[rubric]},
        }
        for section in ENTRY_SECTIONS
        for id, rubric, _, version, _, _, content in documents[section]["entries"]
    }
    for competence, target, relation, note in documents[Section.COMPETENCES]["links"]:
        ends = {"competence": {"id": competence}, "target": {"id": target}}
        tie = {**ends, "relation": relation, "note": note}
        entries[competence]["links"].append(tie)
        entries[target]["links"].append(tie)
    for attachment, entry in documents[Section.ATTACHMENTS]["evidence"]:
        entries[entry]["evidence"].append({"id": attachment})
    return {
        "booklet": {
            "id": row.id,
            "version": row.version,
            "identity": {
                "version": documents[Section.IDENTITY]["version"],
                **{field.key: identity.get(field.name) for field in _IDENTITY},
            },
            "dossiers": [
                {"id": id, "title": content["title"]}
                for id, _, _, content in documents[Section.DOSSIERS]["dossiers"]
            ],
            "entries": list(entries.values()),
        }
    }


def small(op: Operation) -> Any:
    """Which booklet is the caller's, and its version."""
    row = row_of_caller(op)
    assert row is not None
    return {"booklet": {"id": row.id, "version": row.version}}


def page(op: Operation, first: int) -> Any:
    """The kept summaries of so many consents of the site; of which none is kept, the sections."""
    rows, sealers = _consented(op, first)
    nodes = [
        {
            "id": row.id,
            "content": orjson.Fragment(open_packed(sealers[row.booklet], where, row.kept)),
        }
        for row in rows
        if row.kept is not None and (where := seal_context(row, row.kept_of or ""))
    ]
    return {"nodes": nodes + _sections(op, [row for row in rows if row.kept is None], sealers)}


def page_of_sections(op: Operation, first: int) -> Any:
    """The opened sections of so many booklets that the site may read."""
    rows, sealers = _consented(op, first)
    return {"nodes": _sections(op, rows, sealers)}


def _consented(op: Operation, first: int) -> tuple[list[LiveConsent], dict[str, Sealer]]:
    assert isinstance(op.actor, Machine)
    _, found = statements.consents_after(op, op.actor.client, "", first)
    rows = [one.consent for one in found if one.consent is not None]
    return rows, statements.sealers_of(op, [row.booklet for row in rows])


def _sections(
    op: Operation, rows: Iterable[LiveConsent], sealers: dict[str, Sealer]
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        row.booklet: {"id": row.id, "sections": row.sections.split()} for row in rows
    }
    asked = [sections_of_many(list(found), _SUMMARISED)] if found else []
    for booklet, name, version, sealed in chain.from_iterable(op.store.rows_of_each(*asked)):
        section = Section(name)
        if section is not Section.HEAD:
            document = open_section(sealers[booklet], section, version, bytes(sealed))
            found[booklet][name] = document.get("entries") or document.get("content")
    return list(found.values())


def add(op: Operation, rubric: str, content: dict[str, Any]) -> Any:
    """The id of one more entry of the caller's booklet."""
    lock_caller(op)
    row, sealer = _own(op)
    section, id = SECTION_OF[RubricName(rubric)], str(uuid.uuid4())
    rows = _rows(op, row.id, (section, Section.HEAD))
    documents = {one: open_section(sealer, one, *stored) for one, stored in rows.items()}
    entry = [id, rubric, 9_999, 1, op.now_us, op.now_us, content]
    documents[section]["entries"].insert(0, entry)
    documents[Section.HEAD]["sizes"][rubric][0] += 1
    version = rows[Section.HEAD][0] + 1
    sealed = seal_section(sealer, section, version, encode_document(documents[section]))
    tag = b64encode(tag_of(sealed)).decode()
    documents[Section.HEAD]["sections"][section.value] = [version, tag]
    head = seal_section(sealer, Section.HEAD, version, encode_document(documents[Section.HEAD]))
    op.store.write_of(
        "2 sections written",
        sections_upsert(2),
        booklet=row.id,
        version=version,
        section0=section.value,
        sealed0=sealed,
        section1=Section.HEAD.value,
        sealed1=head,
    )
    columns = {"updated_at": op.now_us, "version": row.version + 1}
    query = booklet_update(tuple(columns))
    op.store.write_of("booklet updated_at version", query, id=row.id, **columns)
    return {"entryAdd": {"entry": {"id": id, "version": 1}}}


def _documents(
    op: Operation, booklet: str, sealer: Sealer, sections: Iterable[Section]
) -> dict[Section, Any]:
    rows = _rows(op, booklet, sections)
    return {section: open_section(sealer, section, *row) for section, row in rows.items()}


def _rows(
    op: Operation, booklet: str, sections: Iterable[Section]
) -> dict[Section, tuple[int, bytes]]:
    names = sorted(section.value for section in sections)
    name = f"{len(names)} sections"
    found = op.store.rows_of(name, SECTIONS[len(names)], booklet, *names)
    return {Section(name): (version, bytes(sealed)) for name, version, sealed in found}


def _own(op: Operation) -> tuple[BookletRow, Sealer]:
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row else None
    assert row is not None
    assert sealer is not None
    return row, sealer
