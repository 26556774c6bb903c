"""Loading booklets: sealed sections on one side, `Booklet` on the other.

A booklet is read in few statements, whatever it holds, and only what is asked for: its row, its
key, its sections, the charters that its owner accepted.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from strawberry import ID

from graphql_api.storage.actors import Agent
from graphql_api.storage.communicated import (
    access_record_repository,
    consent_repository,
    reminder_repository,
    share_link_repository,
)
from graphql_api.storage.content import draft_repository
from graphql_api.storage.content.booklet_rows import BookletRow, sealer_of
from graphql_api.storage.content.booklet_statements import CHARTERS
from graphql_api.storage.content.damage import UNREADABLE, parts_of
from graphql_api.storage.content.documents import (
    birth_date_of,
    charter_of,
    dossiers_of,
    entries_of,
    evidence_of,
    identity_of,
    links_of,
    set_siblings,
    situation_of,
)
from graphql_api.storage.content.sections import ENTRY_SECTIONS, SECTION_OF, Section
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from schema.booklet import Booklet
from schema.booklet_content import CharterAcceptance
from schema.damage import DamagedPart
from schema.description.refusals import BookletState
from schema.description.rubric import Part, RubricName, ValidationContext
from schema.dossiers.dossier import Dossier, sort_dossiers, with_booklet
from schema.entries.entries import Entry
from schema.entries.identity import Identity
from schema.entries.links import EvidenceRecord, LinkRecord, attach_links, number_attachments
from schema.entries.situation import Situation
from schema.entries.sorting import ORDER, sort_entries
from schema.sharing.share_link import ShareLink

_T = TypeVar("_T")


class LoadedBooklet:
    """A booklet as it is stored, whose sections are read and opened when they are first asked for.

    What does not open is left out: `parts_of` tells it, once the part was read.
    """

    def __init__(
        self, op: Operation, row: BookletRow, sealer: Sealer, stored: StoredSections | None = None
    ) -> None:
        self._op = op
        self.row = row
        self.sealer = sealer
        self.stored = stored or StoredSections(op, row.id, sealer, op.prefetch)
        self.replaced: frozenset[str] = frozenset()  # the parts that `changed` was given

    @property
    def id(self) -> str:
        """The booklet's id."""
        return self.row.id

    @cached_property
    def identity(self) -> Identity | None:
        """The identity; None until there is one. An open booklet without one has lost it."""
        document = self.stored.document(Section.IDENTITY)
        if document is None:
            if self.row.state is BookletState.OPEN:
                self.stored.set_section_aside(Section.IDENTITY)
            return None
        return self._read(Section.IDENTITY, lambda: identity_of(document), None)

    @cached_property
    def situation(self) -> Situation | None:
        """The current situation; None until there is one."""
        document = self.stored.document(Section.SITUATION)
        if document is None:
            return None
        return self._read(Section.SITUATION, lambda: situation_of(document), None)

    @cached_property
    def formations(self) -> tuple[Entry, ...]:
        """The entries of « Mes formations », in the order in which they are shown."""
        return self._entries(Section.FORMATIONS)

    @cached_property
    def experiences(self) -> tuple[Entry, ...]:
        """The entries of « Mes expériences », in the order in which they are shown."""
        return self._entries(Section.EXPERIENCES)

    @cached_property
    def competences(self) -> tuple[Entry, ...]:
        """The entries of « Mes compétences », in the order in which they are shown."""
        return self._entries(Section.COMPETENCES)

    @cached_property
    def attachments(self) -> tuple[Entry, ...]:
        """The attachments and the recommendations, in the order in which they are shown."""
        return self._entries(Section.ATTACHMENTS)

    @cached_property
    def links(self) -> tuple[LinkRecord, ...]:
        """The links of competences."""
        document = self.stored.document(Section.COMPETENCES)
        if document is None:
            return ()
        return self._read(Section.COMPETENCES, lambda: links_of(document), ())

    @cached_property
    def evidence(self) -> tuple[EvidenceRecord, ...]:
        """The links of attachments."""
        document = self.stored.document(Section.ATTACHMENTS)
        if document is None:
            return ()
        return self._read(Section.ATTACHMENTS, lambda: evidence_of(document), ())

    @cached_property
    def dossiers(self) -> tuple[Dossier, ...]:
        """The dossiers, in no order."""
        document = self.stored.document(Section.DOSSIERS)
        if document is None:
            return ()
        return self._read(Section.DOSSIERS, lambda: dossiers_of(self._op, self.id, document), ())

    @cached_property
    def charters(self) -> tuple[CharterAcceptance, ...]:
        """The accepted versions of the charter, the oldest first."""
        rows = self._op.store.rows_of("charters", CHARTERS, self.id)
        return tuple(charter_of(*row) for row in rows)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, section after section."""
        return tuple(entry for section in ENTRY_SECTIONS for entry in self.entries_in(section))

    def entries_in(self, section: Section) -> tuple[Entry, ...]:
        """The entries of one section."""
        found: tuple[Entry, ...] = getattr(self, PART_OF[section])
        return found

    def of_rubric(self, rubric: RubricName) -> list[Entry]:
        """The entries of one rubric; no other section is opened."""
        return [one for one in self.entries_in(SECTION_OF[rubric]) if one.rubric is rubric]

    def is_sorted(self, section: Section) -> bool:
        """Whether the entries of a section stand in the order in which they are shown."""
        if PART_OF[section] in self.replaced:
            return False
        document = self.stored.document(section)
        return document is None or document.get("order") == ORDER

    @property
    def entry_count(self) -> int:
        """How many entries there are, those included that do not open; no section is opened."""
        head = self.stored.head
        return head.entries if head else len(self.entries)

    def read_all(self) -> "LoadedBooklet":
        """The same, all that is sealed of it read, so that all that is damaged is known."""
        self.stored.read()
        for part in SEALED_PARTS:
            getattr(self, part)
        return self

    def changed(self, row: BookletRow | None = None, /, **parts: Any) -> "LoadedBooklet":
        """A booklet with these parts in place of its own; nothing is written.

        `entries` are all entries; those of a section in which none changed stay that section's.
        """
        changed = LoadedBooklet(self._op, row or self.row, self.sealer, self.stored)
        vars(changed).update({name: vars(self)[name] for name in PARTS if name in vars(self)})
        if (entries := parts.pop("entries", None)) is not None:
            parts |= self._sections_changed(entries)
        vars(changed).update(parts)
        changed.replaced = self.replaced | parts.keys()
        changed.set_contexts(ENTRY_SECTIONS if "identity" in parts else _sections_among(parts))
        return changed

    def with_new(self, entries: Iterable[Entry]) -> "LoadedBooklet":
        """The booklet with these entries too, each after those of its section."""
        held: dict[Section, list[Entry]] = {}
        for entry in entries:
            section = SECTION_OF[entry.rubric]
            held.setdefault(section, [*self.entries_in(section)]).append(entry)
        return self.changed(**{PART_OF[section]: tuple(ones) for section, ones in held.items()})

    def with_replaced(self, entries: Iterable[Entry]) -> "LoadedBooklet":
        """The booklet with these entries in place of those with their ids."""
        by_id = {str(entry.id): entry for entry in entries}
        sections = {SECTION_OF[entry.rubric] for entry in by_id.values()}
        return self.changed(
            **{
                PART_OF[section]: tuple(by_id.get(one.id, one) for one in self.entries_in(section))
                for section in sections
            }
        )

    def without(self, entry: Entry) -> "LoadedBooklet":
        """The booklet without an entry and its links."""
        section, id = SECTION_OF[entry.rubric], entry.id
        parts: dict[str, tuple[Any, ...]] = {
            PART_OF[section]: tuple(one for one in self.entries_in(section) if one is not entry)
        }
        links = tuple(one for one in self.links if id not in (one.competence, one.target))
        evidence = tuple(one for one in self.evidence if id not in (one.attachment, one.entry))
        if len(links) < len(self.links):
            parts["links"] = links
        if len(evidence) < len(self.evidence):
            parts["evidence"] = evidence
        return self.changed(**parts)

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, or None; the sections are opened one after another."""
        self.stored.read(ENTRY_SECTIONS)
        for section in ENTRY_SECTIONS:
            for entry in self.entries_in(section):
                if entry.id == id:
                    return entry
        return None

    def birth_date(self) -> date | None:
        """The holder's birth date, when given."""
        return birth_date_of(self.identity)

    def set_contexts(self, sections: Iterable[Section]) -> None:
        """Set what the rules compare entries with, of those that were read of these sections."""
        for section in sections:
            if PART_OF[section] in vars(self):
                entries, context = self.entries_in(section), self._context()
                for entry in entries:
                    entry.context = context
                set_siblings(entries)

    def _sections_changed(self, entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
        """The parts with these entries that are not what they were."""
        held: dict[Section, list[Entry]] = {section: [] for section in ENTRY_SECTIONS}
        for entry in entries:
            held[SECTION_OF[entry.rubric]].append(entry)
        return {
            PART_OF[section]: tuple(ones)
            for section, ones in held.items()
            if not _are_same(ones, self.entries_in(section))
        }

    def _context(self) -> ValidationContext:
        return ValidationContext(self._op.today, self.birth_date())

    def _entries(self, section: Section) -> tuple[Entry, ...]:
        document = self.stored.document(section)
        if document is None:
            return ()
        context = self._context()
        return self._read(section, lambda: entries_of(self._op, self.id, document, context), ())

    def _read(self, section: Section, read: Callable[[], _T], absent: _T) -> _T:
        """What a document says; when it is none of its kind, its section is set aside."""
        try:
            return read()
        except UNREADABLE:
            self.stored.set_section_aside(section)
            return absent


PART_OF = {section: section.value.lower() for section in ENTRY_SECTIONS}
SEALED_PARTS = ("identity", "situation", *PART_OF.values(), "links", "evidence", "dossiers")
PARTS = (*SEALED_PARTS, "charters")


def _sections_among(parts: Iterable[str]) -> list[Section]:
    return [section for section, part in PART_OF.items() if part in parts]


def _are_same(entries: Sequence[Entry], others: Sequence[Entry]) -> bool:
    return len(entries) == len(others) and all(map(operator.is_, entries, others))


def find(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """The booklet of a row, of which nothing is read yet; None when its key was destroyed.

    Raises `DamagedKeyError`.
    """
    sealer = sealer_of(op, row.id)
    return None if sealer is None else LoadedBooklet(op, row, sealer)


def load(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """The whole booklet of a row, so that all that is damaged is known; None when its key was destroyed.

    Raises `DamagedKeyError`.
    """
    found = find(op, row)
    return None if found is None else found.read_all()


def booklet_of(op: Operation, loaded: LoadedBooklet) -> Booklet:
    """The booklet as its owner sees it."""
    row = loaded.row
    accepted = row.charter_accepted_at
    content = _OwnerContent(op, loaded)
    return Booklet(
        id=ID(row.id),
        state=row.state,
        version=row.version,
        created_at=from_microseconds(row.created_at),
        updated_at=from_microseconds(row.updated_at),
        charter_version=row.charter_version,
        charter_accepted_at=None if accepted is None else from_microseconds(accepted),
        content=content,
        today=op.today,
        access_page=partial(access_record_repository.page, op, row.id, loaded.sealer),
        reminder_setting=cache(partial(reminder_repository.setting_of, op, loaded.sealer, row.id)),
        draft_list=cache(partial(draft_repository.list_live, op, loaded.sealer, row.id)),
        consent_list=cache(partial(consent_repository.list_for_owner, op, loaded.sealer, row.id)),
        link_lists=content.share_links,
        has_recent_sign_in=partial(_has_recent_sign_in, op),
        damaged_list=partial(damaged_parts, op, loaded),
    )


def dossier_with_booklet(
    op: Operation,
    loaded: LoadedBooklet,
    dossier: Dossier,
    entries: Callable[[], list[Entry]],
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


class _OwnerContent:
    """The content of a booklet to its owner: sorted, linked, each part read when it is asked for."""

    def __init__(self, op: Operation, loaded: LoadedBooklet) -> None:
        self._op = op
        self._loaded = loaded
        self._sections: dict[Section, list[Entry]] = {}
        self.share_links = share_links_of(op, loaded)

    @property
    def identity(self) -> Identity | None:
        return self._loaded.identity

    @property
    def situation(self) -> Situation | None:
        return self._loaded.situation

    @property
    def charters(self) -> list[CharterAcceptance]:
        return list(self._loaded.charters)

    @cached_property
    def entries(self) -> list[Entry]:
        loaded = self._loaded
        are_sorted = all(loaded.is_sorted(section) for section in ENTRY_SECTIONS)
        return attach_links(loaded.entries, loaded.links, loaded.evidence, are_sorted=are_sorted)

    def of_rubric(self, rubric: RubricName) -> list[Entry]:
        return [one for one in self._in_section(SECTION_OF[rubric]) if one.rubric is rubric]

    def of_part(self, part: Part) -> list[Entry]:
        return self._in_section(Section[part.name])

    def entry(self, id: str) -> Entry | None:
        found = self._loaded.entry(id)
        if found is None:
            return None
        entries = self._in_section(SECTION_OF[found.rubric])
        return next(one for one in entries if one.id == id)

    def _in_section(self, section: Section) -> list[Entry]:
        """The entries of a section, sorted; their links are attached when they are asked for."""
        if "entries" in vars(self):
            return [one for one in self.entries if SECTION_OF[one.rubric] is section]
        found = self._sections.get(section)
        if found is None:
            held = self._loaded.entries_in(section)
            found = list(held) if self._loaded.is_sorted(section) else sort_entries(held)
            number_attachments(found)
            for entry in found:
                entry.attach = self._attach
            self._sections[section] = found
        return found

    def _attach(self) -> None:
        """Attach the links of all entries, of which any was asked for."""
        _ = self.entries

    @cached_property
    def dossiers(self) -> list[Dossier]:
        return [
            dossier_with_booklet(
                self._op, self._loaded, one, lambda: self.entries, self.share_links
            )
            for one in sort_dossiers(self._loaded.dossiers)
        ]


def damaged_parts(op: Operation, loaded: LoadedBooklet, booklet: Booklet) -> list[DamagedPart]:
    """What of a booklet does not open, its drafts, consents, links and reminders included."""
    loaded.read_all()
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
