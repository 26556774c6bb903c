"""The whole stored booklet as one document, and the same JSON without GraphQL."""

from typing import Any

from graphql_api.storage.content.booklet_rows import row_of_caller, sealer_of
from graphql_api.storage.content.booklet_statements import (
    CHARTERS,
    DOSSIERS,
    ENTRIES,
    EVIDENCE,
    LINKS,
)
from graphql_api.storage.content.sealed_content import dossier_context, entry_context, link_context
from graphql_api.storage.keys.encryption import SealContext
from graphql_api.storage.operation import Operation
from schema.description.fields import fields_of
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.rubrics import rubric_named

_IDENTITY = fields_of(IdentityContent)
_CONTENT = {kind.rubric.value: fields_of(rubric_named(kind.rubric).content) for kind in ENTRY_KINDS}
_TYPES = {kind.rubric.value: kind.entry_type.__name__ for kind in ENTRY_KINDS}


def whole_booklet() -> str:
    """A query for everything that a booklet stores."""
    contents = "\n".join(
        f"... on {_TYPES[name]} {{ {' '.join(field.key for field in fields)} }}"
        for name, fields in _CONTENT.items()
    )
    identity = " ".join(field.key for field in _IDENTITY)
    return f"""{{ booklet {{ id version identity {{ version {identity} }}
      dossiers {{ id title }}
      entries {{ __typename id version shareable comment
        links {{ competence {{ id }} target {{ id }} relation note }} evidence {{ id }}
        {contents} }} }} }}"""


def by_hand(op: Operation, order: list[str]) -> Any:
    """The same data from the same statements and seals, put together by hand in that order."""
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row else None
    if row is None or sealer is None or row.identity is None:
        return {"booklet": None}
    identity = sealer.open(SealContext("booklet", row.id, row.identity_version), row.identity)
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
            "entries": [entries[id] for id in order],
        }
    }


def as_set(data: Any) -> Any:
    """The data with its lists of ties sorted, to compare two answers that order them otherwise."""
    for entry in data["booklet"]["entries"]:
        entry["links"].sort(key=lambda tie: (tie["competence"]["id"], tie["target"]["id"]))
        entry["evidence"].sort(key=lambda one: one["id"])
    return data
