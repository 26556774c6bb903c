"""« Expériences professionnelles »."""

from datetime import date
from typing import Any

import pytest

from schema.description.display_lines import display_lines
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.professional_experiences import (
    PROFESSIONAL_EXPERIENCE,
    ProfessionalExperienceContent,
)
from schema.typography import typeset
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def post(**changes: Any) -> ProfessionalExperienceContent:
    values: dict[str, Any] = {
        "job_title": "Bibliothécaire",
        "sector": "FPT",
        "employer_name": "Ville de Pessac",
        "start": "2015-09",
        "ongoing": True,
        "status": "CONTRACTUEL_CDD",
        "missions": "Accueil du public",
    }
    return ProfessionalExperienceContent(**(values | changes))


def refused(content: ProfessionalExperienceContent) -> list[tuple[str, str]]:
    return codes(content_errors(PROFESSIONAL_EXPERIENCE, content, ValidationContext(TODAY)))


def warned(
    content: ProfessionalExperienceContent, *others: Any, born: date | None = None
) -> list[tuple[str, str]]:
    return codes(
        content_warnings(PROFESSIONAL_EXPERIENCE, content, ValidationContext(TODAY, born, others))
    )


def test_a_post_with_its_period_and_employer_is_accepted_without_warning() -> None:
    assert refused(post()) == []
    assert warned(post()) == []


def test_an_empty_post_names_every_missing_field_at_once() -> None:
    assert refused(ProfessionalExperienceContent()) == [
        ("jobTitle", "REQUIRED"),
        ("sector", "REQUIRED"),
        ("employerName", "REQUIRED"),
        ("start", "REQUIRED"),
    ]


def test_a_period_is_ongoing_or_has_an_end() -> None:
    assert refused(post(ongoing=None)) == [("end", "REQUIRED")]
    assert refused(post(end="2020")) == [("end", "ONGOING_WITH_END")]
    assert refused(post(ongoing=False, end="2020")) == []


def test_a_post_cannot_end_before_it_starts_nor_start_in_the_future() -> None:
    assert refused(post(ongoing=None, end="2014")) == [("end", "END_BEFORE_START")]
    assert refused(post(start="2026-04")) == [("start", "DATE_IN_FUTURE")]


def test_a_fixed_term_may_end_in_the_future() -> None:
    assert refused(post(ongoing=None, end="2027-08-31")) == []


@pytest.mark.parametrize("quota", [0, 100.01, 101, -5])
def test_a_working_time_is_above_0_and_at_most_100(quota: float) -> None:
    assert refused(post(work_quota=quota)) == [("workQuota", "OUT_OF_RANGE")]


@pytest.mark.parametrize("quota", [0.5, 1, 57.14, 100])
def test_a_working_time_has_two_decimals(quota: float) -> None:
    assert refused(post(work_quota=quota)) == []


@pytest.mark.parametrize("code", ["O1601", "K160", "K16011", "k1601", "1601K", "K١٦٠١"])
def test_a_rome_code_of_another_form_is_refused(code: str) -> None:
    assert [path for path, _ in refused(post(rome_code=code))] == ["romeCode"]


@pytest.mark.parametrize("code", ["K1601", "A1203", "N4301"])
def test_a_rome_code_is_a_letter_and_four_digits(code: str) -> None:
    assert refused(post(rome_code=code)) == []


def test_an_employer_siret_has_its_check_digit() -> None:
    assert refused(post(employer_siret="73282932000074")) == []
    assert refused(post(employer_siret="73282932000075")) == [("employerSiret", "FORMAT")]


def test_unknown_codes_are_refused() -> None:
    content = post(sector="X", status="X", employer_type="X", administrative_position="X")
    assert refused(content) == [
        ("sector", "UNKNOWN_CODE"),
        ("employerType", "UNKNOWN_CODE"),
        ("status", "UNKNOWN_CODE"),
        ("administrativePosition", "UNKNOWN_CODE"),
    ]


def test_a_headcount_may_be_zero_but_not_less() -> None:
    assert refused(post(managed_headcount=0)) == []
    assert refused(post(managed_headcount=-1)) == [("managedHeadcount", "OUT_OF_RANGE")]


def test_status_and_missions_are_recommended() -> None:
    assert warned(post(status=None, missions=None)) == [
        ("status", "RECOMMENDED"),
        ("missions", "RECOMMENDED"),
    ]


def test_a_territorial_civil_servant_is_asked_for_filiere_cadre_grade_and_category() -> None:
    asked = ["filiere", "cadreEmplois", "grade", "category"]
    assert [path for path, _ in warned(post(status="TITULAIRE"))] == asked
    assert warned(post(status="TITULAIRE", sector="FPE")) == []
    assert warned(post(status="CONTRACTUEL_CDI")) == []


def test_overlapping_posts_are_accepted_with_a_notice_that_names_the_other() -> None:
    other = post(job_title="Animatrice", start="2018", ongoing=None, end="2020")
    assert refused(post()) == []
    context = ValidationContext(TODAY, None, (other,))
    problems = list(content_warnings(PROFESSIONAL_EXPERIENCE, post(), context))
    assert codes(problems) == [("start", "OVERLAP")]
    assert typeset("« Animatrice »") in problems[0].message


