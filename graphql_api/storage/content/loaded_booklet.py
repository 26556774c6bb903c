"""A booklet as it is stored, opened section by section, and as a verb wants it to be."""

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.booklet_statements import CHARTERS
from graphql_api.storage.content.damage import UNREADABLE
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
from graphql_api.storage.operation import Operation
from schema.booklet_content import CharterAcceptance
from schema.description.refusals import BookletState
from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier
from schema.entries.entries import Entry
from schema.entries.identity import Identity
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.entries.situation import Situation
from schema.entries.sorting import ORDER
from schema.kept_property import kept_property

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
        op.content.append(self)

    @property
    def id(self) -> str:
        """The booklet's id."""
        return self.row.id

    @kept_property
    def identity(self) -> Identity | None:
        """The identity; None until there is one. An open booklet without one has lost it."""
        document = self.stored.document(Section.IDENTITY)
        if document is None:
            if self.row.state is BookletState.OPEN:
                self.stored.set_section_aside(Section.IDENTITY)
            return None
        return self._read(Section.IDENTITY, lambda: identity_of(document), None)

    @kept_property
    def situation(self) -> Situation | None:
        """The current situation; None until there is one."""
        document = self.stored.document(Section.SITUATION)
        if document is None:
            return None
        return self._read(Section.SITUATION, lambda: situation_of(document), None)

    @kept_property
    def formations(self) -> tuple[Entry, ...]:
        """The entries of « Mes formations », in the order in which they are shown."""
        return self._entries(Section.FORMATIONS)

    @kept_property
    def experiences(self) -> tuple[Entry, ...]:
        """The entries of « Mes expériences », in the order in which they are shown."""
        return self._entries(Section.EXPERIENCES)

    @kept_property
    def competences(self) -> tuple[Entry, ...]:
        """The entries of « Mes compétences », in the order in which they are shown."""
        return self._entries(Section.COMPETENCES)

    @kept_property
    def attachments(self) -> tuple[Entry, ...]:
        """The attachments and the recommendations, in the order in which they are shown."""
        return self._entries(Section.ATTACHMENTS)

    @kept_property
    def links(self) -> tuple[LinkRecord, ...]:
        """The links of competences."""
        document = self.stored.document(Section.COMPETENCES)
        if document is None:
            return ()
        return self._read(Section.COMPETENCES, lambda: links_of(document), ())

    @kept_property
    def evidence(self) -> tuple[EvidenceRecord, ...]:
        """The links of attachments."""
        document = self.stored.document(Section.ATTACHMENTS)
        if document is None:
            return ()
        return self._read(Section.ATTACHMENTS, lambda: evidence_of(document), ())

    @kept_property
    def dossiers(self) -> tuple[Dossier, ...]:
        """The dossiers, in no order."""
        document = self.stored.document(Section.DOSSIERS)
        if document is None:
            return ()
        return self._read(Section.DOSSIERS, lambda: dossiers_of(self._op, self.id, document), ())

    @kept_property
    def charters(self) -> tuple[CharterAcceptance, ...]:
        """The accepted versions of the charter, the oldest first."""
        rows = self._op.lists.rows(self._op.store, self.id, CHARTERS)
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
    def counts(self) -> Mapping[RubricName, int]:
        """How many entries each rubric has, those included that do not open; no section is opened."""
        head = self.stored.head
        if head is None or self.replaced:
            return Counter(entry.rubric for entry in self.entries)
        return {rubric: size.entries for rubric, size in head.sizes.items()}

    @property
    def entry_count(self) -> int:
        """How many entries there are, those included that do not open; no section is opened."""
        return sum(self.counts.values())

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

    def written(self, row: BookletRow) -> "LoadedBooklet":
        """The same once all of it is written: its entries in the order in which they now stand."""
        written = LoadedBooklet(self._op, row, self.sealer, self.stored)
        vars(written).update({name: vars(self)[name] for name in PARTS if name in vars(self)})
        for section in ENTRY_SECTIONS:
            document = self.stored.document(section) if PART_OF[section] in self.replaced else None
            if document is not None:
                by_id: dict[str, Entry] = {one.id: one for one in self.entries_in(section)}
                ids = (stood[0] for stood in document["entries"])
                vars(written)[PART_OF[section]] = tuple(by_id[id] for id in ids)
        return written

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
        """The entry of that id, or None; sections that were not opened yet come last."""
        opened = [section for section in ENTRY_SECTIONS if PART_OF[section] in vars(self)]
        for section in opened:
            for entry in self.entries_in(section):
                if entry.id == id:
                    return entry
        if len(opened) == len(ENTRY_SECTIONS):
            return None
        self.stored.read(ENTRY_SECTIONS)
        others = (section for section in ENTRY_SECTIONS if section not in opened)
        return next((one for at in others for one in self.entries_in(at) if one.id == id), None)

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
                self._op.content += entries

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
