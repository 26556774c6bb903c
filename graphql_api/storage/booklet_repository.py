"""Reading and writing whole booklets: rows and sealed values on one side, `Booklet` on the other.

A booklet is loaded in a fixed number of statements, whatever it holds: its row, its key, its
entries, its two kinds of ties, its dossiers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Any

from strawberry import ID

from graphql_api.storage import access_record_repository, consent_repository, share_link_repository
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
from graphql_api.storage.encryption import BookletVault, Place, unwrap
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.people import person_of
from graphql_api.storage.tables import PersonTable
from schema.booklet import Booklet, CharterAcceptance, EvidenceRecord, LinkRecord, tied
from schema.description.dates import PartialDate
from schema.description.refusals import BookletState
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier, among, dossier_of, in_order
from schema.entries.entries import Entry, LinkRelation
from schema.entries.identity import Identity, IdentityContent
from schema.entries.inputs import KIND_OF
from schema.entries.shapes import complete, upgraded
from schema.entries.situation import Situation, SituationContent
from schema.sharing.share_link import ShareLink


@dataclass(frozen=True, slots=True)
class Head:
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
class Held:
    """A booklet taken from the shelf, with what is needed to write to it."""

    head: Head
    vault: BookletVault
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
        return self.head.id

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, or None."""
        return next((entry for entry in self.entries if entry.id == id), None)

    def birth_date(self) -> date | None:
        """The holder's birth date, when given."""
        return birth_date_of(self.identity)


def head_of_person(op: Operation, person: str) -> Head | None:
    """The row of somebody's booklet."""
    return _head(op.store.rows_of("booklet of person", OF_PERSON, person))


def own_head(op: Operation) -> Head | None:
    """The row of the caller's own booklet, or None."""
    person = person_of(op)
    return head_of_person(op, person) if person else None


def head_by_id(op: Operation, booklet: str) -> Head | None:
    """The row of a booklet."""
    return _head(op.store.rows_of("booklet", BY_ID, booklet))


def lock(op: Operation, person: str) -> None:
    """Let nobody else write for a person until this operation ends.

    Whoever ended their account while this operation waited is nobody any more.
    """
    query = PersonTable.select(PersonTable.id).where(PersonTable.id == person).tuples()
    if op.store.row(query if op.store.is_sqlite else query.for_update()) is None:
        op.person = None


def _head(rows: list[tuple[Any, ...]]) -> Head | None:
    if not rows:
        return None
    head = Head(*rows[0])
    return replace(head, state=BookletState(head.state))


def vault_of(op: Operation, booklet: str) -> BookletVault | None:
    """The vault of a booklet, or None when its key was destroyed."""
    with op.key_store.reading():
        rows = op.key_store.rows_of("key", KEY, booklet)
    return BookletVault(booklet, unwrap(op.master_key, booklet, rows[0][0])) if rows else None


def take(op: Operation, head: Head) -> Held | None:
    """The whole booklet of a row, or None when its key was destroyed."""
    vault = vault_of(op, head.id)
    if vault is None:
        return None
    identity = identity_of(vault, head.id, head.identity_version, head.identity)
    context = ValidationContext(op.today, birth_date_of(identity))
    entries = [
        entry_of(vault, row, context) for row in op.store.rows_of("entries", ENTRIES, head.id)
    ]
    links = [_link(vault, *row) for row in op.store.rows_of("links", LINKS, head.id)]
    evidence = [EvidenceRecord(*row) for row in op.store.rows_of("evidence", EVIDENCE, head.id)]
    dossiers = [_dossier(vault, *row) for row in op.store.rows_of("dossiers", DOSSIERS, head.id)]
    _introduce(entries)
    charters = op.store.rows_of("charters", CHARTERS, head.id)
    return Held(
        head=head,
        vault=vault,
        identity=identity,
        situation=situation_of(vault, head.id, head.situation_version, head.situation),
        entries=tuple(entries),
        links=tuple(links),
        evidence=tuple(evidence),
        dossiers=tuple(dossiers),
        charters=tuple(_charter(*row) for row in charters),
    )