def test_posts_that_follow_one_another_in_the_same_year_bring_no_notice() -> None:
    before = post(start="2010", ongoing=None, end="2015")
    assert warned(post(start="2015"), before) == []


def test_many_overlaps_make_one_notice() -> None:
    others = [post(job_title=f"Poste {number}") for number in range(5)]
    context = ValidationContext(TODAY, None, tuple(others))
    problems = list(content_warnings(PROFESSIONAL_EXPERIENCE, post(), context))
    assert codes(problems) == [("start", "OVERLAP")]
    assert typeset("« Poste 2 »…") in problems[0].message
    assert "Poste 3" not in problems[0].message


def between(start: str | None, end: str | None = None) -> ProfessionalExperienceContent:
    return post(start=start, end=end, ongoing=end is None)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (between("2015-01-01", "2015-06-30"), between("2015-06-30", "2016"), True),
        (between("2015-01-01", "2015-06-30"), between("2015-07-01", "2016"), False),
        (between("2015-01", "2015-06"), between("2015-06", "2016"), False),
        (between("2015", "2019"), between("2019", "2020"), False),
        (between("2015", "2019"), between("2017", "2018"), True),
        (between("2015"), between("2020"), True),
        (between("2020"), between("2015", "2018"), False),
        (between(None), between("2015", "2018"), False),
    ],
)  # fmt: skip
def test_posts_overlap_when_they_surely_share_a_day(
    one: ProfessionalExperienceContent, other: ProfessionalExperienceContent, together: bool
) -> None:
    expected = [("start", "OVERLAP")] if together else []
    assert warned(one, other) == expected
    assert warned(other, one) == expected


def test_a_category_that_the_cadre_does_not_have_is_a_warning_for_a_post_held_today() -> None:
    content = post(cadre_emplois="REDACTEURS", category="C")
    assert refused(content) == []
    assert warned(content) == [("category", "CATEGORY_MISMATCH")]
    until_next_year = post(cadre_emplois="REDACTEURS", category="C", ongoing=None, end="2027")
    assert warned(until_next_year) == [("category", "CATEGORY_MISMATCH")]


def test_the_category_of_a_former_post_is_not_compared() -> None:
    former = post(cadre_emplois="REDACTEURS", category="C", ongoing=None, end="2020")
    assert warned(former) == []


def test_category_a_does_not_contradict_a_cadre_of_the_higher_management() -> None:
    assert warned(post(cadre_emplois="ADMINISTRATEURS", category="A")) == []
    assert warned(post(cadre_emplois="ATTACHES", category="A+")) == []


def test_a_filiere_that_is_not_the_cadres_is_a_warning() -> None:
    assert warned(post(cadre_emplois="REDACTEURS", filiere="TEC")) == [
        ("filiere", "FILIERE_MISMATCH")
    ]
    assert warned(post(cadre_emplois="REDACTEURS", filiere="ADM", category="B")) == []


def test_a_post_before_the_age_of_13_is_a_warning() -> None:
    assert warned(post(), born=date(2004, 5, 1)) == [("start", "BEFORE_AGE_13")]
    assert warned(post(), born=date(1980, 5, 1)) == []


def test_a_post_is_named_by_its_title_and_employer() -> None:
    assert PROFESSIONAL_EXPERIENCE.headline(post()) == "Bibliothécaire – Ville de Pessac"
    assert PROFESSIONAL_EXPERIENCE.headline(ProfessionalExperienceContent()) == ""
    assert PROFESSIONAL_EXPERIENCE.period(post()).in_french() == "depuis septembre 2015"


def test_a_post_shows_its_lines_in_the_order_of_the_screen() -> None:
    shown = display_lines(post(work_quota=80), ProfessionalExperienceContent, without=("missions",))
    assert [(line.label, line.text) for line in shown] == [
        ("Intitulé du poste / fonction", "Bibliothécaire"),
        ("Secteur", "Fonction publique territoriale"),
        ("Employeur", "Ville de Pessac"),
        ("Début", "septembre 2015"),
        ("En cours", "Oui"),
        ("Quotité de travail", "80 %"),
        ("Statut", "Contractuel en CDD"),
    ]


def test_article_5_expects_an_attestation_of_the_post() -> None:
    assert "ttestation" in PROFESSIONAL_EXPERIENCE.evidence
    assert PROFESSIONAL_EXPERIENCE.supports_competences
    assert not PROFESSIONAL_EXPERIENCE.hidden_by_default(post())


@pytest.mark.parametrize(("stored", "shown"), [(80, "80 %"), (100, "100 %"), (57.14, "57,14 %")])
def test_a_working_time_that_was_stored_as_a_whole_number_is_read(
    stored: float, shown: str
) -> None:
    lines = display_lines(post(work_quota=stored), ProfessionalExperienceContent)
    assert shown in [line.text for line in lines]
