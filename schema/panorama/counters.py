"""How many entries each rubric has."""

from collections.abc import Mapping

import strawberry

from schema.description.rubric import RubricName
from schema.rubrics import RUBRICS


@strawberry.type(description="A rubric with its number of entries.")
class RubricCount:
    """« Titres et diplômes (3) » as data."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    label: str = strawberry.field(description="Its French label.")
    count: int = strawberry.field(description="How many entries.")


def counters(counts: Mapping[RubricName, int]) -> list[RubricCount]:
    """Every rubric with its number of entries, in the guide's order, from these numbers."""
    return [
        RubricCount(rubric=rubric.name, label=rubric.label, count=counts.get(rubric.name, 0))
        for rubric in RUBRICS
    ]
