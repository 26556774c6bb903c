"""Loading whole booklets: rows and sealed values on one side, `Booklet` on the other.

A booklet is loaded in a fixed number of statements, whatever it holds: its row, its key, its
entries, its two kinds of links, its dossiers, the charters that its owner accepted.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Any

from strawberry import ID

from graphql_api.storage import (
    access_record_repository,
    consent_repository,
    draft_repository,
    reminder_repository,
    share_link_repository,
)
from graphql_api.storage.actors import Agent
from graphql_api.storage.booklet_statements import (
    BY_ID,
    CHARTERS,
    DOSSIERS,
    ENTRIES,
    EVIDENCE,
    KEY,
    LINKS,
    OF_PERSON,
)
from graphql_api.storage.damage import (
    UNREADABLE,
    DamagedKeyError,
    check_shape,
    parts_of,
    set_aside,
)
from graphql_api.storage.encryption import DecryptionError, SealContext, Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.people import lock_row_of, person_of
from graphql_api.storage.store_marks import check_master_key_of
from schema.booklet import Booklet, CharterAcceptance
from schema.damage import DamagedPart, StoredKind
from schema.description.dates import PartialDate
from schema.description.refusals import BookletState
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier, sort_dossiers, with_booklet
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.entries import Entry, LinkRelation
from schema.entries.identity import Identity, IdentityContent
from schema.entries.inputs import KIND_OF
from schema.entries.links import EvidenceRecord, LinkRecord, attach_links
from schema.entries.shapes import SHAPE, fill_missing, upgrade_content
from schema.entries.situation import Situation, SituationContent
from schema.sharing.share_link import ShareLink

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BookletRow:
    """The row of a booklet; `is_consented` says that sites may have consents to read of it."""

    id: str
    state: BookletState
    version: int
    code_hash: str
    charter_version: str | None
    charter_accepted_at: int | None
    created_at: int
    updated_at: int
    identity_version: int
    identity: bytes | None
    situation_version: int
    situation: bytes | None
    is_consented: bool


@dataclass(frozen=True, slots=True)
class LoadedBooklet:
    """A booklet whose sealed values are opened, with what is needed to write to it."""

    row: BookletRow
    sealer: Sealer
    identity: Identity | None
    entries: tuple[Entry, ...]
    links: tuple[LinkRecord, ...]
    evidence: tuple[EvidenceRecord, ...]
    dossiers: tuple[Dossier, ...]
    situation: Situation | None
    charters: tuple[CharterAcceptance, ...]

    @property
    def id(self) -> str:
        """The booklet's id."""
        return self.row.id

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, or None."""
        return next((entry for entry in self.entries if entry.id == id), None)

    def birth_date(self) -> date | None:
        """The holder's birth date, when given."""
        return birth_date_of(self.identity)


def row_of_person(op: Operation, person: str) -> BookletRow | None:
    """The row of a person's booklet, or None."""
    return _row(op.store.rows_of("booklet of person", OF_PERSON, person))


def row_of_caller(op: Operation) -> BookletRow | None:
    """The row of the caller's booklet, or None."""
    person = person_of(op)
    return row_of_person(op, person) if person else None


def row_by_id(op: Operation, booklet: str) -> BookletRow | None:
    """The row of the booklet with that id, or None."""
    return _row(op.store.rows_of("booklet", BY_ID, booklet))


def lock_person(op: Operation, person: str) -> None:
    """Lock a person's row until this operation ends, so that their writes follow one another.

    A person who closed their account while this operation waited has no row any more: the
    operation is then nobody's.
    """
    if not lock_row_of(op, person):
        op.person = None


def _row(rows: list[tuple[Any, ...]]) -> BookletRow | None:
    if not rows:
        return None
    row = BookletRow(*rows[0])
    return replace(row, state=BookletState(row.state))


def sealer_of(op: Operation, booklet: str) -> Sealer | None:
    """The sealer of a booklet, or None when its key was destroyed. Raises `DamagedKeyError`."""
    with op.key_store.reading():
        rows = op.key_store.rows_of("key", KEY, booklet)
    return opened_key(op, booklet, rows[0][0]) if rows else None


def opened_key(op: Operation, booklet: str, wrapped: bytes) -> Sealer:
    """The sealer of a booklet whose wrapped key that is. Raises `DamagedKeyError`, and logs it.

    Under a master key that this process does not know, `StoreMismatchError` is raised.
    """
    try:
        return Sealer(booklet, op.master_key.unwrap(booklet, wrapped))
    except DecryptionError:
        check_master_key_of(op.key_store, op.master_key)
        _log.error("damaged: the key of %s", booklet, extra={"event": "damaged"})
        raise DamagedKeyError from None


