"""« Autres formations »."""

from datetime import date

import pytest

from schema.description.display_lines import display_lines
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.trainings import TRAINING, TrainingContent
from tests.schema.problems import codes

CONTEXT = ValidationContext(today=date(2025, 6, 1), birth_date=date(1980, 5, 20))


def a_training(**fields):
    known = {
        "title": "La gestion différenciée des espaces verts",
        "statutory_type": "PERFECTIONNEMENT",
        "role": "STAGIAIRE",
        "provider_name": "CNFPT",
        "start": "2022-05-12",
        "end": "2022-05-13",
        "duration_value": 2.0,
        "duration_unit": "DAY",
    }
    return TrainingContent(**(known | fields))


def refused(**fields):
    return codes(content_errors(TRAINING, a_training(**fields), CONTEXT))


def warned(**fields):
    return codes(content_warnings(TRAINING, a_training(**fields), CONTEXT))


def test_a_complete_training_has_neither_error_nor_warning():
    assert refused() == []
    assert warned() == []


def test_an_empty_training_is_told_everything_that_it_lacks_at_once():
    problems = content_errors(TRAINING, TrainingContent(), CONTEXT)
    assert codes(problems) == [("title", "REQUIRED"), ("role", "REQUIRED"), ("start", "REQUIRED")]


def test_a_training_of_one_date_needs_no_end():
    assert refused(end=None) == []


def test_a_training_ends_or_goes_on_but_not_both():
    assert refused(ongoing=True) == [("end", "ONGOING_WITH_END")]


def test_a_training_does_not_end_before_it_begins():
    assert refused(end="2022-05-11") == [("end", "END_BEFORE_START")]


def test_a_training_may_be_planned_within_ten_years():
    assert refused(start="2026-01", end="2026-02") == []
    assert warned(start="2026-01", end="2026-02") == []
    assert refused(start="2036", end=None) == [("start", "DATE_OUT_OF_RANGE")]


def test_a_planned_training_is_not_going_on():
    assert warned(start="2026-01", end=None, ongoing=True) == [("ongoing", "NOT_STARTED")]
    assert warned(start="2025", end=None, ongoing=True) == []


def test_a_duration_has_a_unit_and_a_unit_alone_is_let_be():
    assert refused(duration_unit=None) == [("durationUnit", "REQUIRED")]
    assert refused(duration_value=None) == []
    assert refused(duration_value=None, duration_unit=None) == []


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_duration_is_above_zero(value):
    assert refused(duration_value=value) == [("durationValue", "OUT_OF_RANGE")]


def test_a_training_without_duration_type_or_provider_is_incomplete_but_accepted():
    bare = dict.fromkeys(("statutory_type", "provider_name", "duration_value", "duration_unit"))
    assert refused(**bare) == []
    assert warned(**bare) == [
        ("statutoryType", "RECOMMENDED"),
        ("providerName", "RECOMMENDED"),
        ("durationValue", "RECOMMENDED"),
    ]


@pytest.mark.parametrize("level", ["INITIATION", "EXPERTISE", "1", "8"])
def test_a_training_has_a_level_of_its_own_or_of_the_national_framework(level):
    assert refused(training_level=level) == []


@pytest.mark.parametrize("level", ["NONE", "9", "initiation"])
def test_another_level_is_refused(level):
    assert refused(training_level=level) == [("trainingLevel", "UNKNOWN_CODE")]


def test_a_title_holds_250_characters():
    assert refused(title="é" * 250) == []
    assert refused(title="é" * 251) == [("title", "TOO_LONG")]


def test_a_training_of_childhood_is_warned_about():
    assert warned(start="1990", end=None) == [("start", "BEFORE_AGE_13")]


def test_a_training_is_read_in_french():
    texts = {
        line.key: line.text for line in display_lines(a_training(mode="DISTANCE"), TrainingContent)
    }
    assert texts["statutoryType"] == "Formation de perfectionnement"
    assert texts["durationValue"] == "2 jours"
    assert texts["mode"] == "À distance"
