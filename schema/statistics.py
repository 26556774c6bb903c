"""Statistics: the fixed tables, the cells in which a person is counted, and what is published.

A table counts persons, never entries, and each person in a bounded number of its cells: that
bounds how much one person changes a release (`graphql_api/statistics/differential_privacy.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import strawberry

from schema.codes import code_table
from schema.codes.table import CodeLabel
from schema.description.rubric import text_or_empty
from schema.entries.entries import Entry, ProfessionalExperience, Training
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.entries.sorting import sort_entries
from schema.panorama.current_posts import current_posts_of
from schema.panorama.highest_level import highest_level_of
from schema.rubrics import RUBRICS
from schema.summaries.disclosure import is_disclosable
from schema.typography import typeset_attributes

EVERYBODY = "ALL"
UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A statistical table, before anybody is counted.

    A person is counted in at most `most` of its cells. In a partition everybody is counted in exactly
    one, so that the cells add up to the number of persons.
    """

    name: str
    label: str
    explanation: str
    cells: tuple[CodeLabel, ...]
    most: int
    is_partition: bool = False

    def __post_init__(self) -> None:
        """Typeset what people read."""
        typeset_attributes(self, "label", "explanation")


@dataclass(frozen=True, slots=True)
class Participant:
    """The data of one person who consented to statistics."""

    identity: IdentityContent
    situation: SituationContent | None
    entries: list[Entry]


def _codes(name: str, *more: CodeLabel) -> tuple[CodeLabel, ...]:
    codes = [CodeLabel(code=code.code, label=code.label) for code in code_table(name).codes]
    return (*codes, *more)


# The départements of each region (INSEE, 2026); 20 is Corsica in postal codes.
_DEPARTMENTS = {
    "11": "75 77 78 91 92 93 94 95",
    "24": "18 28 36 37 41 45",
    "27": "21 25 39 58 70 71 89 90",
    "28": "14 27 50 61 76",
    "32": "02 59 60 62 80",
    "44": "08 10 51 52 54 55 57 67 68 88",
    "52": "44 49 53 72 85",
    "53": "22 29 35 56",
    "75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "76": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "93": "04 05 06 13 83 84",
    "94": "2A 2B 20",
    "01": "971",
    "02": "972",
    "03": "973",
    "04": "974",
    "06": "976",
}
_REGION_OF = {
    department: region
    for region, departments in _DEPARTMENTS.items()
    for department in departments.split()
}
_OF_NO_REGION = ("97133", "97150")  # Saint-Barthélemy and Saint-Martin, by postal code

PERSONS = TableDefinition(
    name="PERSONS",
    label="Titulaires",
    explanation="Titulaires d’un livret qui ont autorisé le traitement statistique.",
    cells=(CodeLabel(code=EVERYBODY, label="Ensemble"),),
    most=1,
)
RUBRIC = TableDefinition(
    name="RUBRIC",
    label="Rubriques remplies",
    explanation="Titulaires qui ont au moins un élément dans la rubrique.",
    cells=tuple(CodeLabel(code=rubric.name.value, label=rubric.label) for rubric in RUBRICS),
    most=len(RUBRICS),
)
TRAINING_TYPE = TableDefinition(
    name="TRAINING_TYPE",
    label="Formations suivies, par catégorie statutaire",
    explanation="Titulaires qui ont suivi une formation de cette catégorie ; les 4 plus récentes de chacun comptent.",
    cells=_codes("statutoryType"),
    most=4,
)
LEVEL = TableDefinition(
    name="LEVEL",
    label="Niveau de diplôme le plus élevé",
    explanation="Chaque titulaire compte une fois, par le plus élevé de ses titres obtenus ; un ancien niveau seul compte pour le niveau actuel, l’ancien niveau I pour le niveau 7.",
    cells=_codes("level", CodeLabel(code=UNKNOWN, label="Non renseigné")),
    most=1,
    is_partition=True,
)
EMPLOYER_TYPE = TableDefinition(
    name="EMPLOYER_TYPE",
    label="Type de collectivité",
    explanation="Chaque titulaire compte une fois, par son poste actuel le plus récent.",
    cells=_codes("employerType", CodeLabel(code=UNKNOWN, label="Non renseigné")),
    most=1,
    is_partition=True,
)
REGION = TableDefinition(
    name="REGION",
    label="Région",
    explanation="Chaque titulaire compte une fois, par la commune de son employeur, à défaut par son code postal.",
    cells=(
        *(code for code in _codes("region") if code.code in _DEPARTMENTS),
        CodeLabel(code=UNKNOWN, label="Non renseignée, ou hors des régions"),
    ),
    most=1,
    is_partition=True,
)
TABLES = (PERSONS, RUBRIC, TRAINING_TYPE, LEVEL, EMPLOYER_TYPE, REGION)
MAX_CELLS = sum(table.most for table in TABLES)
Cell = tuple[str, str]


