"""Validation of content against its fields and rules; every error is named at once.

Errors refuse a content, warnings never block; both are `Problem`s. Their paths are relative to the
content (`awardedOn`, `categories[2]`): the caller that received the content puts its own path
before them.
"""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from strawberry import UNSET

from schema.codes import code_of
from schema.description.conditional_rules import conditional_errors, recommendation_warnings
from schema.description.dates import EARLIEST_YEAR, PartialDate, date_fault, iso_form, latest_today
from schema.description.fields import FieldKind, FieldSpec, NamedField, fields_of, is_filled
from schema.description.refusals import Problem, problem
from schema.description.rubric import Rubric, ValidationContext
from schema.description.text_cleaning import (
    RefusedCharacter,
    clean_line,
    clean_text,
    refused_character,
)

NOTE = FieldSpec(label="Note", kind=FieldKind.LONG_TEXT)


def clean_value(value: object, spec: FieldSpec = NOTE) -> object:
    """The value to store of what was entered in a field; None when nothing is left.

    Every text passes the one door of `text_cleaning`, then takes the form in which its field is
    stored: dates as `PartialDate` writes them, numbers without spaces.
    """
    if isinstance(value, list):
        items = [item for one in value if (item := clean_value(one, spec)) is not None]
        return items or None
    if not isinstance(value, str):
        return value
    text = clean_text(value) if spec.kind is FieldKind.LONG_TEXT else clean_line(value)
    if spec.kind in (FieldKind.PARTIAL_DATE, FieldKind.DAY):
        text = iso_form(text)
    if spec.normalize is not None:
        text = spec.normalize(text)
    return text or None


def submitted_fields(content: Any) -> dict[str, object]:
    """The fields that were sent, cleaned, by Python name; a null stays, since it erases."""
    return {
        field.name: clean_value(value, field.spec)
        for field in fields_of(type(content))
        if (value := getattr(content, field.name)) is not UNSET
    }


def content_errors(rubric: Rubric, content: Any, context: ValidationContext) -> list[Problem]:
    """Everything that refuses a content: limits of fields, conditions between them, the rubric's rules.

    An error at a field that already broke its limits or conditions is left out, so that no error
    is told twice.
    """
    errors = list(field_errors(content, context.today))
    errors += _elsewhere(errors, conditional_errors(content))
    errors += _elsewhere(errors, rubric.errors(content, context))
    return sort_by_field(content, errors)


def _elsewhere(known: list[Problem], found: Iterable[Problem]) -> list[Problem]:
    """The problems found at fields that have none yet."""
    invalid_fields = {error.path.split("[")[0] for error in known}
    return [error for error in found if error.path.split("[")[0] not in invalid_fields]


def sort_by_field(content: Any, problems: list[Problem]) -> list[Problem]:
    """The problems in the order of the content's fields."""
    places = {field.key: place for place, field in enumerate(fields_of(type(content)))}
    return sorted(problems, key=lambda each: places.get(each.path.split("[")[0], len(places)))


def content_warnings(rubric: Rubric, content: Any, context: ValidationContext) -> Iterator[Problem]:
    """What a complete and plausible entry would have; warnings never block."""
    yield from recommendation_warnings(content, rubric.content)
    yield from rubric.warnings(content, context)


def field_errors(content: Any, today: date) -> Iterator[Problem]:
    """The errors of each field taken alone: required, limits, form."""
    for field in fields_of(type(content)):
        value = getattr(content, field.name)
        if is_filled(value):
            yield from _value_errors(field, value, today)
        elif field.spec.required:
            label = field.spec.label
            yield problem(field.key, "REQUIRED", f"« {label} » est obligatoire.")


