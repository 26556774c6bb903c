"""The lines of a dossier: what belongs together is one line, as on a letter or a CV.

A form asks for an employer's name, SIRET, commune, city and country one by one; a reader wants to
know where it was. The owner's own recapitulation keeps one line a field (`display_lines.py`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from schema.description.display_lines import Line, display_lines
from schema.description.fields import FieldRole, NamedField, fields_of, is_filled

PERIOD = frozenset({FieldRole.START, FieldRole.END, FieldRole.ONGOING})
_AT_HOME = "FR"
# The parts of an organisation and its address, in order: a comma between rows, a space within one.
_ROWS = (
    (FieldRole.ORGANISATION,),
    (FieldRole.STREET,),
    (FieldRole.STREET_MORE,),
    (FieldRole.POSTAL_CODE, FieldRole.CITY),
    (FieldRole.COUNTRY,),
)
_NUMBERS = {FieldRole.SIRET: "SIRET", FieldRole.COMMUNE: "code INSEE"}
_PLACE = frozenset(role for row in _ROWS for role in row) | _NUMBERS.keys()


def dossier_lines(
    content: Any,
    content_class: type,
    *,
    without: Collection[str] = (),
    without_period: bool = False,
) -> list[Line]:
    """The lines of a content for the reader of a dossier, except those of the fields in `without`.

    The fields of an organisation or of an address are one line, under the label and key of the first
    of them. That line names the organisation even when its name is in `without`: a town alone would
    read as the employer. `without_period` leaves out the fields of the period, which the dossier
    shows elsewhere. France is left out beside a city.
    """
    fields = {field.key: field for field in fields_of(content_class)}
    lines = display_lines(content, content_class, without=tuple(without))
    place = [line for line in lines if line.key in fields and _role(fields[line.key]) in _PLACE]
    shown = []
    for line in lines:
        role = _role(fields[line.key])
        if role in _PLACE:
            if line is place[0]:
                shown.append(_place_line(content, place, fields))
        elif not (without_period and role in PERIOD):
            shown.append(line)
    return shown


def _place_line(content: Any, place: Sequence[Line], fields: dict[str, NamedField]) -> Line:
    texts = {_role(fields[line.key]): line.text for line in place}
    name = next(
        (field for field in fields.values() if _role(field) is FieldRole.ORGANISATION), None
    )
    if name and is_filled(getattr(content, name.name)):
        texts[FieldRole.ORGANISATION] = str(getattr(content, name.name))
    if len(texts) == 1:
        return place[0]
    country = next((field for field in fields.values() if _role(field) is FieldRole.COUNTRY), None)
    if country and FieldRole.CITY in texts and getattr(content, country.name) == _AT_HOME:
        texts.pop(FieldRole.COUNTRY, None)
    rows = (" ".join(texts[role] for role in row if role in texts) for row in _ROWS)
    numbers = (f"{name} {texts[role]}" for role, name in _NUMBERS.items() if role in texts)
    first = next(field for field in fields.values() if _role(field) in _PLACE)
    text = " · ".join(part for part in (", ".join(row for row in rows if row), *numbers) if part)
    return Line(key=first.key, label=first.spec.label, text=text)


def _role(field: NamedField) -> FieldRole | None:
    return field.spec.role
