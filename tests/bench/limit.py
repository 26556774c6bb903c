"""The limit: what the same stored values cost without GraphQL, types, rules or rights.

Each function reads or writes, by the same statements and seals, what one row of the bench asks for,
and returns it for `orjson`. The token is checked before, as the service checks it.
"""

import uuid
from typing import Any

from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller, sealer_of
from graphql_api.storage.content.booklet_statements import (
    CHARTERS,
    DOSSIERS,
    ENTRIES,
    EVIDENCE,
    LINKS,
)
from graphql_api.storage.content.sealed_content import (
    dossier_context,
    entry_context,
    identity_context,
    link_context,
    situation_context,
)
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import lock_row_of, person_of
from graphql_api.storage.tables import BookletTable, EntryTable
from graphql_api.summaries import statements
from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.rubrics import rubric_named
from tests.bench.booklets import SITE

_IDENTITY = fields_of(IdentityContent)
_CONTENT = {kind.rubric.value: fields_of(rubric_named(kind.rubric).content) for kind in ENTRY_KINDS}
_TYPES = {kind.rubric.value: kind.entry_type.__name__ for kind in ENTRY_KINDS}


def whole(op: Operation) -> Any:
    """What `document.whole_booklet` asks for, its entries in no order."""
    row, sealer = _own(op)
    assert row.identity is not None
    identity = sealer.open(identity_context(row.id, row.identity_version), row.identity)
    entries: dict[str, dict[str, Any]] = {}
    for id, rubric, _, version, _, _, _, sealed in op.store.rows_of("entries", ENTRIES, row.id):
        content = sealer.open(entry_context(id, version), sealed)
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
    for competence, target, sealed in op.store.rows_of("links", LINKS, row.id):
        tie = {"competence": {"id": competence}, "target": {"id": target}}
        tie |= sealer.open(link_context(competence, target), sealed)
        entries[competence]["links"].append(tie)
        entries[target]["links"].append(tie)
    for attachment, entry in op.store.rows_of("evidence", EVIDENCE, row.id):
        entries[entry]["evidence"].append({"id": attachment})
    op.store.rows_of("charters", CHARTERS, row.id)  # the service reads them with every booklet
    return {
        "booklet": {
            "id": row.id,
            "version": row.version,
            "identity": {
                "version": row.identity_version,
                **{field.key: identity.get(field.name) for field in _IDENTITY},
            },
            "dossiers": [
                {"id": id, "title": sealer.open(dossier_context(id, version), sealed)["title"]}
                for id, version, _, sealed in op.store.rows_of("dossiers", DOSSIERS, row.id)
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
    rows = statements.consents_with_booklets(op, SITE, ids)
    sealers = statements.sealers_of(op, [row[4] for row in rows])
    found: dict[str, dict[str, Any]] = {}
    for id, sections, _, _, booklet, identity_version, identity, version, situation in rows:
        sealer = sealers[booklet]
        found[booklet] = {
            "id": id,
            "sections": sections.split(),
            "holder": sealer.open(identity_context(booklet, identity_version), identity),
            "situation": sealer.open(situation_context(booklet, version), situation),
            "entries": [],
        }
    for booklet, id, rubric, _, version, _, _, _, sealed in statements.entries_of(
        op, list(found), RubricName
    ):
        content = sealers[booklet].open(entry_context(id, version), sealed)
        found[booklet]["entries"].append({"rubric": rubric, **content})
    return {"nodes": list(found.values())}


def add(op: Operation, rubric: str, content: dict[str, Any]) -> Any:
    """The id of one more entry of the caller's booklet."""
    person = person_of(op)
    assert person is not None
    lock_row_of(op, person)
    row, sealer = _own(op)
    id = str(uuid.uuid4())
    op.store.run(
        EntryTable.insert(
            booklet=row.id,
            id=id,
            rubric=rubric,
            rank=9_999,
            version=1,
            shape=1,
            created_at=op.now_us,
            updated_at=op.now_us,
            sealed=sealer.seal(entry_context(id, 1), content),
        )
    )
    changed = BookletTable.update(version=row.version + 1, updated_at=op.now_us)
    op.store.run(changed.where(BookletTable.id == row.id))
    return {"entryAdd": {"entry": {"id": id, "version": 1}}}


def _own(op: Operation) -> tuple[BookletRow, Sealer]:
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row else None
    assert row is not None
    assert sealer is not None
    return row, sealer
