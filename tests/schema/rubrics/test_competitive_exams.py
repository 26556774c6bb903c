"""« Concours »."""

from datetime import date

import pytest

from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.competitive_exams import (
    COMPETITIVE_EXAM,
    CompetitiveExamContent,
)
from tests.schema.problems import codes

CONTEXT = ValidationContext(today=date(2025, 6, 1), birth_date=date(1980, 5, 20))


def an_exam(**fields):
    known = {
        "title": "Concours interne de rédacteur territorial",
        "exam_type": "CONCOURS_INTERNE",
        "branch": "FPT",
        "filiere": "ADM",
        "cadre_emplois": "REDACTEURS",
        "grade": "Rédacteur",
        "category": "B",
        "organiser": "CDG",
        "organiser_department": "33",
        "session": "2021",
        "result": "ADMIS",
        "admitted_on": "2022-01-14",
        "aptitude_list_from": "2022-02-01",
        "aptitude_list_until": "2024-02-01",
    }
    return CompetitiveExamContent(**(known | fields))


def refused(**fields):
    return codes(content_errors(COMPETITIVE_EXAM, an_exam(**fields), CONTEXT))


def warned(**fields):
    return codes(content_warnings(COMPETITIVE_EXAM, an_exam(**fields), CONTEXT))


NOT_LISTED = {"aptitude_list_from": None, "aptitude_list_until": None}


def test_a_complete_exam_has_neither_error_nor_warning():
    assert refused() == []
    assert warned() == []


def test_an_empty_exam_is_told_everything_that_it_lacks_at_once():
    problems = content_errors(COMPETITIVE_EXAM, CompetitiveExamContent(), CONTEXT)
    assert codes(problems) == [
        ("title", "REQUIRED"),
        ("examType", "REQUIRED"),
        ("branch", "REQUIRED"),
        ("session", "REQUIRED"),
        ("result", "REQUIRED"),
    ]


def test_an_admission_needs_its_date():
    assert refused(admitted_on=None) == [("admittedOn", "REQUIRED")]


@pytest.mark.parametrize("result", ["INSCRIT", "ADMISSIBLE", "NON_ADMIS", "EN_COURS"])
def test_other_results_need_no_admission(result):
    assert refused(result=result, admitted_on=None, **NOT_LISTED) == []
    assert warned(result=result, admitted_on=None, **NOT_LISTED) == []


def test_dates_of_an_admission_without_admission_are_warned_about():
    assert refused(result="NON_ADMIS") == []
    assert warned(result="NON_ADMIS") == [
        ("admittedOn", "NOT_EXPECTED"),
        ("aptitudeListFrom", "NOT_EXPECTED"),
        ("aptitudeListUntil", "NOT_EXPECTED"),
    ]


@pytest.mark.parametrize("session", ["2021-03", "2021-03-01"])
def test_a_session_is_a_year(session):
    assert refused(session=session) == [("session", "FORMAT")]


def test_one_may_be_enrolled_for_a_coming_session_that_has_no_result_yet():
    coming = {"session": "2026", "admitted_on": None, **NOT_LISTED}
    assert refused(result="INSCRIT", **coming) == []
    assert refused(result="NON_ADMIS", **coming) == [("session", "DATE_IN_FUTURE")]


def test_an_admission_before_the_session_is_warned_about():
    assert warned(admitted_on="2020-12") == [("admittedOn", "DATES_OUT_OF_ORDER")]


@pytest.mark.parametrize("exam_type", ["EXAMEN_PRO_AVANCEMENT", "SELECTION"])
def test_only_competitive_exams_and_internal_promotion_lead_to_a_list(exam_type):
    assert refused(exam_type=exam_type) == [
        ("aptitudeListFrom", "NOT_EXPECTED"),
        ("aptitudeListUntil", "NOT_EXPECTED"),
    ]
    assert refused(exam_type=exam_type, **NOT_LISTED) == []


def test_an_exam_of_internal_promotion_leads_to_a_list():
    assert refused(exam_type="EXAMEN_PRO_PROMOTION_INTERNE") == []


def test_the_dates_of_a_list_follow_one_another():
    assert refused(aptitude_list_from="2022-01-01") == [("aptitudeListFrom", "DATES_OUT_OF_ORDER")]
    assert refused(aptitude_list_until="2022-01-31") == [
        ("aptitudeListUntil", "DATES_OUT_OF_ORDER")
    ]


def test_the_dates_of_a_list_are_days():
    assert refused(aptitude_list_from="2022-02") == [("aptitudeListFrom", "INVALID_DATE")]


def test_more_than_four_years_on_a_list_are_warned_about_since_they_can_be_suspended():
    assert warned(aptitude_list_until="2026-02-01") == []
    assert refused(aptitude_list_until="2026-02-02") == []
    assert warned(aptitude_list_until="2026-02-02") == [("aptitudeListUntil", "OVER_FOUR_YEARS")]


def test_a_list_lasts_until_the_next_exam_when_none_was_held():
    """Code général de la fonction publique, article L. 325-39."""
    (warning,) = content_warnings(COMPETITIVE_EXAM, an_exam(aptitude_list_until="2030"), CONTEXT)
    assert "sauf si aucun concours n’a été organisé" in warning.message
    shown = COMPETITIVE_EXAM.help
    assert "L. 325-39" in shown.legal
    assert "jusqu’au prochain concours" in shown.legal
    assert "soit quatre ans au plus" not in shown.legal


def test_another_organiser_is_named():
    assert refused(organiser="AUTRE") == [("organiserName", "REQUIRED")]
    assert refused(organiser="AUTRE", organiser_name="Ville de Paris") == []


@pytest.mark.parametrize("department", ["2A", "974", "01"])
def test_a_department_is_known_by_its_number(department):
    assert refused(organiser_department=department) == []


@pytest.mark.parametrize("department", ["3", "2C", "999", "Gir"])
def test_another_department_is_refused(department):
    assert refused(organiser_department=department) == [("organiserDepartment", "FORMAT")]


def test_filiere_and_cadre_are_asked_for_in_the_territorial_branch_only():
    nowhere = {"filiere": None, "cadre_emplois": None}
    assert warned(**nowhere) == [("filiere", "RECOMMENDED"), ("cadreEmplois", "RECOMMENDED")]
    assert warned(branch="FPE", **nowhere) == []


def test_a_cadre_of_another_filiere_is_warned_about():
    assert warned(filiere="TEC") == [("filiere", "FILIERE_MISMATCH")]


def test_the_category_is_not_compared_since_it_changed_over_the_years():
    old = {"filiere": "MED", "cadre_emplois": "AUXILIAIRES_PUERICULTURE", "category": "C"}
    assert warned(**old) == []


def test_the_admission_places_an_exam_in_time_and_the_session_does_otherwise():
    assert COMPETITIVE_EXAM.period(an_exam()).in_french() == "14/01/2022"
    assert COMPETITIVE_EXAM.period(an_exam(admitted_on=None)).in_french() == "2021"
