"""What a rubric is: one screen of the guide, described once for every part of the system."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import strawberry

from schema.description.dates import PartialDate, Period
from schema.description.fields import camel
from schema.description.refusals import Problem
from schema.description.rubric_names import Part as Part
from schema.description.rubric_names import RubricName as RubricName
from schema.typography import typeset_attributes


@strawberry.type(
    description="The help of a rubric (the guide's « rubrique d'aide »), in six parts and the guide's boxes. In French, for people."
)
class Help:
    """Help for one screen, in French."""

    what_it_is: str = strawberry.field(description="« De quoi s'agit-il ? »")
    to_enter: str = strawberry.field(description="What to enter, and what not to enter.")
    examples: list[str] = strawberry.field(description="Two or three examples; at most 3.")
    documents: list[str] = strawberry.field(
        description="The documents to have at hand; at most 10."
    )
    legal: str = strawberry.field(description="The law behind the rubric.")
    notes: list[str] = strawberry.field(
        description="The guide's boxes: « À retenir », « À savoir », « À noter »; at most 10."
    )

    def __post_init__(self) -> None:
        typeset_attributes(
            self, "what_it_is", "to_enter", "examples", "documents", "legal", "notes"
        )


@dataclass(frozen=True, slots=True)
class ValidationContext:
    """What a rule knows besides the content that it checks.

    `others` are the contents of the other entries of the same rubric in the same booklet, which a
    rule may go through again and again.
    """

    today: date
    birth_date: date | None = None
    others: Iterable[Any] = ()


def never_hidden(_content: Any) -> bool:
    """No: new dossiers select the entries of most rubrics."""
    return False


def always_hidden(_content: Any) -> bool:
    """Yes: the entries of the rubric are communicated only when they are named."""
    return True


def no_rules(_content: Any, _context: ValidationContext) -> Iterator[Problem]:
    """No problems, for a rubric whose fields' own limits suffice."""
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """A rubric: its place and texts, its content, and how its entries are checked and shown.

    `label` names all its entries, `one` a single one with its article: « un concours ».
    `errors` refuse, `warnings` never block; both yield problems whose path is the field's key.
    `headline` names an entry in a few words; `headline_keys` are the fields that it shows.
    `period` places it in time, by the fields `period_keys` where it is not a start and an end; `precedence` orders those that go on at once. `owner_ordered` rubrics keep their owner's order, the others are
    chronological. `hidden_by_default` says which entries start out of every communication.
    `evidence` is article 5's expected document, in French, empty where none is expected; of the
    entries of such a rubric, `expects_evidence` says which already have something to prove.
    `supports_competences` marks what a competence may link to. `columns` are the keys of the lines
    that a dossier sets in columns, where a line an entry says enough.
    """

    name: RubricName
    code: str
    part: Part
    label: str
    one: str
    content: type
    help: Help
    headline: Callable[[Any], str]
    headline_keys: tuple[str, ...]
    period: Callable[[Any], Period]
    period_keys: tuple[str, ...] = ()
    precedence: Callable[[Any], tuple[int, bool]] = lambda content: (0, False)
    errors: Callable[[Any, ValidationContext], Iterator[Problem]] = no_rules
    warnings: Callable[[Any, ValidationContext], Iterator[Problem]] = no_rules
    hidden_by_default: Callable[[Any], bool] = never_hidden
    owner_ordered: bool = False
    supports_competences: bool = False
    evidence: str = ""
    expects_evidence: Callable[[Any, date], bool] = lambda content, today: True
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        typeset_attributes(self, "label", "evidence")

    @property
    def key(self) -> str:
        """The rubric's name as an input field spells it: `competitiveExam`."""
        return camel(self.name.value.lower())


def text_or_empty(value: object) -> str:
    """The value of a text field, or an empty text when it is absent."""
    return value if isinstance(value, str) else ""


def parse_date(value: object) -> PartialDate | None:
    """The value of a date field, or None when it is absent or not a date."""
    return PartialDate.parse(value) if isinstance(value, str) else None


def period_at(value: object) -> Period:
    """The period of an event that has one date."""
    return Period(start=parse_date(value), end=parse_date(value))


def period_of(content: Any) -> Period:
    """The period of a content with `start`, `end` and `ongoing`."""
    return Period(parse_date(content.start), parse_date(content.end), content.ongoing is True)