def _value_errors(field: NamedField, value: Any, today: date) -> Iterator[Problem]:
    spec = field.spec
    if isinstance(value, list):
        if spec.max_items is not None and len(value) > spec.max_items:
            yield problem(
                field.key, "TOO_MANY", f"« {spec.label} » : {spec.max_items} éléments au plus."
            )
            return
        for index, item in enumerate(value):
            yield from _text_errors(f"{field.key}[{index}]", spec, item, today)
        if spec.kind is FieldKind.CODES and len(set(value)) < len(value):
            yield problem(field.key, "DUPLICATE", f"« {spec.label} » : un code est répété.")
    elif isinstance(value, str):
        yield from _text_errors(field.key, spec, value, today)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_errors(field.key, spec, value)


def _text_errors(path: str, spec: FieldSpec, value: str, today: date) -> Iterator[Problem]:
    if (refused := refused_character(value)) is not None:
        yield problem(path, "CONTROL_CHARACTER", _unreadable(spec, refused))
    elif spec.max_length is not None and len(value) > spec.max_length:
        yield problem(path, "TOO_LONG", f"« {spec.label} » : {spec.max_length} caractères au plus.")
    elif spec.kind in (FieldKind.CODE, FieldKind.CODES):
        if spec.table is not None and code_of(spec.table, value) is None:
            yield problem(
                path,
                "UNKNOWN_CODE",
                f"« {spec.label} » : valeur inconnue ; choisissez-la dans la liste.",
            )
    elif spec.kind in (FieldKind.PARTIAL_DATE, FieldKind.DAY):
        yield from _date_errors(path, spec, value, today)
    elif spec.pattern is not None and not re.fullmatch(spec.pattern, value):
        yield problem(path, "FORMAT", spec.pattern_message)
    elif spec.verify is not None and (message := spec.verify(value)) is not None:
        yield problem(path, "FORMAT", message)


def _unreadable(spec: FieldSpec, refused: RefusedCharacter) -> str:
    place = f"caractère n° {refused.column}"
    if spec.kind is FieldKind.LONG_TEXT:
        place = f"ligne {refused.line}, {place}"
    return (
        f"« {spec.label} » contient un caractère illisible ({refused.code_point}, {place}) : "
        "effacez-le ou retapez-le."
    )


def _date_errors(path: str, spec: FieldSpec, value: str, today: date) -> Iterator[Problem]:
    fault = date_fault(value, to_the_day=spec.kind is FieldKind.DAY)
    parsed = PartialDate.parse(value)
    if fault is not None or parsed is None:
        yield problem(path, "INVALID_DATE", f"« {spec.label} » : {fault}.")
    elif not EARLIEST_YEAR <= parsed.year <= today.year + spec.years_ahead:
        yield problem(
            path,
            "DATE_OUT_OF_RANGE",
            f"« {spec.label} » : année entre {EARLIEST_YEAR} et {today.year + spec.years_ahead}.",
        )
    elif not spec.future and parsed.earliest > latest_today(today):
        yield problem(path, "DATE_IN_FUTURE", f"« {spec.label} » ne peut pas être dans le futur.")


def _number_errors(path: str, spec: FieldSpec, value: float) -> Iterator[Problem]:
    low, high = spec.minimum, spec.maximum
    above_zero = spec.kind is FieldKind.NUMBER
    if not math.isfinite(value) or (above_zero and round(value, 2) != value):
        yield problem(path, "FORMAT", f"« {spec.label} » : nombre à deux décimales au plus.")
    elif (low is not None and (value < low or (above_zero and value == low))) or (
        high is not None and value > high
    ):
        bounds = (
            f"supérieur à 0 et au plus {high:g}" if above_zero else f"entre {low:g} et {high:g}"
        )
        yield problem(path, "OUT_OF_RANGE", f"« {spec.label} » : nombre {bounds}.")


def note_errors(path: str, value: object, most: int, label: str = "Note") -> list[Problem]:
    """The errors of a note, which is no field of a rubric: control characters, length."""
    if not isinstance(value, str):
        return []
    spec = FieldSpec(label=label, kind=FieldKind.LONG_TEXT, max_length=most)
    return list(_text_errors(path, spec, value, date.min))