def cells_of(participant: Participant, today: date) -> frozenset[Cell]:
    """The cells in which a person is counted, as table and code: `MAX_CELLS` at most.

    Entries that are in no summary are in no statistic either: those that the holder keeps for
    themselves, and those about a union (GDPR, article 9).
    """
    disclosable = sort_entries(entry for entry in participant.entries if is_disclosable(entry))
    level = highest_level_of(disclosable)
    posts = current_posts_of(disclosable, today)
    candidates: dict[str, Iterable[str]] = {
        PERSONS.name: [EVERYBODY],
        RUBRIC.name: [entry.rubric.value for entry in disclosable],
        TRAINING_TYPE.name: [
            text_or_empty(entry.statutory_type)
            for entry in disclosable
            if isinstance(entry, Training) and entry.role != "FORMATEUR"
        ],
        LEVEL.name: [level.code if level else UNKNOWN],
        EMPLOYER_TYPE.name: [text_or_empty(post.employer_type) for post in posts],
        REGION.name: _regions(participant, posts),
    }
    return frozenset(
        (table.name, code) for table in TABLES for code in _capped(table, candidates[table.name])
    )


def region_of(place: str) -> str | None:
    """The region (INSEE) of a French commune, by its INSEE or postal code; None when there is none."""
    if place in _OF_NO_REGION:
        return None
    return _REGION_OF.get(place[:3] if place.startswith("97") else place[:2])


def _capped(table: TableDefinition, candidates: Iterable[str]) -> list[str]:
    """The first of the codes that are cells, each once, as many as a person may be counted in."""
    known = {cell.code for cell in table.cells}
    codes = list(dict.fromkeys(code for code in candidates if code in known))[: table.most]
    return codes or ([UNKNOWN] if table.is_partition else [])


def _regions(participant: Participant, posts: list[ProfessionalExperience]) -> list[str]:
    places = [text_or_empty(post.employer_insee_commune) for post in posts]
    if participant.situation is not None:
        places.insert(0, text_or_empty(participant.situation.employer_insee_commune))
    if text_or_empty(participant.identity.country_code) in ("", "FR"):
        places.append(text_or_empty(participant.identity.postal_code))
    return [region for place in places if (region := region_of(place))]


@strawberry.type(description="A cell of a statistical table.")
class StatisticsFigure:
    """How many persons, or why it is not told."""

    code: str = strawberry.field(description="The code of the cell.")
    label: str = strawberry.field(description="Its French label.")
    persons: int | None = strawberry.field(
        description="How many persons, noise included, rounded to 5; null when the cell is hidden."
    )

    @strawberry.field(
        description="Why the cell is hidden, in French; null when it is not. A cell that is small and one that is hidden to protect another are not told apart."
    )
    def why_hidden(self) -> str | None:
        return None if self.persons is not None else WHY_HIDDEN


@strawberry.type(description="A statistical table: fixed, without filters.")
class StatisticsTable:
    """Persons by cell."""

    name: str = strawberry.field(description="Its name; the same every month.")
    label: str = strawberry.field(description="Its French title.")
    explanation: str = strawberry.field(description="What it counts, in French.")
    figures: list[StatisticsFigure] = strawberry.field(
        description="Its cells, in the order of the code table; at most 100."
    )


@strawberry.type(
    description="The statistics of a month. docs/statistics.md says what they reveal of a person, and how little."
)
class StatisticsRelease:
    """What was published once, and is never computed again."""

    month: str = strawberry.field(description="The month: YYYY-MM.")
    published_at: datetime = strawberry.field(description="When it was published (UTC).")
    standard_deviation: int = strawberry.field(
        description="Of the noise that every figure carries: 95 in 100 are within twice as much of the truth."
    )
    smallest_shown: int = strawberry.field(description="No smaller figure is shown.")
    tables: list[StatisticsTable] = strawberry.field(description="The tables; at most 10.")


WHY_HIDDEN = "Effectif trop petit, ou masqué pour qu’un autre ne se déduise pas."
