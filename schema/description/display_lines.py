"""The displayed lines of a content: French label, French text, in the order of the fields."""

import re
from typing import Any

import strawberry

from schema.codes import label_of
from schema.description.dates import PartialDate
from schema.description.fields import FieldKind, FieldSpec, fields_of, is_filled

FRANCE = "FR"
_SENTENCE = re.compile(r"[.!?…]\s*$")


@strawberry.type(description="One displayed line of an entry: a label and a text, both in French.")
class Line:
    """A filled field as people read it."""

    key: str = strawberry.field(description="The field's name, the same as in the type.")
    label: str = strawberry.field(description="The French label of the field.")
    text: str = strawberry.field(
        description="The value in French, as plain text; long texts keep their line breaks."
    )


def display_lines(
    content: Any, content_class: type, *, without: tuple[str, ...] = ()
) -> list[Line]:
    """One line for each filled field of a content, except the keys in `without`.

    A duration is one line: its value with its unit. « En cours » has a line only when it is true,
    and a country only when it is another than France.
    """
    lines = []
    for field in fields_of(content_class):
        value = getattr(content, field.name)
        if field.key in without or not is_filled(value) or field.key == "durationUnit":
            continue
        if field.spec.table == "country" and value == FRANCE:
            continue
        if field.key == "durationValue":
            text = _duration(value, getattr(content, "duration_unit", None))
        else:
            text = in_french(field.spec, value)
        if text:
            lines.append(Line(key=field.key, label=field.spec.label, text=text))
    return lines


def in_french(spec: FieldSpec, value: Any) -> str:
    """A value as people read it, by the field's kind."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, list):
        names = spec.table or spec.labels
        items = [label_of(names, item) if names else item for item in value]
        # Sentences stand one a line: a comma after a full stop would be a fault.
        return ("\n" if any(map(_SENTENCE.search, items)) else ", ").join(items)
    if isinstance(value, int | float):
        return french_number(value) + (f" {spec.unit}" if spec.unit else "")
    if spec.kind is FieldKind.CODE and spec.table is not None:
        return label_of(spec.table, value)
    if spec.kind in (FieldKind.PARTIAL_DATE, FieldKind.DAY):
        parsed = PartialDate.parse(value)
        return parsed.in_french() if parsed else str(value)
    return spec.display(value) if spec.display else str(value)


def french_number(value: float) -> str:
    """`12`, `2,5`, `57,14`: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _duration(value: float, unit: object) -> str:
    name = label_of("durationUnit", unit) if isinstance(unit, str) else ""
    if value < 2:
        name = name.removesuffix("s") if unit != "MONTH" else name
    return f"{french_number(value)} {name.lower()}".strip()
