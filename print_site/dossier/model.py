"""One dossier as it is printed: the answer to queries/shared_dossier.graphql, frozen.

Long because it mirrors that document, a class for each selection in it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from msgspec import field

from print_site.dossier.answer import AnswerObject, LabelledCode, Title
from print_site.dossier.panorama import PrintedPanorama
from print_site.dossier.references import Reference, References, part_anchor, slug
from print_site.dossier.text import french_date

LONGEST_FACT = 100
MOST_LINKS_TOLD = 24
# « septembre 2026 »
BRIEF = 14
# A compact page holds about eight entries.
ENTRIES_OF_TWELVE_PAGES = 100


class PrintedLine(AnswerObject, frozen=True):
    """A label and its display text."""

    key: str
    label: Title
    text: str

    @property
    def is_text(self) -> bool:
        """Whether the text is prose, which begins a line and may continue on the next page."""
        return "\n" in self.text or len(self.text) > LONGEST_FACT


def facts_and_texts(
    lines: Iterable[PrintedLine],
) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """Return the lines that are facts, and those that are prose, each in their order."""
    held: tuple[list[PrintedLine], list[PrintedLine]] = ([], [])
    for line in lines:
        held[line.is_text].append(line)
    return held


class LinkAnswer(AnswerObject, frozen=True):
    """A link between a competence and what supports it, with the id of its other end."""

    entry: str
    relation: LabelledCode
    note: str | None


@dataclass(frozen=True)
class PrintedLink:
    """A link as one of its entries shows it: `to` is the other entry."""

    to: Reference
    relation: str
    note: str


class PrintedLinks(tuple[PrintedLink, ...]):
    """The links of an entry, except those to entries that are not in the dossier."""

    __slots__ = ()


class TableColumn(AnswerObject, frozen=True):
    """A column of a rubric that is read as a table: the entries' lines of that key."""

    key: str
    label: Title


class PrintedEntry(AnswerObject, frozen=True):
    """One entry. `attachments` are those of the entry; an attachment `proves` other entries."""

    reference: Reference = field(name="entry")
    headline: Title
    when: Title
    lines: tuple[PrintedLine, ...]
    identifiers: tuple[PrintedLine, ...]
    links: PrintedLinks
    attachments: References
    proves: References

    def told(self, column: TableColumn) -> str:
        """The text of the line that the column holds; empty when there is none."""
        return next((line.text for line in self.lines if line.key == column.key), "")

    def besides(self, columns: Collection[TableColumn]) -> tuple[PrintedLine, ...]:
        """The lines that no column holds."""
        keys = {column.key for column in columns}
        return tuple(line for line in self.lines if line.key not in keys)

    @property
    def has_many_links(self) -> bool:
        """Whether its links are told by their codes: each is told whole at its other end."""
        return len(self.links) > MOST_LINKS_TOLD

    @property
    def links_by_relation(self) -> dict[str, list[PrintedLink]]:
        """Its links by the label of their relation, in the order of the first of each."""
        found: dict[str, list[PrintedLink]] = {}
        for link in self.links:
            found.setdefault(link.relation, []).append(link)
        return found

    @property
    def code(self) -> str:
        return self.reference.code

    @property
    def anchor(self) -> str:
        return self.reference.anchor


class PrintedRubric(AnswerObject, frozen=True):
    """A rubric and its entries, in the order of the dossier.

    One with `columns` is short: a line an entry, in a table. `tells_links` where links are read.
    """

    name: str = field(name="rubric")
    code: str
    label: Title
    columns: tuple[TableColumn, ...]
    tells_links: bool
    entries: tuple[PrintedEntry, ...]

    @property
    def filled_columns(self) -> tuple[TableColumn, ...]:
        """The columns that at least one entry fills."""
        return tuple(
            column for column in self.columns if any(entry.told(column) for entry in self.entries)
        )

    def is_brief(self, column: TableColumn) -> bool:
        """Whether a narrow column holds its texts: dates, durations, a word."""
        return all(len(entry.told(column)) <= BRIEF for entry in self.entries)

    @property
    def has_brief_dates(self) -> bool:
        """Whether no entry has a period, which takes two dates."""
        return all(len(entry.when) <= BRIEF for entry in self.entries)

    @property
    def proves(self) -> bool:
        return any(entry.proves for entry in self.entries)

    @property
    def is_dated(self) -> bool:
        return any(entry.when for entry in self.entries)

    @property
    def anchor(self) -> str:
        return f"rubrique-{slug(self.code)}"


class PrintedPart(AnswerObject, frozen=True):
    """A part of the booklet (« volet ») and its rubrics."""

    name: str = field(name="part")
    label: Title
    introduction: str
    rubrics: tuple[PrintedRubric, ...]

    @property
    def anchor(self) -> str:
        return part_anchor(self.name)

    @property
    def links_label(self) -> str:
        """What its entries call their links: a competence has supports."""
        return "Appuis" if self.name == "COMPETENCES" else "Compétences"

    @property
    def filled(self) -> tuple[PrintedRubric, ...]:
        return tuple(rubric for rubric in self.rubrics if rubric.entries)


class PrintedHolder(AnswerObject, frozen=True):
    """The holder of the booklet: name, identity lines that are communicated, present situation."""

    civility: LabelledCode | None
    last_name: Title
    first_name: Title
    lines: tuple[PrintedLine, ...]
    situation: tuple[PrintedLine, ...]
    identifiers: tuple[PrintedLine, ...]

    @property
    def name(self) -> str:
        """The names as they are read; a person may have one only."""
        return f"{self.first_name} {self.last_name}".strip()


