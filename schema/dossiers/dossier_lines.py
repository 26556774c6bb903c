"""The lines of a dossier: what belongs together is one line, as on a letter or a CV.

A form asks for an employer's name, SIRET, commune, city and country one by one; a reader wants to
know where it was. The owner's own recapitulation keeps one line a field (`display_lines.py`).
Numbers that only programs read, SIRET and INSEE codes, are lines apart, which are not printed.
"""

from collections.abc import Collection, Sequence
from typing import Any

from schema.description.display_lines import Line, display_lines
from schema.description.fields import FieldRole, NamedField, fields_of, is_filled

PERIOD = frozenset({FieldRole.START, FieldRole.END, FieldRole.ONGOING})
# The parts of an organisation and its address, in order: a comma between rows, a space within one.
_ROWS = (
    (FieldRole.ORGANISATION,),
    (FieldRole.STREET,),
    (FieldRole.STREET_MORE,),
    (FieldRole.POSTAL_CODE, FieldRole.CITY),
    (FieldRole.COUNTRY,),
)
_NUMBERS = frozenset({FieldRole.SIRET, FieldRole.COMMUNE})
_PLACE = frozenset(role for row in _ROWS for role in row)


def dossier_lines(
    content: Any,
    content_class: type,
    *,
    without: Collection[str] = (),
    without_period: bool = False,
    with_siret: bool = False,
) -> list[Line]:
    """The lines of a content for the reader of a dossier, except those of the fields in `without`.

    The fields of an organisation or of an address are one line, under the label and key of the first
    of them. That line names the organisation even when its name is in `without`: a town alone would
    read as the employer. `without_period` leaves out the fields of the period, which the dossier
    shows elsewhere. The examples of a level are left out too, which help to choose it (« Niveau 6 (ancien niveau II) – licence, BUT »). Numbers of organisations are left out, but
    the SIRET where `with_siret` asks for it.
    """
    fields = {field.key: field for field in fields_of(content_class)}
    lines = display_lines(content, content_class, without=tuple(without))
    joined = _PLACE | {FieldRole.SIRET} if with_siret else _PLACE
    place = [line for line in lines if _role(fields[line.key]) in joined]
    shown = []
    for line in lines:
        role = _role(fields[line.key])
        if role in joined:
            if line is place[0]:
                shown.append(_place_line(content, place, fields))
        elif role not in _NUMBERS and not (without_period and role in PERIOD):
            shown.append(_without_examples(line, fields[line.key]))
    return shown


def identifier_lines(content: Any, content_class: type) -> list[Line]:
    """The SIRET and INSEE codes of a content, as data: no reader of a page needs them."""
    keys = {field.key for field in fields_of(content_class) if _role(field) in _NUMBERS}
    return [line for line in display_lines(content, content_class) if line.key in keys]


def _place_line(content: Any, place: Sequence[Line], fields: dict[str, NamedField]) -> Line:
    texts = {_role(fields[line.key]): line.text for line in place}
    name = next(
        (field for field in fields.values() if _role(field) is FieldRole.ORGANISATION), None
    )
    if name and is_filled(getattr(content, name.name)):
        texts[FieldRole.ORGANISATION] = str(getattr(content, name.name))
    if len(texts) == 1:
        return place[0]
    rows = (" ".join(texts[role] for role in row if role in texts) for row in _ROWS)
    number = f"SIRET {texts[FieldRole.SIRET]}" if FieldRole.SIRET in texts else ""
    first = next(field for field in fields.values() if _role(field) in _PLACE)
    text = " · ".join(part for part in (", ".join(row for row in rows if row), number) if part)
    return Line(key=first.key, label=first.spec.label, text=text)


def _without_examples(line: Line, field: NamedField) -> Line:
    if field.spec.table != "level":
        return line
    return Line(key=line.key, label=line.label, text=line.text.partition(" – ")[0])


def _role(field: NamedField) -> FieldRole | None:
    return field.spec.role
