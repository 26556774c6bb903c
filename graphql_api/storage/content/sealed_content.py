"""The content of a booklet, row by row: opened, in the present shape, what is damaged set aside.

Each kind of sealed value has its context, in which alone it opens.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from strawberry import ID

from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.booklet_statements import (
    DOSSIERS,
    ENTRIES,
    LINKS,
)
from graphql_api.storage.content.damage import (
    UNREADABLE,
    check_shape,
    set_aside,
)
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from schema.booklet_content import CharterAcceptance
from schema.damage import StoredKind
from schema.description.dates import PartialDate
from schema.description.refusals import BookletState
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.entries import Entry, LinkRelation
from schema.entries.identity import Identity, IdentityContent
from schema.entries.inputs import KIND_OF
from schema.entries.links import LinkRecord
from schema.entries.shapes import SHAPE, fill_missing, upgrade_content
from schema.entries.situation import Situation, SituationContent


def birth_date_of(identity: Identity | None) -> date | None:
    """The birth date in an identity, when given."""
    written = identity.birth_date if identity else None
    parsed = PartialDate.parse(written) if isinstance(written, str) else None
    return parsed.earliest if parsed else None


def identity_context(booklet: str, version: int) -> SealContext:
    """The context in which the identity is sealed."""
    return SealContext("booklet", booklet, version)


def situation_context(booklet: str, version: int) -> SealContext:
    """The context in which the current situation is sealed."""
    return SealContext("situation", booklet, version)


def entry_context(id: str, version: int) -> SealContext:
    """The context in which the content of an entry is sealed."""
    return SealContext("entry", id, version)


def link_context(competence: str, target: str) -> SealContext:
    """The context in which the relation and the note of a link are sealed."""
    return SealContext("competence_link", f"{competence}|{target}", 0)


def dossier_context(id: str, version: int) -> SealContext:
    """The context in which the title and the choice of a dossier are sealed."""
    return SealContext("dossier", id, version)


def entry_of(sealer: Sealer, row: Sequence[Any], context: ValidationContext) -> Entry:
    """The entry of a row, opened and in the present shape.

    Raises one of `UNREADABLE`, and `NewerShapeError`.
    """
    id, rubric, rank, version, shape, created_at, updated_at, sealed = row
    check_shape(StoredKind.ENTRY, id, shape, SHAPE)
    name = RubricName(rubric)
    return build_entry(
        name,
        upgrade_content(name, shape, sealer.open(entry_context(id, version), sealed)),
        id=ID(id),
        rank=rank,
        version=version,
        created_at=from_microseconds(created_at),
        updated_at=from_microseconds(updated_at),
        context=context,
    )


def build_entry(rubric: RubricName, content: dict[str, Any], **about: Any) -> Entry:
    """The entry of a rubric with this content, of the present shape; `about` are its other fields."""
    return KIND_OF[rubric].entry_type(rubric=rubric, **about, **content)


def identity_of(
    sealer: Sealer, booklet: str, version: int, sealed: bytes | None
) -> Identity | None:
    """The identity of a booklet, opened; None until there is one."""
    if sealed is None:
        return None
    content = sealer.open(identity_context(booklet, version), sealed)
    stats = content.get("stats_consent_at")
    return Identity(
        version=version,
        stats_consent_at=None if stats is None else from_microseconds(stats),
        **fill_missing(IdentityContent, content),
    )


def situation_of(
    sealer: Sealer, booklet: str, version: int, sealed: bytes | None
) -> Situation | None:
    """The current situation of a booklet's holder, opened; None until there is one."""
    if sealed is None:
        return None
    content = sealer.open(situation_context(booklet, version), sealed)
    return Situation(version=version, **fill_missing(SituationContent, content))


def charter_of(version: str, accepted_at: int) -> CharterAcceptance:
    """The acceptance of a version of the charter."""
    return CharterAcceptance(version=version, accepted_at=from_microseconds(accepted_at))


def set_siblings(entries: Sequence[Entry]) -> None:
    """Set `siblings` of each entry to the entries of its rubric, for rules that compare them."""
    same: dict[RubricName, list[Entry]] = {}
    for entry in entries:
        same.setdefault(entry.rubric, []).append(entry)
    for entry in entries:
        entry.siblings = same[entry.rubric]


def open_identity(op: Operation, sealer: Sealer, row: BookletRow) -> Identity | None:
    """The identity; an open booklet without one has lost it."""
    if row.identity is None and row.identity_version == 0 and row.state is not BookletState.OPEN:
        return None
    try:
        return identity_of(sealer, row.id, row.identity_version, row.identity or b"")
    except UNREADABLE:
        set_aside(op, row.id, StoredKind.IDENTITY, row.id)
        return None


def open_situation(op: Operation, sealer: Sealer, row: BookletRow) -> Situation | None:
    """The current situation; None until there is one, or when it does not open."""
    if row.situation is None and row.situation_version == 0:
        return None
    try:
        return situation_of(sealer, row.id, row.situation_version, row.situation or b"")
    except UNREADABLE:
        set_aside(op, row.id, StoredKind.SITUATION, row.id)
        return None


def open_entries(
    op: Operation, sealer: Sealer, booklet: str, context: ValidationContext
) -> list[Entry]:
    """The entries of a booklet that open, in no order."""
    found = []
    for columns in op.store.rows_of("entries", ENTRIES, booklet):
        try:
            found.append(entry_of(sealer, columns, context))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.ENTRY, columns[0], columns[1])
    return found


def open_links(op: Operation, sealer: Sealer, booklet: str) -> list[LinkRecord]:
    """The links of competences that open."""
    found = []
    for competence, target, sealed in op.store.rows_of("links", LINKS, booklet):
        try:
            found.append(_link(sealer, competence, target, sealed))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.COMPETENCE_LINK, link_id(competence, target))
    return found


def link_id(competence: str, target: str) -> str:
    """How a link of a competence is named where one id is asked for."""
    return f"{competence}:{target}"


def open_dossiers(op: Operation, sealer: Sealer, booklet: str) -> list[Dossier]:
    """The dossiers that open, in no order."""
    found = []
    for columns in op.store.rows_of("dossiers", DOSSIERS, booklet):
        try:
            found.append(_dossier(sealer, *columns))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.DOSSIER, columns[0])
    return found


def _link(sealer: Sealer, competence: str, target: str, sealed: bytes) -> LinkRecord:
    content = sealer.open(link_context(competence, target), sealed)
    return LinkRecord(competence, target, LinkRelation(content["relation"]), content["note"])


def _dossier(sealer: Sealer, id: str, version: int, built_in: object, sealed: bytes) -> Dossier:
    content = sealer.open(dossier_context(id, version), sealed)
    return dossier_of(id, version, built_in=bool(built_in), content=content)