def load(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """Load the whole booklet of a row; None when its key was destroyed.

    What does not open is left out: `parts_of` tells it. Raises `DamagedKeyError`.
    """
    sealer = sealer_of(op, row.id)
    if sealer is None:
        return None
    identity = _identity(op, sealer, row)
    context = ValidationContext(op.today, birth_date_of(identity))
    entries = _entries(op, sealer, row.id, context)
    links = _links(op, sealer, row.id)
    evidence = [EvidenceRecord(*row) for row in op.store.rows_of("evidence", EVIDENCE, row.id)]
    dossiers = _dossiers(op, sealer, row.id)
    _link_siblings(entries)
    charters = op.store.rows_of("charters", CHARTERS, row.id)
    return LoadedBooklet(
        row=row,
        sealer=sealer,
        identity=identity,
        situation=_situation(op, sealer, row),
        entries=tuple(entries),
        links=tuple(links),
        evidence=tuple(evidence),
        dossiers=tuple(dossiers),
        charters=tuple(_charter(*row) for row in charters),
    )


def booklet_of(op: Operation, loaded: LoadedBooklet) -> Booklet:
    """The booklet as its owner sees it."""
    row = loaded.row
    accepted = row.charter_accepted_at
    entries = attach_links(loaded.entries, loaded.links, loaded.evidence)
    links = share_links_of(op, loaded)
    return Booklet(
        id=ID(row.id),
        state=row.state,
        version=row.version,
        created_at=from_microseconds(row.created_at),
        updated_at=from_microseconds(row.updated_at),
        charter_version=row.charter_version,
        charter_accepted_at=None if accepted is None else from_microseconds(accepted),
        identity=loaded.identity,
        situation=loaded.situation,
        charter_acceptances=list(loaded.charters),
        dossiers=[
            dossier_with_booklet(op, loaded, one, entries, links)
            for one in sort_dossiers(loaded.dossiers)
        ],
        entry_list=entries,
        today=op.today,
        access_page=partial(access_record_repository.page, op, row.id, loaded.sealer),
        reminder_setting=cache(partial(reminder_repository.setting_of, op, loaded.sealer, row.id)),
        draft_list=cache(partial(draft_repository.list_live, op, loaded.sealer, row.id)),
        consent_list=cache(partial(consent_repository.list_for_owner, op, loaded.sealer, row.id)),
        link_lists=links,
        has_recent_sign_in=partial(_has_recent_sign_in, op),
        damaged_list=partial(damaged_parts, op),
    )


def dossier_with_booklet(
    op: Operation,
    loaded: LoadedBooklet,
    dossier: Dossier,
    entries: list[Entry],
    links: Callable[[], dict[str, list[ShareLink]]],
) -> Dossier:
    """A dossier with what its owner reads beside its choice; `entries` have their links."""
    return with_booklet(
        dossier,
        entries,
        op.today,
        links,
        holder=loaded.identity,
        situation=loaded.situation,
        printable=op.printable,
    )


def damaged_parts(op: Operation, booklet: Booklet) -> list[DamagedPart]:
    """What of a booklet does not open, its drafts, consents, links and reminders included."""
    booklet.draft_list()
    booklet.consent_list()
    booklet.link_lists()
    booklet.reminder_setting()
    return parts_of(op, booklet.id)


def _has_recent_sign_in(op: Operation) -> bool:
    return isinstance(op.actor, Agent) and op.actor.signed_in_recently(op.now)


def share_links_of(
    op: Operation, loaded: LoadedBooklet
) -> Callable[[], dict[str, list[ShareLink]]]:
    """A function that reads the share links of a booklet, by dossier, at most once."""
    return cache(partial(share_link_repository.list_by_dossier, op, loaded.sealer, loaded.id))


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
    content = upgrade_content(name, shape, sealer.open(entry_context(id, version), sealed))
    return KIND_OF[name].entry_type(
        id=id,
        rubric=name,
        rank=rank,
        version=version,
        created_at=from_microseconds(created_at),
        updated_at=from_microseconds(updated_at),
        context=context,
        **content,
    )


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


def _charter(version: str, accepted_at: int) -> CharterAcceptance:
    return CharterAcceptance(version=version, accepted_at=from_microseconds(accepted_at))


def _link_siblings(entries: list[Entry]) -> None:
    """Set `siblings` of each entry to the entries of its rubric, for rules that compare them."""
    same: dict[RubricName, list[Entry]] = {}
    for entry in entries:
        same.setdefault(entry.rubric, []).append(entry)
    for entry in entries:
        entry.siblings = same[entry.rubric]


def _identity(op: Operation, sealer: Sealer, row: BookletRow) -> Identity | None:
    """The identity; an open booklet without one has lost it."""
    if row.identity is None and row.identity_version == 0 and row.state is not BookletState.OPEN:
        return None
    try:
        return identity_of(sealer, row.id, row.identity_version, row.identity or b"")
    except UNREADABLE:
        set_aside(op, row.id, StoredKind.IDENTITY, row.id)
        return None


def _situation(op: Operation, sealer: Sealer, row: BookletRow) -> Situation | None:
    if row.situation is None and row.situation_version == 0:
        return None
    try:
        return situation_of(sealer, row.id, row.situation_version, row.situation or b"")
    except UNREADABLE:
        set_aside(op, row.id, StoredKind.SITUATION, row.id)
        return None


def _entries(
    op: Operation, sealer: Sealer, booklet: str, context: ValidationContext
) -> list[Entry]:
    found = []
    for columns in op.store.rows_of("entries", ENTRIES, booklet):
        try:
            found.append(entry_of(sealer, columns, context))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.ENTRY, columns[0], columns[1])
    return found


def _links(op: Operation, sealer: Sealer, booklet: str) -> list[LinkRecord]:
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


def _dossiers(op: Operation, sealer: Sealer, booklet: str) -> list[Dossier]:
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
