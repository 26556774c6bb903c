"""The shapes of stored content: each has a number, and older ones are upgraded when opened."""

from collections.abc import Callable
from functools import cache
from typing import Any

from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.rubrics import rubric_named

SHAPE = 1
_UPGRADES: dict[tuple[RubricName, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def upgrade_content(rubric: RubricName, shape: int, content: dict[str, Any]) -> dict[str, Any]:
    """Content of any earlier shape in the present one; absent fields are null.

    The upgrade from shape n is registered under (rubric, n) and gives shape n + 1. Fields that no
    longer exist are left out.
    """
    while shape < SHAPE:
        upgrade = _UPGRADES.get((rubric, shape))
        content = upgrade(content) if upgrade else content
        shape += 1
    blank = _blank_entry(rubric)
    whole = blank | content
    if len(whole) == len(blank):  # as a rule: nothing is left out
        return whole
    return {name: value for name, value in whole.items() if name in blank}


def fill_missing(content_class: type, content: dict[str, Any]) -> dict[str, Any]:
    """Content with every field of its class; absent fields are null."""
    blank = dict.fromkeys(field.name for field in fields_of(content_class))
    return blank | {name: value for name, value in content.items() if name in blank}


@cache
def _blank_entry(rubric: RubricName) -> dict[str, Any]:
    names = [field.name for field in fields_of(rubric_named(rubric).content)]
    return dict.fromkeys(names) | {"comment": None, "shareable": True}
