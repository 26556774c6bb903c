"""« Permis de conduire »."""

from dataclasses import replace
from datetime import date

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.driving_licences import DRIVING_LICENCE, LOWEST_AGE, DrivingLicenceContent
from tests.schema.problems import codes

TODAY = date(2025, 6, 1)
BIRTH = date(1980, 5, 20)


def a_licence(category="B", **fields):
    known = {"licence_category": category, "obtained_on": "2010-06"}
    return DrivingLicenceContent(**(known | fields))


def context(*others):
    return ValidationContext(today=TODAY, birth_date=BIRTH, others=tuple(map(a_licence, others)))


def refused(licence, *others):
    return codes(content_errors(DRIVING_LICENCE, licence, context(*others)))


def warned(licence, *others):
    return codes(content_warnings(DRIVING_LICENCE, licence, context(*others)))


def test_a_simple_licence_has_neither_error_nor_warning():
    assert refused(a_licence()) == []
    assert warned(a_licence()) == []


def test_an_empty_licence_is_told_everything_that_it_lacks_at_once():
    assert refused(DrivingLicenceContent()) == [
        ("licenceCategory", "REQUIRED"),
        ("obtainedOn", "REQUIRED"),
    ]


def test_a_category_is_entered_once():
    assert refused(a_licence("B"), "A", "B") == [("licenceCategory", "DUPLICATE")]
    assert refused(a_licence("B"), "A", "BE") == []


@pytest.mark.parametrize("category", ["C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE"])
def test_heavy_categories_should_say_until_when_the_card_is_valid(category):
    everything = ("B", "C", "D")
    others = tuple(other for other in everything if other != category)
    assert warned(a_licence(category), *others) == [("validUntil", "RECOMMENDED")]
    assert warned(a_licence(category, valid_until="2028-05"), *others) == []
    (warning,) = content_warnings(DRIVING_LICENCE, a_licence(category), context(*others))
    assert "en général 5 ans" in warning.message


@pytest.mark.parametrize(("category", "needed"), [("BE", "B"), ("CE", "C"), ("DE", "D")])
def test_a_trailer_category_supposes_its_category(category, needed):
    licence = a_licence(category, valid_until="2028")
    assert refused(licence) == []
    assert warned(licence) == [("licenceCategory", "NEEDS_CATEGORY")]
    assert warned(licence, needed) == []


@pytest.mark.parametrize(
    ("category", "too_early", "early_enough"),
    [
        ("AM", "1994-05-19", "1994-05-20"),
        ("A1", "1996-04", "1996-05"),
        ("B", "1997-04", "1997"),
        ("C", "2000", "2001"),
        ("D", "2003-12-31", "2004"),
    ],
)
def test_an_unlikely_age_is_warned_about_not_refused(category, too_early, early_enough):
    early = a_licence(category, obtained_on=too_early, valid_until="2028")
    assert refused(early) == []
    assert warned(early) == [("obtainedOn", "BELOW_USUAL_AGE")]
    assert warned(a_licence(category, obtained_on=early_enough, valid_until="2028")) == []


def test_nothing_is_said_of_age_without_a_birth_date():
    nobody = ValidationContext(today=TODAY)
    assert not list(content_warnings(DRIVING_LICENCE, a_licence(obtained_on="1981"), nobody))


def test_every_category_has_a_lowest_age():
    assert set(LOWEST_AGE) == {code.code for code in code_table("licenceCategory").codes}


def test_a_card_may_be_valid_for_fifteen_years():
    assert refused(a_licence(valid_until="2040-05-31")) == []
    assert refused(a_licence(valid_until="2041")) == [("validUntil", "DATE_OUT_OF_RANGE")]


def test_a_card_is_not_valid_until_before_the_licence():
    assert refused(a_licence(valid_until="2009")) == [("validUntil", "DATES_OUT_OF_ORDER")]


def test_what_has_expired_is_warned_about():
    expired = a_licence("C", valid_until="2025-05-31", medical_until="2025-05")
    assert warned(expired, "B") == [("validUntil", "EXPIRED"), ("medicalUntil", "EXPIRED")]


def test_a_licence_that_is_there_twice_is_told_by_its_newer_row():
    """No row can be entered twice any more: old ones may be."""
    newer = a_licence("C", obtained_on="2020", valid_until="2028")
    twice = replace(context("B"), others=(a_licence("B"), newer))
    older = a_licence("C", valid_until="2015")
    assert not list(content_warnings(DRIVING_LICENCE, older, twice))


def test_the_help_says_what_to_do_at_a_renewal():
    assert "Au renouvellement, changez cette date" in DRIVING_LICENCE.help.to_enter


@pytest.mark.parametrize("code", ["96", "01", "01.06", "106"])
def test_the_codes_of_the_card_are_taken_as_written(code):
    assert refused(a_licence(restriction_codes=[code])) == []


@pytest.mark.parametrize("code", ["B96", "1", "lunettes", "01."])
def test_other_codes_are_refused(code):
    assert refused(a_licence(restriction_codes=["96", code])) == [("restrictionCodes[1]", "FORMAT")]


def test_what_touches_health_stays_out_of_summaries():
    private = {field.key for field in fields_of(DrivingLicenceContent) if field.spec.private}
    assert private == {"restrictionCodes", "medicalUntil"}


def test_a_licence_is_named_by_its_category():
    assert DRIVING_LICENCE.headline(a_licence("CE")) == "Permis CE"
