"""How many entries each rubric has."""

from collections import Counter
from collections.abc import Iterable, Mapping

import strawberry

from schema.description.rubric import RubricName
from schema.entries.entries import Entry
from schema.rubrics import RUBRICS


@strawberry.type(description="A rubric with its number of entries.")
class RubricCount:
    """« Titres et diplômes (3) » as data."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    label: str = strawberry.field(description="Its French label.")
    count: int = strawberry.field(description="How many entries.")


def counters_of(entries: Iterable[Entry]) -> list[RubricCount]:
    """Every rubric with its number of entries, in the guide's order."""
    return counters(Counter(entry.rubric for entry in entries))


def counters(counts: Mapping[RubricName, int]) -> list[RubricCount]:
    """Every rubric with its number of entries, in the guide's order, from these numbers."""
    return [
        RubricCount(rubric=rubric.name, label=rubric.label, count=counts.get(rubric.name, 0))
        for rubric in RUBRICS
    ]
