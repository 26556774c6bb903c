"""What the declared conditions between fields refuse, and what they recommend."""

from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, cast

from schema.description.conditions import Condition, ConditionTest, Rule
from schema.description.fields import FieldSpec, NamedField, fields_of, is_filled
from schema.description.refusals import Problem, problem

# The name of a field, and its warnings when it is empty: always, and by the first rule that applies.
_Recommendation = tuple[str, tuple[Problem, ...], tuple[tuple[Rule, Problem], ...]]


def holds(condition: Condition, content: Any) -> bool:
    """Whether a content meets a condition."""
    value = getattr(content, condition.field)
    if condition.test is ConditionTest.FILLED:
        return is_filled(value)
    text = str(value).lower() if isinstance(value, bool) else value
    return (text in condition.values) is (condition.test is ConditionTest.ONE_OF)


def applies(rule: Rule, content: Any) -> bool:
    """Whether a content meets every condition of a rule."""
    return all(holds(condition, content) for condition in rule.conditions)


def conditional_errors(content: Any) -> Iterator[Problem]:
    """The errors of fields whose need, place or codes depend on other fields; at most one a field."""
    described: type = type(content)
    for field in _conditional_fields(described):
        yield from _errors_of(field, content)


def recommendation_warnings(content: Any, described: type) -> Iterator[Problem]:
    """The empty fields of a content class that a complete content has, always or by its conditions."""
    for name, always, sometimes in _recommendations(described):
        if is_filled(getattr(content, name)):
            continue
        yield from always
        for rule, warning in sometimes:
            if applies(rule, content):
                yield warning
                break


def not_filled(spec: FieldSpec) -> str:
    """The French sentence for a field that a complete content has."""
    return f"« {spec.label} » n’est pas renseigné."


# Entries are judged each time that they are read: fields that ask nothing are passed over.
@cache
def _conditional_fields(content: Hashable) -> tuple[NamedField, ...]:
    return tuple(
        field
        for field in fields_of(cast("type", content))
        if field.spec.required_when or field.spec.refused_when or field.spec.depends_on
    )


@cache
def _recommendations(content: Hashable) -> tuple[_Recommendation, ...]:
    """The warnings that the fields of a content class can bring, which say nothing of anybody."""
    return tuple(
        (
            field.name,
            (problem(field.key, "RECOMMENDED", empty),) if field.spec.recommended else (),
            tuple(
                (rule, problem(field.key, rule.code, rule.message or empty))
                for rule in field.spec.recommended_when
            ),
        )
        for field in fields_of(cast("type", content))
        if field.spec.recommended or field.spec.recommended_when
        for empty in [not_filled(field.spec)]
    )


def _errors_of(field: NamedField, content: Any) -> Iterator[Problem]:
    value = getattr(content, field.name)
    rules = field.spec.refused_when if is_filled(value) else field.spec.required_when
    for rule in rules:
        if applies(rule, content):
            yield problem(field.key, rule.code, rule.message)
            return
    if is_filled(value):
        yield from _code_errors(field, value, content)


def _code_errors(field: NamedField, value: Any, content: Any) -> Iterator[Problem]:
    dependent = field.spec.depends_on
    if dependent is None:
        return
    other = getattr(content, dependent.field)
    chosen = next((each for each in dependent.choices if each.value == other), None)
    if chosen is None or not chosen.strict:
        return
    items = enumerate(value) if isinstance(value, list) else ((None, value),)
    for index, code in items:
        if code not in chosen.codes:
            path = field.key if index is None else f"{field.key}[{index}]"
            yield problem(path, dependent.code, dependent.message(chosen, code))
