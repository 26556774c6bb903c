"""A draft: what was typed of an entry that is not yet complete.

It is its owner's alone: no dossier, figure, summary or statistic knows of it. It is checked against
nothing but its types, and becomes an entry through the form like any other.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import strawberry
from strawberry.scalars import JSON

from schema.description.input_values import input_values
from schema.description.refusals import Problem, problem
from schema.description.rubric import RubricName
from schema.entries.inputs import KIND_OF
from schema.entries.shapes import upgrade_content
from schema.rubrics import rubric_named

MAX_DRAFTS = 20  # of a booklet
MAX_DRAFT_CHARACTERS = 80_000  # of all texts together; any entry fits
DRAFT_DAYS = 30
DRAFT_LIFETIME = timedelta(days=DRAFT_DAYS)


@strawberry.type(description="What was typed of an entry that is not complete; its owner's alone.")
class Draft:
    """A draft as its owner sees it."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    rubric: RubricName = strawberry.field(description="The rubric that it was begun in.")
    version: int = strawberry.field(
        description="Counts the times it was saved; give it back when saving or deleting."
    )
    saved_at: datetime = strawberry.field(description="When it was last saved (UTC).")
    content: strawberry.Private[Any]

    @strawberry.field(
        description=f"When it is deleted unless it is saved again (UTC): {DRAFT_DAYS} days after it was last saved."
    )
    def expires_at(self) -> datetime:
        return self.saved_at + DRAFT_LIFETIME

    @strawberry.field(
        description="What would be the headline of the entry, in French; empty while too little is known."
    )
    def headline(self) -> str:
        return rubric_named(self.rubric).headline(self.content)

    @strawberry.field(
        description="The value of every field of the form by its key (`RubricGuide.fields`), null when it has none: what fills the form, and what the rubric's field of `EntryInput` takes back. Nothing of it was checked."
    )
    def values(self) -> JSON:
        return JSON(input_values(self.content, KIND_OF[self.rubric].input_type))


def draft_of(
    id: str,
    version: int,
    saved_at: datetime,
    rubric: RubricName,
    shape: int,
    stored: dict[str, Any],
) -> Draft:
    """A draft from its stored content, of any shape."""
    shareable = stored.get("shareable")  # unsaid is not yes: the rubric may suggest no
    content = upgrade_content(rubric, shape, stored) | {"shareable": shareable}
    return Draft(
        id=strawberry.ID(id),
        rubric=rubric,
        version=version,
        saved_at=saved_at,
        content=KIND_OF[rubric].input_type(**content),
    )


def draft_errors(rubric: RubricName, content: dict[str, Any]) -> Iterator[Problem]:
    """What refuses a draft: its size alone."""
    if sum(map(_characters, content.values())) > MAX_DRAFT_CHARACTERS:
        message = f"Ce brouillon est trop long : {MAX_DRAFT_CHARACTERS} caractères au plus."
        yield problem(rubric_named(rubric).key, "TOO_LONG", message)


def _characters(value: object) -> int:
    if isinstance(value, list):
        return sum(map(_characters, value))
    return len(value) if isinstance(value, str) else 0
