"""The description of a field, written once, beside the field.

A rubric's content is a plain dataclass. Each of its fields is declared with one of the
functions below, and everything that people or programs see of the field is computed from that
declaration: the GraphQL type and input (the dataclass is inherited by both), the validation, the
`rubrics` query from which front ends build their forms, and the displayed lines.

Labels and hints are French, for people; descriptions are English, for the SDL.
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterator
from enum import Enum
from functools import cache
from typing import Any

import strawberry

from schema.description.conditions import Condition, DependentCodes, Rule
from schema.description.dates import DAY_PATTERN, PARTIAL_DATE_PATTERN, YEARS_AHEAD
from schema.description.directives import Format, Table, TextFormat
from schema.description.enums import member
from schema.typography import typeset_attributes

TITLE_LENGTH = 200
LONG_TEXT_LENGTH = 10_000
LIST_LENGTH = 50
_KEY = "spec"
_DATE_PATTERNS = {
    TextFormat.PARTIAL_DATE: PARTIAL_DATE_PATTERN,
    TextFormat.DAY: DAY_PATTERN,
}


@strawberry.enum(
    description="How the value of a field is entered, and so which control a form shows."
)
class FieldKind(Enum):
    """The kinds of fields."""

    TEXT = member("TEXT", "One line of text.")
    LONG_TEXT = member("LONG_TEXT", "Text of several lines.")
    TEXTS = member("TEXTS", "A list of short texts, in the order given.")
    PARTIAL_DATE = member("PARTIAL_DATE", "A date: YYYY, YYYY-MM or YYYY-MM-DD.")
    DAY = member("DAY", "A date known to the day: YYYY-MM-DD.")
    CODE = member("CODE", "One code of the field's code table.")
    CODES = member("CODES", "Several codes, each once; free ones when the field has no table.")
    WHOLE_NUMBER = member("WHOLE_NUMBER", "A whole number between two bounds.")
    NUMBER = member("NUMBER", "A number above zero with at most two decimals.")
    YES_NO = member("YES_NO", "Yes or no.")


class FieldRole(Enum):
    """The part that a field plays in a period, an organisation or an address."""

    ORGANISATION = "name"
    SIRET = "siret"
    STREET = "street"
    STREET_MORE = "street, continued"
    POSTAL_CODE = "postal code"
    COMMUNE = "commune"
    CITY = "city"
    COUNTRY = "country"
    START = "start"
    END = "end"
    ONGOING = "ongoing"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """The specification of a field: its French label and hint, its kind and its limits.

    - `required` refuses an entry without the field; `recommended` only warns (a complete dossier
      has it).
    - `table` names the code table of a CODE or CODES field; `labels` names a table that only gives
      labels, to codes that the rubric's own rule checks.
    - `years_ahead` bounds how far off a future date may be.
    - `pattern` matches the whole text; `pattern_message` is the French sentence shown when it does
      not match.
    - `format` names the form of a text: a date, a telephone number.
    - `verify` checks what a pattern cannot (a check digit): a French sentence, or None when valid.
    - `normalize` gives what people type its stored form (a SIRET without spaces).
    - `display` formats a text for people (a telephone number in pairs).
    - `suggested` is the value that a form may start with; the service itself never fills it in.
    - `role` is the part that the field plays in a period, an organisation or an address.
    - `private` fields stay out of every summary.
    - `autofill` is the token by which browsers fill in what they know of a person (HTML, 4.10.18.7).
    - `required_when`, `refused_when` and `recommended_when` say by other fields when the field is
      required, refused or recommended: when one of the rules applies. `shown_when` says when it
      makes sense: when every condition holds.
    - `depends_on` says which codes it takes, by another field; `refused_codes` are codes of its
      table that the form's own rule refuses.
    - `example` is a plausible value, as people type it: a code for CODE, one item of a list.
    """

    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = False
    recommended: bool = False
    max_length: int | None = None
    max_items: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    pattern_message: str = ""
    format: TextFormat | None = None
    verify: Callable[[str], str | None] | None = None
    normalize: Callable[[str], str] | None = None
    display: Callable[[str], str] | None = None
    table: str | None = None
    labels: str | None = None
    suggested: str | None = None
    future: bool = False
    years_ahead: int = YEARS_AHEAD
    unit: str = ""
    role: FieldRole | None = None
    private: bool = False
    autofill: str = ""
    required_when: tuple[Rule, ...] = ()
    refused_when: tuple[Rule, ...] = ()
    recommended_when: tuple[Rule, ...] = ()
    shown_when: tuple[Condition, ...] = ()
    depends_on: DependentCodes | None = None
    refused_codes: tuple[str, ...] = ()
    example: str = ""

    def __post_init__(self) -> None:
        typeset_attributes(self, "label", "hint", "pattern_message", "unit", "example")


def field_with_spec(description: str, spec: FieldSpec) -> Any:
    """A dataclass field that carries its specification; its default is absent (UNSET).

    The description of a list ends with the bound that the specification gives.

    Any: the declared type of the field is the annotation beside it, as with
    `dataclasses.field`.
    """
    if spec.max_items is not None:
        description = f"{description.removesuffix('.')}; at most {spec.max_items}."
    return strawberry.field(
        default=strawberry.UNSET,
        description=description,
        metadata={_KEY: spec},
        directives=list(_directives_of(spec)),
    )


def _directives_of(spec: FieldSpec) -> Iterator[object]:
    if spec.table is not None:
        yield Table(name=spec.table)
    if spec.format is not None:
        yield Format(name=spec.format, pattern=spec.pattern or _DATE_PATTERNS.get(spec.format))


def text(label: str, description: str, *, max_length: int = TITLE_LENGTH, **limits: Any) -> Any:
    """One line of text, at most `max_length` characters."""
    spec = FieldSpec(label=label, kind=FieldKind.TEXT, max_length=max_length, **limits)
    return field_with_spec(description, spec)


def long_text(
    label: str, description: str, *, max_length: int = LONG_TEXT_LENGTH, **limits: Any
) -> Any:
    """Text of several lines."""
    spec = FieldSpec(label=label, kind=FieldKind.LONG_TEXT, max_length=max_length, **limits)
    return field_with_spec(description, spec)


def texts(label: str, description: str, *, max_length: int = TITLE_LENGTH, **limits: Any) -> Any:
    """A list of short texts, in the order given."""
    limits.setdefault("max_items", LIST_LENGTH)
    spec = FieldSpec(label=label, kind=FieldKind.TEXTS, max_length=max_length, **limits)
    return field_with_spec(description, spec)


def date(label: str, description: str, *, future: bool = False, **limits: Any) -> Any:
    """A date known to the year, the month or the day; in the future only where `future` says so."""
    spec = FieldSpec(
        label=label,
        kind=FieldKind.PARTIAL_DATE,
        format=TextFormat.PARTIAL_DATE,
        future=future,
        **limits,
    )
    return field_with_spec(description, spec)


def day(label: str, description: str, *, future: bool = False, **limits: Any) -> Any:
    """A date known to the day."""
    spec = FieldSpec(
        label=label, kind=FieldKind.DAY, format=TextFormat.DAY, future=future, **limits
    )
    return field_with_spec(description, spec)


def choice(label: str, description: str, table: str, **limits: Any) -> Any:
    """One code of a code table."""
    return field_with_spec(
        description, FieldSpec(label=label, kind=FieldKind.CODE, table=table, **limits)
    )


def choices(label: str, description: str, table: str | None, **limits: Any) -> Any:
    """Several codes, each once; of a table, or checked by the rubric's own rule when it is None."""
    limits.setdefault("max_items", LIST_LENGTH)
    spec = FieldSpec(
        label=label,
        kind=FieldKind.CODES,
        table=table,
        max_length=limits.pop("max_length", 40),
        **limits,
    )
    return field_with_spec(description, spec)


