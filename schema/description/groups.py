"""Fields that stand together on the screen, with their French legend."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Neighbouring fields of a content, by Python name, under one French legend."""

    key: str
    legend: str
    fields: tuple[str, ...]


def group(key: str, legend: str, *fields: str) -> FieldGroup:
    """A group of neighbouring fields; a content lists its own as `GROUPS`."""
    return FieldGroup(key, legend, fields)


def groups_of(content: Any) -> dict[str, FieldGroup]:
    """The group of each field of a content class, by Python name; those that stand alone have none."""
    return {name: one for one in getattr(content, "GROUPS", ()) for name in one.fields}
