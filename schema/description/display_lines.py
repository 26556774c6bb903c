"""The displayed lines of a content: French label, French text, in the order of the fields."""

from typing import Any

import strawberry

from schema.codes import label_of
from schema.description.dates import PartialDate
from schema.description.fields import Described, FieldKind, fields_of, is_filled


@strawberry.type(description="One displayed line of an entry: a label and a text, both in French.")
class Line:
    """A filled field as people read it."""

    key: str = strawberry.field(description="The field's name, the same as in the type.")
    label: str = strawberry.field(description="The French label of the field.")
    text: str = strawberry.field(
        description="The value in French, as plain text; long texts keep their line breaks."
    )


def lines_of(content: Any, content_class: type, *, without: tuple[str, ...] = ()) -> list[Line]:
    """The filled fields of a content, except the keys in `without`.

    A duration is one line: its unit is said with its value. « En cours » is said only when true.
    """
    lines = []
    for field in fields_of(content_class):
        value = getattr(content, field.name)
        if field.key in without or not is_filled(value) or field.key == "durationUnit":
            continue
        if field.key == "durationValue":
            shown = _duration(value, getattr(content, "duration_unit", None))
        else:
            shown = in_french(field.described, value)
        if shown:
            lines.append(Line(key=field.key, label=field.described.label, text=shown))
    return lines


def in_french(what: Described, value: Any) -> str:
    """A value as people read it, by the field's kind."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, list):
        names = what.table or what.labels
        return ", ".join(label_of(names, item) if names else item for item in value)
    if isinstance(value, int | float):
        return french_number(value) + (f" {what.unit}" if what.unit else "")
    if what.kind is FieldKind.CODE and what.table is not None:
        return label_of(what.table, value)
    if what.kind in (FieldKind.PARTIAL_DATE, FieldKind.DAY):
        parsed = PartialDate.parse(value)
        return parsed.in_french() if parsed else str(value)
    return what.shown(value) if what.shown else str(value)


def french_number(value: float) -> str:
    """`12`, `2,5`."""
    return f"{value:g}".replace(".", ",") if abs(value) < 1e6 else f"{value:.0f}"


def _duration(value: float, unit: object) -> str:
    name = label_of("durationUnit", unit) if isinstance(unit, str) else ""
    if value < 2:
        name = name.removesuffix("s") if unit != "MONTH" else name
    return f"{french_number(value)} {name.lower()}".strip()