def whole_number(label: str, description: str, *, minimum: int, maximum: int, **limits: Any) -> Any:
    """A whole number between two bounds, both included."""
    spec = FieldSpec(
        label=label, kind=FieldKind.WHOLE_NUMBER, minimum=minimum, maximum=maximum, **limits
    )
    return field_with_spec(description, spec)


def number(label: str, description: str, *, maximum: float, **limits: Any) -> Any:
    """A number above zero with at most two decimals."""
    spec = FieldSpec(label=label, kind=FieldKind.NUMBER, minimum=0, maximum=maximum, **limits)
    return field_with_spec(description, spec)


def yes_no(label: str, description: str, **limits: Any) -> Any:
    """Yes or no."""
    return field_with_spec(description, FieldSpec(label=label, kind=FieldKind.YES_NO, **limits))


@dataclasses.dataclass(frozen=True, slots=True)
class NamedField:
    """A described field with its Python name and its name in GraphQL and in problem paths."""

    name: str
    key: str
    spec: FieldSpec
    description: str


def fields_of(content: type) -> tuple[NamedField, ...]:
    """The described fields of a content class, in the order in which they are declared."""
    return _fields_of(content)


@cache
def _fields_of(content: Hashable) -> tuple[NamedField, ...]:
    return tuple(_named(content))


def _named(content: Any) -> Iterator[NamedField]:
    for field in dataclasses.fields(content):
        if (spec := field.metadata.get(_KEY)) is not None:
            yield NamedField(field.name, camel(field.name), spec, getattr(field, "description", ""))


def camel(name: str) -> str:
    """A Python name as GraphQL spells it: `awarded_on` → `awardedOn`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def is_filled(value: object) -> bool:
    """Whether a field holds something: not absent, null, an empty text or an empty list."""
    return value is not strawberry.UNSET and value is not None and value != "" and value != []
