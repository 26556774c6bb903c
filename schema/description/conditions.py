"""Conditions between the fields of a form, declared beside the field that they are about.

The guide tells them and `conditional_rules` checks them: there is one declaration, so that what a
form shows and what the service refuses are the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

import strawberry

from schema.description.enums import member
from schema.typography import typeset_attributes

YES, NO = "true", "false"  # of YES_NO, as conditions and examples write them


@strawberry.enum(description="What a condition asks of a field.")
class ConditionTest(Enum):
    """The tests of a condition."""

    FILLED = member("FILLED", "It holds something.")
    ONE_OF = member("ONE_OF", "It holds one of the values.")
    NONE_OF = member("NONE_OF", "It holds none of the values, or nothing.")


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of a field, by its Python name; yes and no are the values `true` and `false`."""

    field: str
    test: ConditionTest
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows for a field when every condition holds: a problem's code and its French sentence.

    An empty message is the standard one, made of the field's label.
    """

    conditions: tuple[Condition, ...]
    code: str
    message: str = ""

    def __post_init__(self) -> None:
        typeset_attributes(self, "message")


@dataclass(frozen=True, slots=True)
class CodesFor:
    """The codes that a field takes while another field holds a value.

    Another code is refused when they are `strict`, else at most warned about.
    """

    value: str
    codes: tuple[str, ...]
    strict: bool


@dataclass(frozen=True, slots=True)
class DependentCodes:
    """Which codes a field takes, by the value of another field, given by its Python name.

    A value that is not among the choices leaves all codes open. A code that strict choices do not
    have is refused with `code` and the French sentence that `message` makes of the choice and the
    code.
    """

    field: str
    choices: tuple[CodesFor, ...]
    code: str = ""
    message: Callable[[CodesFor, str], str] = lambda choice, code: ""


def filled(field: str) -> Condition:
    """The field holds something."""
    return Condition(field, ConditionTest.FILLED)


def one_of(field: str, values: Iterable[str]) -> Condition:
    """The field holds one of the values."""
    return Condition(field, ConditionTest.ONE_OF, tuple(values))


def none_of(field: str, values: Iterable[str]) -> Condition:
    """The field holds none of the values, or nothing."""
    return Condition(field, ConditionTest.NONE_OF, tuple(values))


def is_yes(field: str) -> Condition:
    """The field says yes."""
    return one_of(field, (YES,))


def not_yes(field: str) -> Condition:
    """The field says no, or nothing."""
    return none_of(field, (YES,))


def required(message: str, *conditions: Condition) -> Rule:
    """The field is required when every condition holds."""
    return Rule(conditions, "REQUIRED", message)


def refused(code: str, message: str, *conditions: Condition) -> Rule:
    """A value of the field is refused, with this code, when every condition holds."""
    return Rule(conditions, code, message)


def recommended(*conditions: Condition, message: str = "") -> Rule:
    """A complete entry has the field when every condition holds; else a warning says so."""
    return Rule(conditions, "RECOMMENDED", message)
