"""The sections of one booklet as they are stored: read in few statements, opened once each.

What is asked for is read in one statement together with the head, so that a section is compared
with the head of the same moment. A section that does not open, or is not the one that the head
names, is set aside.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql_api.storage.content.booklet_statements import SECTIONS, sections_of_many
from graphql_api.storage.content.damage import UNREADABLE, set_aside
from graphql_api.storage.content.documents import Document, set_aside_carried
from graphql_api.storage.content.head import Head, head_of
from graphql_api.storage.content.sections import (
    ALL_SECTIONS,
    SECTION_NAMED,
    Section,
    open_section,
    tag_of,
)
from graphql_api.storage.former_content.former_tables import is_waiting
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import StoreUnavailableError

Row = tuple[int, bytes]


class StoredSections:
    """The sections of a booklet; `None` stands for one that is not there, or was set aside."""

    def __init__(
        self, op: Operation, booklet: str, sealer: Sealer, prefetch: Iterable[str] = ()
    ) -> None:
        """`prefetch` names the sections to read along with whatever is read first."""
        self._op = op
        self.booklet = booklet
        self.sealer = sealer
        self._prefetch = frozenset(Section(name) for name in prefetch)
        self._rows: dict[Section, Row | None] = {}
        self._documents: dict[Section, Document | None] = {}
        self._head: Head | None = None
        self._head_is_read = False

    def read(self, sections: Iterable[Section] = ALL_SECTIONS) -> None:
        """Read those of these sections that were not read yet, in one statement."""
        wanted = {*sections, Section.HEAD} - self._rows.keys()
        if wanted:
            wanted |= self._prefetch - self._rows.keys()
            named = sorted(one.value for one in wanted)
            query, name = SECTIONS[len(named)], f"{len(named)} sections"
            asked = (name, query, (self.booklet, *named))
            found = self._op.lists.read_with(self._op.store, self.booklet, asked)
            self.keep(wanted, found)

    def keep(self, wanted: Iterable[Section], found: Iterable[tuple[str, int, bytes]]) -> None:
        """Take these rows for what is stored of the sections that were wanted."""
        rows = {SECTION_NAMED[name]: (version, bytes(sealed)) for name, version, sealed in found}
        for section in wanted:
            self._rows[section] = rows.get(section)

    @property
    def head(self) -> Head | None:
        """The head; None when it does not open."""
        if not self._head_is_read:
            self.read(())
            self._head, self._head_is_read = self._opened_head(), True
        return self._head

    def row(self, section: Section) -> Row | None:
        """The version of a section, and its sealed document, whether it opens or not."""
        self.read((section,))
        return self._rows[section]

    def document(self, section: Section) -> Document | None:
        """The document of a section; None when there is none, or when it was set aside."""
        if section not in self._documents:
            self.read((section,))
            self._documents[section] = self._opened(section)
        return self._documents[section]

    def set_section_aside(self, section: Section) -> None:
        """Set a whole section aside, whose document is not what it should be."""
        self._documents[section] = None
        set_aside(self._op, self.booklet, section.kind, self.booklet)

    def forget_documents(self) -> None:
        """Forget what was opened: what is asked for again is opened again."""
        self._documents.clear()

    def written(
        self, head: Head, rows: Mapping[Section, Row], documents: Mapping[Section, Any]
    ) -> None:
        """Know what was just written, in place of what was read."""
        self._head, self._head_is_read = head, True
        self._rows.update(rows)
        self._documents.update(documents)

    def _opened_head(self) -> Head | None:
        row = self._rows[Section.HEAD]
        if row is None:
            if is_waiting(self._op.store, self.booklet):
                raise StoreUnavailableError("a booklet is still in its former rows: migrate")
            self.set_section_aside(Section.HEAD)
            return None
        try:
            head = head_of(self.booklet, row[0], open_section(self.sealer, Section.HEAD, *row))
        except UNREADABLE:
            self.set_section_aside(Section.HEAD)
            return None
        return head if self._is_newest(row) else None

    def _is_newest(self, row: Row) -> bool:
        """Whether the head is not older than the key store knows; an older one is set aside."""
        if is_newest_head(self._op, self.booklet, row[0], tag_of(row[1])):
            return True
        self.set_section_aside(Section.HEAD)
        return False

    def _opened(self, section: Section) -> Document | None:
        row, head = self._rows[section], self.head
        if row is None and (head is None or section not in head.seals):
            return None
        if row is None or (head is not None and not head.names(section, *row)):
            self.set_section_aside(section)
            return None
        try:
            document: Document = open_section(self.sealer, section, *row)
            set_aside_carried(self._op, self.booklet, section, document)
        except UNREADABLE:
            self.set_section_aside(section)
            return None
        return document


def is_newest_head(op: Operation, booklet: str, version: int, tag: bytes) -> bool:
    """Whether a head of that version and tag is not older than the key store knows.

    The key store is told of one that is newer. The booklet's key must have been read.
    """
    known = op.known_heads.get(booklet)
    if known is not None and known.is_rolled_back(version, tag):
        return False
    is_committed = booklet not in op.written_heads
    if is_committed and (known is None or known.version < version):
        op.note_head(booklet, version, tag)
    return True


def read_many(
    op: Operation, wanted: Mapping[str, tuple[Sealer, frozenset[Section]]]
) -> dict[str, StoredSections]:
    """The wanted sections of several booklets, in one statement; each booklet with its sealer."""
    found = {id: StoredSections(op, id, sealer) for id, (sealer, _) in wanted.items()}
    named = {Section.HEAD}.union(*(sections for _, sections in wanted.values()))
    rows: dict[str, list[tuple[str, int, bytes]]] = {id: [] for id in wanted}
    if wanted:
        (stored,) = op.store.rows_of_each(sections_of_many(list(wanted), named))
        for booklet, *row in stored:
            rows[booklet].append(tuple(row))
    for id, sections in found.items():
        sections.keep(named, rows[id])
    return found
