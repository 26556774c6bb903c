"""A booklet as its former rows tell it: what opens, and what does not, as it is stored."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from graphql_api.storage.content.damage import UNREADABLE, check_shape
from graphql_api.storage.content.documents import build_entry, link_id
from graphql_api.storage.former_content.former_tables import (
    BOOKLET,
    DOSSIER,
    ENTRY,
    EVIDENCE,
    LINK,
)
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from schema.damage import StoredKind
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.entries import Entry, LinkRelation
from schema.entries.identity import Identity, IdentityContent
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.entries.shapes import SHAPE, fill_missing, upgrade_content
from schema.entries.situation import Situation, SituationContent

Carried = list[Any]  # kind, id, rubric, and the row as it was


@dataclass(slots=True)
class FormerBooklet:
    """What the rows of a booklet held.

    `identity_as_stored` and `situation_as_stored` are what does not open; `damaged` has the rest.
    """

    identity: Identity | None = None
    identity_as_stored: bytes | None = None
    situation: Situation | None = None
    situation_as_stored: bytes | None = None
    entries: list[Entry] = field(default_factory=list)
    links: list[LinkRecord] = field(default_factory=list)
    evidence: list[EvidenceRecord] = field(default_factory=list)
    dossiers: list[Dossier] = field(default_factory=list)
    dossier_ids: list[str] = field(default_factory=list)
    damaged: list[Carried] = field(default_factory=list)


def read_former(op: Operation, booklet: str, sealer: Sealer) -> FormerBooklet:
    """Read a booklet from its former rows. Raises `NewerShapeError`."""
    found = FormerBooklet()
    _read_head(op, booklet, sealer, found)
    for row in _rows(op, ENTRY, booklet):
        _read_entry(op, sealer, row, found)
    for row in _rows(op, LINK, booklet):
        _read_link(sealer, row, found)
    for row in _rows(op, EVIDENCE, booklet):
        found.evidence.append(EvidenceRecord(row["attachment"], row["entry"]))
    for row in _rows(op, DOSSIER, booklet):
        _read_dossier(sealer, row, found)
    return found


def _rows(op: Operation, table: Any, booklet: str) -> list[dict[str, Any]]:
    columns = table._columns
    query = table.select(*(getattr(table, name) for name in columns))
    rows = op.store.rows(query.where(table.booklet == booklet).tuples())
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _read_head(op: Operation, booklet: str, sealer: Sealer, found: FormerBooklet) -> None:
    (row,) = _rows(op, BOOKLET, booklet)
    version, sealed = row["identity_version"], row["identity"]
    if version or sealed is not None:
        try:
            content = sealer.open(SealContext("booklet", booklet, version), sealed)
            stats = content.get("stats_consent_at")
            found.identity = Identity(
                version=version,
                stats_consent_at=None if stats is None else from_microseconds(stats),
                **fill_missing(IdentityContent, content),
            )
        except UNREADABLE:
            found.identity_as_stored = bytes(sealed or b"")
    version, sealed = row["situation_version"], row["situation"]
    if version or sealed is not None:
        try:
            content = sealer.open(SealContext("situation", booklet, version), sealed)
            found.situation = Situation(version=version, **fill_missing(SituationContent, content))
        except UNREADABLE:
            found.situation_as_stored = bytes(sealed or b"")


def _read_entry(op: Operation, sealer: Sealer, row: dict[str, Any], found: FormerBooklet) -> None:
    id, version, shape = row["id"], row["version"], row["shape"]
    check_shape(StoredKind.ENTRY, id, shape, SHAPE)
    try:
        rubric = RubricName(row["rubric"])
        content = sealer.open(SealContext("entry", id, version), row["sealed"])
        entry = build_entry(
            rubric,
            upgrade_content(rubric, shape, content),
            id=id,
            rank=row["rank"],
            version=version,
            created_at=from_microseconds(row["created_at"]),
            updated_at=from_microseconds(row["updated_at"]),
            context=ValidationContext(op.today),
        )
    except UNREADABLE:
        found.damaged.append(_as_stored(StoredKind.ENTRY, id, row["rubric"], row))
    else:
        found.entries.append(entry)


def _read_link(sealer: Sealer, row: dict[str, Any], found: FormerBooklet) -> None:
    ends = row["competence"], row["target"]
    try:
        content = sealer.open(SealContext("competence_link", "|".join(ends), 0), row["sealed"])
        link = LinkRecord(*ends, LinkRelation(content["relation"]), content["note"])
    except UNREADABLE:
        found.damaged.append(_as_stored(StoredKind.COMPETENCE_LINK, link_id(*ends), None, row))
    else:
        found.links.append(link)


def _read_dossier(sealer: Sealer, row: dict[str, Any], found: FormerBooklet) -> None:
    id, version = row["id"], row["version"]
    found.dossier_ids.append(id)
    try:
        content = sealer.open(SealContext("dossier", id, version), row["sealed"])
        dossier = dossier_of(id, version, built_in=bool(row["built_in"]), content=content)
    except UNREADABLE:
        found.damaged.append(_as_stored(StoredKind.DOSSIER, id, None, row))
    else:
        found.dossiers.append(dossier)


def _as_stored(kind: StoredKind, id: str, rubric: str | None, row: dict[str, Any]) -> Carried:
    """A row that does not open, as it was; its bytes in Base64."""
    sealed = bytes(row["sealed"] or b"")
    return [kind.name, id, rubric, dict(row) | {"sealed": b64encode(sealed).decode()}]
