"""Conditions between fields: the guide tells those that the rules apply, and no others exist.

Each form is filled in with every pair of values of its fields, beside what it always requires. What
is refused is compared with what a front end expects that knows the guide only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from itertools import combinations
from typing import Any

import pytest

from schema.codes import code_table
from schema.description.conditions import ConditionTest
from schema.description.field_guide import FieldGuide
from schema.description.fields import FieldKind, camel, fields_of
from schema.description.groups import groups_of
from schema.description.refusals import Problem
from schema.description.rubric import Rubric, ValidationContext
from schema.description.validation import content_errors, content_warnings, field_errors
from schema.dossiers.dispense import DispenseContent, dispense_errors, dispense_warnings
from schema.entries.identity import IdentityContent, email_confirmation_errors, identity_errors
from schema.entries.inputs import KIND_OF
from schema.entries.shapes import fill_missing
from schema.entries.situation import SituationContent, situation_errors
from schema.guide import dispense_guide, identity_guide, rubric_guide, situation_guide
from schema.rubrics import RUBRICS
from tests.guide_forms import expected_errors, expected_warnings

TODAY = date(2026, 6, 1)
CONTEXT = ValidationContext(TODAY)
DEPENDENT_REFUSALS = {"DECISION_MISMATCH", "GROUND_NOT_OPEN"}
# What an accreditation or a licence lacks, by its type and the date of its title.
BY_A_DATE = {"categories", "validUntil"}
# What only a rule between fields refuses so: the limits of single fields have other codes.
BETWEEN_FIELDS = {"REQUIRED", "NOT_EXPECTED", "ONGOING_WITH_END"}


@dataclass(frozen=True)
class Form:
    """A form: its fields as the guide tells them, its content class, and what refuses a content."""

    name: str
    content: type
    guide: list[FieldGuide]
    errors: Callable[[Any], list[Problem]]
    warnings: Callable[[Any], list[Problem]] | None = None

    def told(self) -> list[dict[str, Any]]:
        """The fields as a front end reads them, without the e-mail that is typed again."""
        known = {field.key for field in fields_of(self.content)}
        return [as_read(field) for field in self.guide if field.key in known]


def as_read(value: Any) -> Any:
    """A value of the guide as the API's JSON has it."""
    if is_dataclass(value):
        return {camel(each.name): as_read(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, list):
        return [as_read(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def rubric_form(rubric: Rubric) -> Form:
    return Form(
        rubric.key,
        KIND_OF[rubric.name].input_type,
        rubric_guide(rubric).fields,
        lambda content: content_errors(rubric, content, CONTEXT),
        lambda content: content_warnings(rubric, content, CONTEXT),
    )


FORMS = [
    *map(rubric_form, RUBRICS),
    Form(
        "identity",
        IdentityContent,
        identity_guide(),
        lambda content: [*field_errors(content, TODAY), *identity_errors(content, CONTEXT)],
    ),
    Form(
        "situation",
        SituationContent,
        situation_guide(),
        lambda content: [*field_errors(content, TODAY), *situation_errors(content)],
    ),
    Form(
        "dispense",
        DispenseContent,
        dispense_guide(),
        lambda content: [*field_errors(content, TODAY), *dispense_errors(content, [], TODAY)],
        lambda content: list(dispense_warnings(content, [])),
    ),
]
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def values_of(field: FieldGuide) -> list[Any]:
    """Nothing, and every value that a condition may tell apart."""
    if field.kind is FieldKind.CODE:
        assert field.table is not None
        return [None, *(code.code for code in code_table(field.table).codes)]
    some: dict[FieldKind, list[Any]] = {
        FieldKind.YES_NO: [True, False],
        FieldKind.NUMBER: [5],
        FieldKind.WHOLE_NUMBER: [1],
        FieldKind.PARTIAL_DATE: ["2015"],
        FieldKind.DAY: ["2001-04-12"],
        FieldKind.TEXT: ["Mots"],
        FieldKind.LONG_TEXT: ["Mots"],
        FieldKind.TEXTS: [["Mots"]],
        FieldKind.CODES: [["Mots"]],
    }
    return [None, *some[field.kind]]


def base_of(form: Form) -> dict[str, Any]:
    """What the form always requires."""
    return {field.key: values_of(field)[1] for field in form.guide if field.required}


def pairs_of(form: Form) -> Iterator[dict[str, Any]]:
    """Every pair of values of two fields, beside what the form always requires."""
    base = base_of(form)
    asked = [field for field in form.guide if field.key != "emailConfirmation"]
    for first, second in combinations(asked, 2):
        for one in values_of(first):
            for other in values_of(second):
                yield base | {first.key: one, second.key: other}


def refusals(form: Form, content: dict[str, Any]) -> set[tuple[str, str]]:
    return codes(form.errors(content_of(form, content)))


def codes(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(each.path.split("[")[0], each.code) for each in problems}


def content_of(form: Form, content: dict[str, Any]) -> Any:
    names = {field.key: field.name for field in fields_of(form.content)}
    given = {names[key]: value for key, value in content.items()}
    return form.content(**fill_missing(form.content, given))


@every_form
def test_every_refusal_between_two_fields_is_told_and_what_is_told_is_refused(form: Form) -> None:
    told = form.told()
    tried = 0
    for content in pairs_of(form):
        found = {error for error in refusals(form, content) if error[1] in BETWEEN_FIELDS}
        assert found == expected_errors(told, content), content
        tried += 1
    assert tried > 30


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.warnings], ids=lambda form: form.name
)
def test_what_a_complete_form_has_is_told_unless_a_date_decides(form: Form) -> None:
    assert form.warnings is not None
    told = form.told()
    for content in pairs_of(form):
        warned = codes(form.warnings(content_of(form, content)))
        missing = {key for key, code in warned if code == "RECOMMENDED"}
        assert missing - expected_warnings(told, content) <= BY_A_DATE, content
        assert expected_warnings(told, content) <= missing, content


def all_rules(form: Form) -> Iterator[tuple[FieldGuide, Any, str]]:
    for field in form.guide:
        for rule in field.required_when:
            yield field, rule, "REQUIRED"
        for rule in field.refused_when:
            yield field, rule, rule.code
            assert rule.code in BETWEEN_FIELDS


def meeting(form: Form, conditions: list[Any]) -> dict[str, Any]:
    """A content that meets the conditions, beside what the form always requires."""
    by_key = {field.key: field for field in form.guide}
    content = base_of(form)
    for condition in conditions:
        values = [
            value
            for value in values_of(by_key[condition.field])
            if meets(value, condition, conditions)
        ]
        content[condition.field] = values[0]
    return content


def meets(value: Any, condition: Any, conditions: list[Any]) -> bool:
    told = str(value).lower() if isinstance(value, bool) else value
    tests = {
        ConditionTest.FILLED: lambda each: value is not None,
        ConditionTest.ONE_OF: lambda each: told in each.values,
        ConditionTest.NONE_OF: lambda each: told not in each.values,
    }
    return all(tests[each.test](each) for each in conditions if each.field == condition.field)


def test_each_rule_refuses_what_meets_it_until_the_field_is_filled_or_emptied() -> None:
    count = 0
    for form in FORMS:
        for field, rule, code in all_rules(form):
            if field.key == "emailConfirmation":
                continue  # no field of the content: see below
            content = meeting(form, rule.conditions)
            content[field.key] = None if code == "REQUIRED" else values_of(field)[1]
            assert (field.key, code) in refusals(form, content), (form.name, field.key)
            assert rule.message.endswith(".")
            mended = content | {field.key: values_of(field)[1] if code == "REQUIRED" else None}
            assert (field.key, code) not in refusals(form, mended), (form.name, field.key)
            count += 1
    assert count >= 25


def test_the_email_is_typed_again_when_it_is_typed() -> None:
    (field,) = (field for field in identity_guide() if field.key == "emailConfirmation")
    assert not field.required
    (rule,) = field.required_when
    assert [(each.field, each.test) for each in rule.conditions] == [
        ("email", ConditionTest.FILLED)
    ]
    (missing,) = email_confirmation_errors("a@example.org", None)
    assert (missing.path, missing.code, missing.message) == (field.key, rule.code, rule.message)
    assert list(email_confirmation_errors(None, None)) == []


@every_form
def test_a_strict_dependent_table_refuses_every_other_code_and_no_code_of_its_own(
    form: Form,
) -> None:
    for field in form.guide:
        if field.depends_on is None or field.kind is FieldKind.CODES:
            continue
        for choice in field.depends_on.choices:
            assert field.table is not None
            for code in (each.code for each in code_table(field.table).codes):
                content = base_of(form) | {
                    field.depends_on.field: choice.value,
                    field.key: code,
                }
                mismatch = {
                    code
                    for key, code in refusals(form, content)
                    if key == field.key and code in DEPENDENT_REFUSALS
                }
                assert bool(mismatch) == (choice.strict and code not in choice.codes), content


def test_the_categories_of_an_accreditation_are_those_of_its_type() -> None:
    (form,) = (form for form in FORMS if form.name == "accreditation")
    (field,) = (field for field in form.guide if field.key == "categories")
    assert field.depends_on is not None
    assert {choice.strict for choice in field.depends_on.choices} == {True, False}
    for choice in field.depends_on.choices:
        content = base_of(form) | {"accreditationType": choice.value}
        assert refusals(form, content | {"categories": choice.codes}) == set()
        odd = refusals(form, content | {"categories": ["Mots"]})
        assert odd == ({("categories", "UNKNOWN_CODE")} if choice.strict else set())


def test_a_cadre_d_emplois_has_the_filiere_and_the_category_that_its_table_says() -> None:
    (form,) = (form for form in FORMS if form.name == "situation")
    by_key = {field.key: field for field in form.guide}
    by_filiere = by_key["cadreEmplois"].depends_on
    by_cadre = by_key["category"].depends_on
    assert by_filiere is not None
    assert by_cadre is not None
    filieres = {code: line.value for line in by_filiere.choices for code in line.codes}
    usual = {line.value: line.codes[0] for line in by_cadre.choices}
    for cadre in code_table("cadreEmplois").codes:
        assert filieres.get(cadre.code) == cadre.group
        assert usual[cadre.code] == cadre.category


def test_the_codes_that_a_form_refuses_are_refused_and_the_others_are_not() -> None:
    count = 0
    for form in FORMS:
        for field in form.guide:
            for code in values_of(field)[1:] if field.refused_codes else ():
                found = {key for key, _ in refusals(form, base_of(form) | {field.key: code})}
                assert (field.key in found) == (code in field.refused_codes), code
                count += 1
    assert count > 60


@every_form
def test_conditions_name_fields_of_the_form_and_codes_of_their_tables(form: Form) -> None:
    by_key = {field.key: field for field in form.guide}
    for field in form.guide:
        rules = [*field.required_when, *field.refused_when, *field.recommended_when]
        conditions = [*field.shown_when, *(each for rule in rules for each in rule.conditions)]
        for condition in conditions:
            other = by_key[condition.field]
            assert condition.field != field.key
            if condition.test is ConditionTest.FILLED:
                assert not condition.values
            elif other.kind is FieldKind.YES_NO:
                assert set(condition.values) <= {"true", "false"}
            else:
                assert other.table is not None
                codes = {code.code for code in code_table(other.table).codes}
                assert condition.values
                assert set(condition.values) <= codes, (field.key, condition)
        if field.depends_on is not None:
            other = by_key[field.depends_on.field]
            assert other.table is not None
            parents = {code.code for code in code_table(other.table).codes}
            assert {choice.value for choice in field.depends_on.choices} <= parents


@every_form
def test_the_fields_of_a_group_are_neighbours_under_one_legend(form: Form) -> None:
    keys = [field.group.key if field.group else None for field in form.guide]
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        if key is not None:
            places.setdefault(key, []).append(place)
    for key, found in places.items():
        assert len(found) > 1, key
        assert found == list(range(found[0], found[-1] + 1)), key
        legends = {
            field.group.legend for field in form.guide if field.group and field.group.key == key
        }
        assert len(legends) == 1
    names = {field.name for field in fields_of(form.content)}
    assert set(groups_of(form.content)) <= names


def test_a_rule_that_is_not_told_would_be_noticed() -> None:
    (form,) = (form for form in FORMS if form.name == "diploma")
    told = form.told()
    for field in told:
        field["requiredWhen"] = []
    content = base_of(form) | {"outcome": "OBTENU"}
    assert ("awardedOn", "REQUIRED") in refusals(form, content)
    assert ("awardedOn", "REQUIRED") not in expected_errors(told, content)
