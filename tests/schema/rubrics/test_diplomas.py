"""« Titres et diplômes »."""

from datetime import date

import pytest

from schema.description.display_lines import display_lines
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.diplomas import DIPLOMA, DiplomaContent
from tests.schema.problems import codes

CONTEXT = ValidationContext(today=date(2025, 6, 1), birth_date=date(1980, 5, 20))


def a_diploma(**fields):
    known = {
        "title": "Licence professionnelle Métiers des bibliothèques",
        "kind": "DIPLOME",
        "level": "6",
        "outcome": "OBTENU",
        "awarded_on": "2012-06",
        "route": "FORMATION_INITIALE",
        "institution_name": "Université de Bordeaux",
    }
    return DiplomaContent(**(known | fields))


def refused(**fields):
    return codes(content_errors(DIPLOMA, a_diploma(**fields), CONTEXT))


def warned(**fields):
    return codes(content_warnings(DIPLOMA, a_diploma(**fields), CONTEXT))


def test_a_complete_diploma_has_neither_error_nor_warning():
    assert refused() == []
    assert warned() == []


def test_an_empty_diploma_is_told_everything_that_it_lacks_at_once():
    problems = content_errors(DIPLOMA, DiplomaContent(), CONTEXT)
    assert codes(problems) == [
        ("title", "REQUIRED"),
        ("kind", "REQUIRED"),
        ("outcome", "REQUIRED"),
        ("route", "REQUIRED"),
    ]


@pytest.mark.parametrize("absent", [None, ""])
def test_an_awarded_diploma_needs_its_date(absent):
    assert refused(awarded_on=absent) == [("awardedOn", "REQUIRED")]


@pytest.mark.parametrize("outcome", ["PARTIEL", "NIVEAU", "EN_COURS"])
def test_a_diploma_that_was_not_wholly_awarded_needs_no_date(outcome):
    assert refused(outcome=outcome, awarded_on=None) == []


def test_a_diploma_in_preparation_has_no_award():
    assert refused(outcome="EN_COURS") == [("awardedOn", "NOT_EXPECTED")]


def test_a_level_followed_without_award_is_only_asked_about_its_date():
    assert refused(outcome="NIVEAU") == []
    assert warned(outcome="NIVEAU") == [("awardedOn", "NOT_EXPECTED")]


def test_an_award_is_never_in_the_future():
    assert refused(awarded_on="2025-07") == [("awardedOn", "DATE_IN_FUTURE")]
    assert refused(awarded_on="2025-06") == []


def test_studies_end_or_go_on_but_not_both():
    assert refused(study_end="2012", study_ongoing=True) == [("studyEnd", "ONGOING_WITH_END")]
    assert refused(study_end="2012", study_ongoing=False) == []


def test_studies_do_not_end_before_they_begin():
    assert refused(study_start="2012-03", study_end="2011") == [("studyEnd", "END_BEFORE_START")]
    assert refused(study_start="2011", study_end="2011-02") == []


def test_studies_may_be_due_to_end_later_but_not_to_begin_later():
    assert refused(outcome="EN_COURS", awarded_on=None, study_end="2026-06") == []
    assert refused(study_start="2026") == [("studyStart", "DATE_IN_FUTURE")]


def test_an_award_before_the_studies_is_warned_about_not_refused():
    assert refused(study_start="2013", awarded_on="2012") == []
    assert warned(study_start="2013", awarded_on="2012") == [("awardedOn", "DATES_OUT_OF_ORDER")]


def test_the_old_level_one_is_never_guessed():
    diploma = a_diploma(legacy_level="I", level=None)
    said = [p for p in content_warnings(DIPLOMA, diploma, CONTEXT) if p.code == "LEVEL_TO_CHOOSE"]
    assert [p.path for p in said] == ["level"]
    assert "au niveau 7 ou au niveau 8" in said[0].message
    assert diploma.level is None


@pytest.mark.parametrize("level", ["7", "8"])
def test_the_old_level_one_agrees_with_both_of_its_levels(level):
    assert warned(legacy_level="I", level=level) == []


def test_levels_that_disagree_are_warned_about():
    assert warned(legacy_level="III", level="6") == [("legacyLevel", "LEVELS_DIFFER")]
    assert warned(legacy_level="III", level="5") == []


def test_a_diploma_without_level_is_incomplete_but_accepted():
    assert refused(level=None) == []
    assert warned(level=None) == [("level", "RECOMMENDED")]


def test_a_vae_suggests_the_other_rubric():
    assert warned(route="VAE") == [("route", "SUGGESTED_ENTRY")]


def test_a_diploma_of_childhood_is_warned_about():
    assert warned(awarded_on="1990") == [("awardedOn", "BEFORE_AGE_13")]
    assert warned(awarded_on="1993") == []


@pytest.mark.parametrize("code", ["RNCP1", "RNCP123456", "RS42"])
def test_a_certification_code_is_of_the_national_registers(code):
    assert refused(certification_code=code) == []


@pytest.mark.parametrize("code", ["RNCP", "RNCP 123", "rncp123", "RNCP1234567", "RS42\u0663"])
def test_another_certification_code_is_refused(code):
    assert {path for path, _ in refused(certification_code=code)} == {"certificationCode"}


def test_an_award_places_a_diploma_in_time_and_studies_do_otherwise():
    assert DIPLOMA.period(a_diploma(study_start="2010")).in_french() == "juin 2012"
    followed = a_diploma(outcome="NIVEAU", awarded_on=None, study_start="2006", study_end="2008")
    assert DIPLOMA.period(followed).in_french() == "2006 – 2008"
    prepared = a_diploma(outcome="EN_COURS", awarded_on=None, study_start="2024-09")
    assert DIPLOMA.period(prepared).in_french() == "depuis septembre 2024"


def test_a_diploma_is_read_in_french():
    lines = display_lines(a_diploma(), DiplomaContent, without=DIPLOMA.headline_keys)
    assert [(line.label, line.text) for line in lines] == [
        ("Nature", "Diplôme"),
        (
            "Niveau",
            "Niveau 6 (ancien niveau II) – licence, licence professionnelle, BUT, maîtrise",
        ),
        ("Obtenu", "Oui"),
        ("Date d’obtention", "juin 2012"),
        ("Voie d’obtention", "Formation initiale"),
        ("Établissement / organisme", "Université de Bordeaux"),
    ]
