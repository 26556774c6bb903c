"""The limit: what the same stored values cost without GraphQL, types, rules or rights.

Each function reads or writes, by the same statements and seals, what one row of the bench asks for,
and returns it for `orjson`. The token is checked before, as the service checks it.
"""

import uuid
from typing import Any

from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller, sealer_of
from graphql_api.storage.content.booklet_statements import CHARTERS, SECTIONS, sections_of_many
from graphql_api.storage.content.sections import (
    SECTION_OF,
    Section,
    encode_document,
    open_section,
    seal_section,
)
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import lock_row_of, person_of
from graphql_api.storage.tables import BookletSectionTable, BookletTable
from graphql_api.summaries import statements
from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.rubrics import rubric_named
from tests.bench.booklets import SITE

_ALL = sorted(section.value for section in Section)
_HELD = ("FORMATIONS", "EXPERIENCES", "COMPETENCES", "ATTACHMENTS")
_IDENTITY = fields_of(IdentityContent)
_CONTENT = {kind.rubric.value: fields_of(rubric_named(kind.rubric).content) for kind in ENTRY_KINDS}
_TYPES = {kind.rubric.value: kind.entry_type.__name__ for kind in ENTRY_KINDS}


def whole(op: Operation) -> Any:
    """What `document.whole_booklet` asks for, its entries as they stand."""
    row, sealer = _own(op)
    found = _opened(op, sealer, row.id, _ALL)
    entries: dict[str, dict[str, Any]] = {}
    for section in _HELD:
        for id, rubric, _, version, _, _, content in found[section]["entries"]:
            entries[id] = {
                "__typename": _TYPES[rubric],
                "id": id,
                "version": version,
                "shareable": content["shareable"],
                "comment": content.get("comment"),
                "links": [],
                "evidence": [],
                **{field.key: content.get(field.name) for field in _CONTENT[rubric]},
            }
    for competence, target, relation, note in found["COMPETENCES"]["links"]:
        tie = {"competence": {"id": competence}, "target": {"id": target}}
        tie |= {"relation": relation, "note": note}
        entries[competence]["links"].append(tie)
        entries[target]["links"].append(tie)
    for attachment, entry in found["ATTACHMENTS"]["evidence"]:
        entries[entry]["evidence"].append({"id": attachment})
    op.store.rows_of("charters", CHARTERS, row.id)  # the service reads them with every booklet
    identity = found["IDENTITY"]
    return {
        "booklet": {
            "id": row.id,
            "version": row.version,
            "identity": {
                "version": identity["version"],
                **{field.key: identity["content"].get(field.name) for field in _IDENTITY},
            },
            "dossiers": [
                {"id": id, "title": content["title"]}
                for id, _, _, content in found["DOSSIERS"]["dossiers"]
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
    """The opened content of so many booklets that the site may read."""
    ids = [id for _, id, _ in statements.consents_after(op, SITE, "", first)]
    rows = statements.live_consents(op, SITE, ids)
    sealers = statements.sealers_of(op, [row[4] for row in rows])
    opened: dict[str, dict[str, Any]] = {booklet: {} for *_, booklet in rows}
    for booklet, name, version, sealed in op.store.rows(sections_of_many(list(opened), Section)):
        if name != "DOSSIERS":
            document = open_section(sealers[booklet], Section(name), version, sealed)
            opened[booklet][name] = document
    return {
        "nodes": [
            {"id": id, "sections": sections.split(), "content": opened[booklet]}
            for id, sections, _, _, booklet in rows
        ]
    }


def add(op: Operation, rubric: str, content: dict[str, Any]) -> Any:
    """The id of one more entry of the caller's booklet."""
    person = person_of(op)
    assert person is not None
    lock_row_of(op, person)
    row, sealer = _own(op)
    id, section = str(uuid.uuid4()), SECTION_OF[RubricName(rubric)]
    names = ["HEAD", section.value]
    found = _opened(op, sealer, row.id, names)
    found[section.value]["entries"].append([id, rubric, 9_999, 1, op.now_us, op.now_us, content])
    for name in names:
        sealed = seal_section(sealer, Section(name), row.version, encode_document(found[name]))
        table = BookletSectionTable
        own = (table.booklet == row.id, table.section == name)
        op.store.write(table.update(version=row.version, sealed=sealed).where(*own))
    changed = BookletTable.update(version=row.version + 1, updated_at=op.now_us)
    op.store.write(changed.where(BookletTable.id == row.id))
    return {"entryAdd": {"entry": {"id": id, "version": 1}}}


def _opened(op: Operation, sealer: Sealer, booklet: str, names: list[str]) -> dict[str, Any]:
    """The documents of these sections of a booklet, by name."""
    rows = op.store.rows_of(f"{len(names)} sections", SECTIONS[len(names)], booklet, *names)
    return {
        name: open_section(sealer, Section(name), version, sealed) for name, version, sealed in rows
    }


def _own(op: Operation) -> tuple[BookletRow, Sealer]:
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row else None
    assert row is not None
    assert sealer is not None
    return row, sealer
