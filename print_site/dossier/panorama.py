"""The panorama as it is printed: the API computed it, here it is cut to the width of a page."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from print_site.dossier.json_fields import flag, label, optional, string, title
from print_site.dossier.references import Reference, References, part_anchor
from print_site.dossier.text import french_day

LARGEST_MATRIX = 3_000


@dataclass(frozen=True)
class Counter:
    """How many entries a rubric holds in this dossier."""

    code: str
    part: str
    label: str
    count: int


@dataclass(frozen=True)
class Dated:
    """An entry with the time it covers, as text."""

    to: Reference
    when: str


@dataclass(frozen=True)
class Span:
    """A dated entry of the timeline. `approximate`: a bound is known to the month or year only."""

    to: Reference
    part: str
    when: str
    earliest: date
    latest: date
    ongoing: bool
    approximate: bool


@dataclass(frozen=True)
class MatrixRow:
    """A competence and its marks: a place among the columns, and ACQUIRED or USED."""

    to: Reference
    marks: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class MatrixGroup:
    """The competences of one kind."""

    label: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class Matrix:
    """Competences by kind, crossed with the entries that support them; no column without a mark."""

    columns: tuple[Reference, ...]
    groups: tuple[MatrixGroup, ...]

    @property
    def is_too_large(self) -> bool:
        """Whether it would be pages of mostly empty cells, which nobody reads."""
        rows = sum(len(group.rows) for group in self.groups)
        return rows * len(self.columns) > LARGEST_MATRIX

    def supports(self, row: MatrixRow, relation: str) -> tuple[Reference, ...]:
        """The entries by which a competence was ACQUIRED, or in which it was USED."""
        return tuple(self.columns[place] for place, said in row.marks if said == relation)


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
        return tuple(sum(row.days[column] for row in self.rows) for column in range(self.width))

    @property
    def width(self) -> int:
        return len(self.periods)

    @property
    def total(self) -> float:
        return sum(row.total for row in self.rows)


@dataclass(frozen=True)
class Validity:
    """Whether an accreditation or a licence is still valid on the day of the dossier."""

    to: Reference
    status: str
    label: str
    until: str


@dataclass(frozen=True)
class Evidence:
    """How many entries that call for a document have one, and which have none."""

    expected: int
    covered: int
    missing: tuple[Dated, ...]


@dataclass(frozen=True)
class Panorama:
    """The first pages: what the booklet holds, at a glance."""

    counters: tuple[Counter, ...]
    last_update: str
    as_of: date
    current_posts: tuple[Dated, ...]
    timeline: tuple[Span, ...]
    matrix: Matrix
    unsupported: tuple[Reference, ...]
    unclaimed: tuple[Reference, ...]
    highest_level: str
    experience: str
    training: TrainingTable
    validity: tuple[Validity, ...]
    evidence: Evidence


def read_panorama(
    data: dict[str, Any], parts: list[dict[str, Any]], as_of: str, references: References
) -> Panorama:
    """Raises KeyError, TypeError or ValueError when the data are not those of a panorama."""
    places = {
        rubric["rubric"]: (string(rubric, "code"), part_anchor(string(part, "part")))
        for part in parts
        for rubric in part["rubrics"]
    }
    experience, evidence = data["experience"], data["evidence"]
    return Panorama(
        counters=tuple(
            Counter(*places[counter["rubric"]], title(counter, "label"), int(counter["count"]))
            for counter in data["counters"]
        ),
        last_update=french_day(data["lastUpdate"]) if data["lastUpdate"] else "",
        as_of=date.fromisoformat(as_of),
        current_posts=_dated(data["currentPosts"], references),
        timeline=tuple(_span(span, references) for span in data["timeline"]),
        matrix=_matrix(data["matrix"], references),
        unsupported=tuple(references[entry] for entry in data["matrix"]["unsupported"]),
        unclaimed=tuple(references[entry] for entry in data["matrix"]["unclaimed"]),
        highest_level=label(data, "highestLevel"),
        experience=title(experience, "text"),
        training=_training(data["trainingDays"]),
        validity=tuple(
            Validity(
                references[item["entry"]],
                string(item, "status"),
                title(item, "label"),
                optional(item, "validUntil"),
            )
            for item in data["validity"]
        ),
        evidence=Evidence(
            int(evidence["expected"]),
            int(evidence["covered"]),
            _dated(evidence["missing"], references),
        ),
    )


def _dated(entries: list[dict[str, Any]], references: References) -> tuple[Dated, ...]:
    return tuple(Dated(references[entry["entry"]], title(entry, "when")) for entry in entries)


def _span(span: dict[str, Any], references: References) -> Span:
    return Span(
        to=references[span["entry"]],
        part=string(span, "part"),
        when=title(span, "when"),
        earliest=date.fromisoformat(span["earliest"]),
        latest=date.fromisoformat(span["latest"]),
        ongoing=flag(span, "ongoing"),
        approximate=flag(span, "approximate"),
    )


def _matrix(matrix: dict[str, Any], references: References) -> Matrix:
    columns = {column["entry"]: place for place, column in enumerate(matrix["columns"])}
    return Matrix(
        columns=tuple(references[column] for column in columns),
        groups=tuple(
            MatrixGroup(kind, tuple(_matrix_row(row, columns, references) for row in rows))
            for kind, rows in groupby(matrix["rows"], key=lambda row: label(row, "kind"))
        ),
    )


def _matrix_row(row: dict[str, Any], columns: dict[str, int], references: References) -> MatrixRow:
    marks = ((columns[cell["entry"]], string(cell, "relation")) for cell in row["cells"])
    return MatrixRow(references[row["competence"]], tuple(sorted(marks)))


def _training(days: list[dict[str, Any]]) -> TrainingTable:
    periods = tuple(sorted({title(item, "fiveYears") for item in days}))
    table: dict[str, dict[str, float]] = {}
    for item in days:
        kind = label(item, "statutoryType") or "Sans catégorie indiquée"
        row = table.setdefault(kind, {})
        row[title(item, "fiveYears")] = row.get(title(item, "fiveYears"), 0.0) + float(item["days"])
    return TrainingTable(
        periods,
        tuple(
            TrainingRow(label, tuple(row.get(period, 0.0) for period in periods))
            for label, row in table.items()
        ),
    )