def booklet_of(op: Operation, held: Held) -> Booklet:
    """The booklet as its owner sees it."""
    head = held.head
    accepted = head.charter_accepted_at
    entries = tied(list(held.entries), held.links, held.evidence)
    links = share_links_of(op, held)
    return Booklet(
        id=ID(head.id),
        state=head.state,
        version=head.version,
        created_at=from_microseconds(head.created_at),
        updated_at=from_microseconds(head.updated_at),
        charter_version=head.charter_version,
        charter_accepted_at=None if accepted is None else from_microseconds(accepted),
        identity=held.identity,
        situation=held.situation,
        charter_acceptances=list(held.charters),
        dossiers=[among(one, entries, op.today, links) for one in in_order(held.dossiers)],
        entry_list=entries,
        today=op.today,
        access_page=partial(access_record_repository.page, op, head.id, held.vault),
        consent_list=partial(consent_repository.listed, op, held.vault, head.id),
    )


def share_links_of(op: Operation, held: Held) -> Callable[[], dict[str, list[ShareLink]]]:
    """What reads the share links of a booklet, by dossier: once, if they are asked for."""
    return cache(partial(share_link_repository.listed, op, held.vault, held.id))


def birth_date_of(identity: Identity | None) -> date | None:
    """The birth date in an identity, when given."""
    written = identity.birth_date if identity else None
    parsed = PartialDate.parse(written) if isinstance(written, str) else None
    return parsed.earliest if parsed else None


def identity_place(booklet: str, version: int) -> Place:
    """Where the identity is sealed."""
    return Place("booklet", booklet, version)


def situation_place(booklet: str, version: int) -> Place:
    """Where the current situation is sealed."""
    return Place("situation", booklet, version)


def entry_place(id: str, version: int) -> Place:
    """Where the content of an entry is sealed."""
    return Place("entry", id, version)


def link_place(competence: str, target: str) -> Place:
    """Where the relation and the note of a link are sealed."""
    return Place("competence_link", f"{competence}|{target}", 0)


def dossier_place(id: str, version: int) -> Place:
    """Where the title and the choice of a dossier are sealed."""
    return Place("dossier", id, version)


def entry_of(vault: BookletVault, row: Sequence[Any], context: ValidationContext) -> Entry:
    """The entry of a row, opened and in the present shape."""
    id, rubric, rank, version, shape, created_at, updated_at, sealed = row
    name = RubricName(rubric)
    content = upgraded(name, shape, vault.open(entry_place(id, version), sealed))
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
    vault: BookletVault, booklet: str, version: int, sealed: bytes | None
) -> Identity | None:
    """The identity of a booklet, opened; None until there is one."""
    if sealed is None:
        return None
    content = vault.open(identity_place(booklet, version), sealed)
    stats = content.get("stats_consent_at")
    return Identity(
        version=version,
        stats_consent_at=None if stats is None else from_microseconds(stats),
        **complete(IdentityContent, content),
    )


def situation_of(
    vault: BookletVault, booklet: str, version: int, sealed: bytes | None
) -> Situation | None:
    """The current situation of a booklet's holder, opened; None until there is one."""
    if sealed is None:
        return None
    content = vault.open(situation_place(booklet, version), sealed)
    return Situation(version=version, **complete(SituationContent, content))


def _charter(version: str, accepted_at: int) -> CharterAcceptance:
    return CharterAcceptance(version=version, accepted_at=from_microseconds(accepted_at))


def _introduce(entries: list[Entry]) -> None:
    """Let every entry know its rubric's entries, for the rules that compare them."""
    same: dict[RubricName, list[Entry]] = {}
    for entry in entries:
        same.setdefault(entry.rubric, []).append(entry)
    for entry in entries:
        entry.siblings = same[entry.rubric]


def _link(vault: BookletVault, competence: str, target: str, sealed: bytes) -> LinkRecord:
    content = vault.open(link_place(competence, target), sealed)
    return LinkRecord(competence, target, LinkRelation(content["relation"]), content["note"])


def _dossier(
    vault: BookletVault, id: str, version: int, built_in: object, sealed: bytes
) -> Dossier:
    content = vault.open(dossier_place(id, version), sealed)
    return dossier_of(id, version, built_in=bool(built_in), content=content)
