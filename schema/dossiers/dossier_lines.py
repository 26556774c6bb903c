"""The lines of a dossier: what belongs together is one line, as on a letter or a CV.

A form asks for an employer's name, SIRET, commune, city and country one by one; a reader wants to
know where it was. The owner's own recapitulation keeps one line a field (`lines.py`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from schema.description.display_lines import Line, lines_of
from schema.description.fields import FieldRole, NamedField, fields_of, is_filled

PERIOD = frozenset({FieldRole.START, FieldRole.END, FieldRole.ONGOING})
_AT_HOME = "FR"
# How the parts of an address and of an organisation are said, in order; the rest of a row
# follows a space, the first of a row a comma.
_ROWS = (
    (FieldRole.ORGANISATION,),
    (FieldRole.STREET,),
    (FieldRole.STREET_MORE,),
    (FieldRole.POSTAL_CODE, FieldRole.CITY),
    (FieldRole.COUNTRY,),
)
_NUMBERS = {FieldRole.SIRET: "SIRET", FieldRole.COMMUNE: "code INSEE"}
_PLACE = frozenset(role for row in _ROWS for role in row) | _NUMBERS.keys()


def told_lines(
    content: Any,
    content_class: type,
    *,
    without: Collection[str] = (),
    dated: bool = False,
) -> list[Line]:
    """The filled fields of a content, except those in `without`, as the reader of a dossier reads them.

    Several fields of an organisation or of an address are one line, under the label and key of the
    first of them all. An organisation is named in it even where its name is in `without`: a town
    alone would read as the employer. `dated` content says its period elsewhere.
    France goes without saying beside a city.
    """
    fields = {field.key: field for field in fields_of(content_class)}
    lines = lines_of(content, content_class, without=tuple(without))
    place = [line for line in lines if line.key in fields and _role(fields[line.key]) in _PLACE]
    told = []
    for line in lines:
        role = _role(fields[line.key])
        if role in _PLACE:
            if line is place[0]:
                told.append(_told_place(content, place, fields))
        elif not (dated and role in PERIOD):
            told.append(line)
    return told


def _told_place(content: Any, place: Sequence[Line], fields: dict[str, NamedField]) -> Line:
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
