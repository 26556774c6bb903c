"""The panorama as it is printed. The API computes its figures; these structs set them in rows.

A new figure is a field of `PrintedPanorama`, a line of `figures`, and its name in
queries/shared_dossier.graphql.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from msgspec import field

from print_site.dossier.answer import Amount, AnswerObject, Count, LabelledCode, Moment, Title
from print_site.dossier.references import Reference, RubricReference
from print_site.dossier.text import french_day, french_number

LARGEST_MATRIX = 3_000
VALID = ("VALID", "EXPIRING", "NO_EXPIRY")


class PrintedCount(AnswerObject, frozen=True):
    """How many entries a rubric holds in this dossier."""

    rubric: RubricReference
    label: Title
    count: Count


class DatedEntry(AnswerObject, frozen=True):
    """An entry and its period as text."""

    to: Reference = field(name="entry")
    headline: str
    when: Title


class PrintedSpan(AnswerObject, frozen=True):
    """A dated entry of the timeline. `approximate`: a bound is known to the month or year only."""

    to: Reference = field(name="entry")
    rubric: str
    part: str
    headline: str
    when: Title
    earliest: date
    latest: date
    ongoing: bool
    approximate: bool


class PrintedColumn(AnswerObject, frozen=True):
    """An entry that supports competences."""

    to: Reference = field(name="entry")
    rubric: str
    headline: str


class PrintedMark(AnswerObject, frozen=True):
    """A mark of the matrix: its column, and the relation ACQUIRED or USED."""

    column: Reference = field(name="entry")
    relation: str


class CompetenceRow(AnswerObject, frozen=True):
    """A row of the matrix: a competence and its marks."""

    to: Reference = field(name="competence")
    headline: str
    kind: LabelledCode | None
    cells: tuple[PrintedMark, ...]


@dataclass(frozen=True)
class CompetenceGroup:
    """The competences of one kind."""

    label: str
    rows: tuple[CompetenceRow, ...]


class PrintedMatrix(AnswerObject, frozen=True):
    """Competences in rows, the entries that support them in columns; each column has a mark."""

    columns: tuple[PrintedColumn, ...]
    rows: tuple[CompetenceRow, ...]

    def __post_init__(self) -> None:
        columns = {column.to for column in self.columns}
        if any(cell.column not in columns for row in self.rows for cell in row.cells):
            raise ValueError("Expected cells of its columns")

    @property
    def groups(self) -> tuple[CompetenceGroup, ...]:
        """The rows by kind, in their order."""
        by_kind = groupby(self.rows, key=lambda row: row.kind.label if row.kind else "")
        return tuple(CompetenceGroup(label, tuple(rows)) for label, rows in by_kind)

    @property
    def is_too_large(self) -> bool:
        """Whether the matrix would fill pages with mostly empty cells."""
        return len(self.rows) * len(self.columns) > LARGEST_MATRIX

    @property
    def is_drawn(self) -> bool:
        return bool(self.columns) and not self.is_too_large

    def supports(self, row: CompetenceRow, relation: str) -> tuple[Reference, ...]:
        """Return the entries that support a competence by this relation, ACQUIRED or USED."""
        found = {cell.column for cell in row.cells if cell.relation == relation}
        return tuple(column.to for column in self.columns if column.to in found)


class Experience(AnswerObject, frozen=True):
    """The total working time of the holder."""

    months: Count
    label: Title
    text: Title
    over_three_years: bool


class PrintedTrainingDays(AnswerObject, frozen=True):
    """Days of training of one statutory type in one period."""

    statutory_type: LabelledCode | None
    five_years: Title
    days: Amount


@dataclass(frozen=True)
class TrainingRow:
    """Days of one statutory type, period by period; 0.0 where there is none."""

    label: str
    days: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.days)


@dataclass(frozen=True)
class TrainingTable:
    """Training days by statutory type and five-year period."""

    periods: tuple[str, ...]
    rows: tuple[TrainingRow, ...]

    @property
    def totals(self) -> tuple[float, ...]:
        columns = range(len(self.periods))
        return tuple(sum(row.days[column] for row in self.rows) for column in columns)

    @property
    def total(self) -> float:
        return sum(row.total for row in self.rows)


class ValidityRow(AnswerObject, frozen=True):
    """An accreditation or a licence, and its validity on the day of the dossier."""

    to: Reference = field(name="entry")
    headline: str
    status: str
    label: Title
    until: str | None = field(name="validUntil")


class Evidence(AnswerObject, frozen=True):
    """How many entries have a document in the list of the dossier."""

    proved: Count


def _elements(many: int) -> str:
    return f"{many} élément{'s' if many > 1 else ''}"


@dataclass(frozen=True)
class Figure:
    """One of the figures at the head of the panorama."""

    label: str
    text: str


class PrintedPanorama(AnswerObject, frozen=True):
    """The panorama: what the booklet holds, at a glance."""

    counters: tuple[PrintedCount, ...]
    updated_at: Moment | None = field(name="lastUpdate")
    current_posts: tuple[DatedEntry, ...]
    timeline: tuple[PrintedSpan, ...]
    matrix: PrintedMatrix
    highest_level: LabelledCode | None
    experience: Experience | None
    training_days: tuple[PrintedTrainingDays, ...]
    validity: tuple[ValidityRow, ...]
    evidence: Evidence

    @property
    def figures(self) -> Iterator[Figure]:
        """The figures of « Chiffres clés », each with its label; those without a value are left out."""
        training = self.training
        if self.experience:
            yield Figure(self.experience.label, self.experience.text)
        if self.highest_level:
            # Without the examples that help to choose a level.
            level = self.highest_level.label.partition(" – ")[0]
            yield Figure("Niveau le plus élevé", level)
        if training.rows:
            yield Figure("Jours de formation", french_number(training.total))
        if self.evidence.proved:
            for one in self.counters:
                if one.rubric.name == "ATTACHMENT":
                    proved = _elements(self.evidence.proved)
                    yield Figure(one.label, f"{one.count} pour {proved}")

    @property
    def valid(self) -> tuple[ValidityRow, ...]:
        """What is valid on the day: what is to be renewed or completed is for the holder."""
        return tuple(row for row in self.validity if row.status in VALID)

    @property
    def last_update(self) -> str:
        """The day of the last change, in French; empty if there was none."""
        return french_day(self.updated_at) if self.updated_at else ""

    @property
    def training(self) -> TrainingTable:
        periods = tuple(sorted({item.five_years for item in self.training_days}))
        table: dict[str, dict[str, float]] = {}
        for item in self.training_days:
            kind = item.statutory_type.label if item.statutory_type else ""
            row = table.setdefault(kind or "Sans catégorie indiquée", {})
            row[item.five_years] = row.get(item.five_years, 0.0) + item.days
        return TrainingTable(
            periods,
            tuple(
                TrainingRow(label, tuple(row.get(period, 0.0) for period in periods))
                for label, row in table.items()
            ),
        )