class ProfileItem(AnswerObject, frozen=True):
    """An entry in one line of the profile; of a competence, the first entries that support it."""

    to: Reference = field(name="entry")
    headline: Title
    when: Title
    text: Title
    supports: References


class ProfileSection(AnswerObject, frozen=True):
    """A section of the profile: POSTS, COMPETENCES, DIPLOMAS, EXAMS or ACCREDITATIONS."""

    name: str = field(name="section")
    label: Title
    items: tuple[ProfileItem, ...]


class PrintedProfile(AnswerObject, frozen=True):
    """What the first page of a compact dossier says of the holder."""

    present: tuple[PrintedLine, ...]
    sections: tuple[ProfileSection, ...]


class PrintedSection(AnswerObject, frozen=True):
    """One article or chapter of a legal text."""

    heading: Title
    paragraphs: tuple[str, ...]


class PrintedLegalText(AnswerObject, frozen=True):
    """A legal text that is printed word for word."""

    version: str
    title: Title
    source: Title
    sections: tuple[PrintedSection, ...]


class ExemptionSupport(AnswerObject, frozen=True):
    """An entry on which the request rests, and what it counts for."""

    to: Reference = field(name="entry")
    headline: Title
    when: Title
    counts: Title


class ExemptionRequest(AnswerObject, frozen=True):
    """The request for exemption (« dispense ») of a dossier, and the names of its signatories.

    `days` are the statutory ones, those asked for and those left; `counts_label` is the head
    of what each support counts for, empty where nothing is counted; `total` is what they make.
    """

    lines: tuple[PrintedLine, ...]
    days: tuple[PrintedLine, ...]
    supports: tuple[ExemptionSupport, ...]
    counts_label: Title
    total: str | None
    signatures: tuple[str, ...]


class DossierAnswer(AnswerObject, frozen=True):
    """The whole answer. `form` is COMPACT or FULL; `annexes` names what is printed too: PANORAMA, CHECKLIST, CHARTER, DECREE."""

    id: str
    title: Title
    purpose: LabelledCode
    form: str
    sought_post: str | None
    recipient: str | None
    day: date = field(name="asOf")
    holder: PrintedHolder
    profile: PrintedProfile | None
    parts: tuple[PrintedPart, ...]
    panorama: PrintedPanorama
    notice: str
    verify_at: str
    annexes: frozenset[str]
    dispense: ExemptionRequest | None
    charter: PrintedLegalText
    decree: PrintedLegalText


class PrintedDossier(DossierAnswer, frozen=True):
    """A dossier ready to print, with the JSON of all its data and their SHA-256."""

    canonical_json: str
    fingerprint: str

    @property
    def is_compact(self) -> bool:
        return self.form == "COMPACT"

    @property
    def is_long(self) -> bool:
        """Whether it needs a page of contents: a full one, or a compact one of about twelve pages."""
        return not self.is_compact or sum(1 for _ in self.entries) > ENTRIES_OF_TWELVE_PAGES

    @property
    def shows_panorama(self) -> bool:
        return "PANORAMA" in self.annexes and self.first_entry is not None

    @property
    def is_signed_apart(self) -> bool:
        """Whether it ends with a place to sign: a compact request has one on its first page."""
        return not (self.is_compact and self.dispense)

    @property
    def tells_value_again(self) -> bool:
        """Whether it ends with the notice too: not where that stands on the page before."""
        return not self.is_compact and self.first_entry is not None

    def is_table(self, rubric: PrintedRubric) -> bool:
        """Whether a rubric is read as a table, a line an entry."""
        return self.is_compact and bool(rubric.columns)

    def is_checklist(self, rubric: PrintedRubric) -> bool:
        """Whether a rubric is the list of paper documents, with boxes to tick."""
        return rubric.name == "ATTACHMENT" and "CHECKLIST" in self.annexes

    @property
    def as_of(self) -> str:
        """The day of the dossier, in French."""
        return french_date(self.day)

    @property
    def about(self) -> tuple[PrintedLine, ...]:
        """The lines of the cover about the dossier: purpose, post, recipient and day."""
        lines = (
            PrintedLine("purpose", Title("Objet du dossier"), self.purpose.label),
            PrintedLine("soughtPost", Title("Poste recherché"), self.sought_post or ""),
            PrintedLine("recipient", Title("Destinataire"), self.recipient or ""),
            PrintedLine("asOf", Title("Édité le"), self.as_of),
        )
        return tuple(line for line in lines if line.text)

    @property
    def legal_texts(self) -> tuple[tuple[str, PrintedLegalText], ...]:
        """The legal texts to print, each with its anchor."""
        texts = (("CHARTER", "charte", self.charter), ("DECREE", "decret", self.decree))
        return tuple((anchor, legal) for annex, anchor, legal in texts if annex in self.annexes)

    @property
    def filled_parts(self) -> tuple[PrintedPart, ...]:
        return tuple(part for part in self.parts if part.filled)

    @property
    def entries(self) -> Iterator[PrintedEntry]:
        """All entries, in the order of the pages."""
        return (entry for part in self.parts for rubric in part.rubrics for entry in rubric.entries)

    @property
    def first_entry(self) -> PrintedEntry | None:
        return next(self.entries, None)
