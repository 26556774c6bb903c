"""« Expériences extra-professionnelles »."""

from datetime import date
from typing import Any

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.extra_professional_experiences import (
    EXTRA_PROFESSIONAL_EXPERIENCE,
    SENSITIVE_KINDS,
    ExtraProfessionalExperienceContent,
)
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def activity(**changes: Any) -> ExtraProfessionalExperienceContent:
    values: dict[str, Any] = {
        "title": "Trésorière",
        "kind": "BENEVOLAT",
        "organisation_name": "Parents d’élèves",
        "start": "2014",
        "end": "2019",
        "description": "Tenue des comptes",
    }
    return ExtraProfessionalExperienceContent(**(values | changes))


def refused(content: ExtraProfessionalExperienceContent) -> list[tuple[str, str]]:
    problems = content_errors(EXTRA_PROFESSIONAL_EXPERIENCE, content, ValidationContext(TODAY))
    return codes(problems)


def warned(
    content: ExtraProfessionalExperienceContent, born: date | None = None
) -> list[tuple[str, str]]:
    problems = content_warnings(
        EXTRA_PROFESSIONAL_EXPERIENCE, content, ValidationContext(TODAY, born)
    )
    return codes(problems)


def test_an_activity_is_accepted_without_warning() -> None:
    assert refused(activity()) == []
    assert warned(activity()) == []


def test_an_empty_activity_names_every_missing_field_at_once() -> None:
    assert refused(ExtraProfessionalExperienceContent()) == [
        ("title", "REQUIRED"),
        ("kind", "REQUIRED"),
        ("start", "REQUIRED"),
    ]


def test_an_activity_has_an_end_or_goes_on() -> None:
    assert refused(activity(end=None)) == [("end", "REQUIRED")]
    assert refused(activity(ongoing=True)) == [("end", "ONGOING_WITH_END")]
    assert refused(activity(end="2013")) == [("end", "END_BEFORE_START")]


@pytest.mark.parametrize("hours", [0, -1, 168.5, 2.555, float("nan")])
def test_hours_a_week_are_above_zero_and_within_a_week(hours: float) -> None:
    assert [path for path, _ in refused(activity(hours_per_week=hours))] == ["hoursPerWeek"]


def test_hours_a_week_may_have_decimals() -> None:
    assert refused(activity(hours_per_week=2.5)) == []


def test_an_unknown_kind_is_refused() -> None:
    assert refused(activity(kind="RELIGION")) == [("kind", "UNKNOWN_CODE")]


def test_a_description_is_recommended() -> None:
    assert warned(activity(description=None)) == [("description", "RECOMMENDED")]


def test_an_activity_before_the_age_of_13_is_a_warning() -> None:
    assert warned(activity(), date(2010, 1, 1)) == [("start", "BEFORE_AGE_13")]


def test_only_union_action_and_family_life_start_out_of_every_communication() -> None:
    hidden = [
        code.code
        for code in code_table("activityKind").codes
        if EXTRA_PROFESSIONAL_EXPERIENCE.hidden_by_default(activity(kind=code.code))
    ]
    assert hidden == ["ACTION_SYNDICALE", "VIE_FAMILIALE_AIDANT"] == list(SENSITIVE_KINDS)


def test_an_activity_without_kind_is_not_hidden() -> None:
    assert not EXTRA_PROFESSIONAL_EXPERIENCE.hidden_by_default(activity(kind=None))


def test_the_kind_stays_out_of_every_summary() -> None:
    private = [
        field.key for field in fields_of(ExtraProfessionalExperienceContent) if field.spec.private
    ]
    assert private == ["kind"]


def test_an_activity_is_named_by_its_title_and_organisation() -> None:
    headline = EXTRA_PROFESSIONAL_EXPERIENCE.headline
    assert headline(activity()) == "Trésorière – Parents d’élèves"
    assert headline(activity(organisation_name=None)) == "Trésorière"
    assert EXTRA_PROFESSIONAL_EXPERIENCE.period(activity()).in_french() == "2014 – 2019"


def test_article_5_expects_no_document_for_an_activity() -> None:
    assert EXTRA_PROFESSIONAL_EXPERIENCE.evidence == ""
    assert EXTRA_PROFESSIONAL_EXPERIENCE.supports_competences
