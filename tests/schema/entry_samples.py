"""Entries as they are read from storage, without a service."""

from datetime import UTC, date, datetime
from typing import Any

from schema.description.rubric import RubricName, ValidationContext
from schema.entries.entries import Entry
from schema.entries.inputs import KIND_OF
from schema.entries.shapes import SHAPE, upgrade_content

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def an_entry(rubric: RubricName, id: str = "", *, rank: int = 1, **content: Any) -> Entry:
    """An entry of a rubric with only this content; its id is the rubric's name unless given."""
    return KIND_OF[rubric].entry_type(
        id=id or rubric.value,
        rubric=rubric,
        rank=rank,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        context=ValidationContext(TODAY),
        **upgrade_content(rubric, SHAPE, content),
    )


def a_numbered_entry(rubric: RubricName, *, id: str = "1", **content: Any) -> Entry:
    """An entry whose rank is the number that is its id."""
    return an_entry(rubric, id, rank=int(id), **content)
