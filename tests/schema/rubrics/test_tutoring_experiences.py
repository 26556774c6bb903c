"""« Expériences de tutorat »."""

from datetime import date
from typing import Any

from schema.description.fields import fields_of
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.tutoring_experiences import (
    TUTORING_EXPERIENCE,
    TutoringExperienceContent,
)
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def tutoring(**changes: Any) -> TutoringExperienceContent:
    values: dict[str, Any] = {
        "kind": "MAITRE_APPRENTISSAGE",
        "employer_name": "Ville de Pessac",
        "start": "2019-09",
        "end": "2021-06",
        "missions": "Taille et plantation",
    }
    return TutoringExperienceContent(**(values | changes))


def refused(content: TutoringExperienceContent) -> list[tuple[str, str]]:
    problems = content_errors(TUTORING_EXPERIENCE, content, ValidationContext(TODAY))
    return codes(problems)


def warned(
    content: TutoringExperienceContent, *others: Any, born: date | None = None
) -> list[tuple[str, str]]:
    problems = content_warnings(
        TUTORING_EXPERIENCE, content, ValidationContext(TODAY, born, others)
    )
    return codes(problems)


TOO_MANY = [("tutoredCount", "TOO_MANY_APPRENTICES")]


def test_a_tutoring_is_accepted_without_warning() -> None:
    assert refused(tutoring()) == []
    assert warned(tutoring()) == []


def test_an_empty_tutoring_names_every_missing_field_at_once() -> None:
    assert refused(TutoringExperienceContent()) == [
        ("kind", "REQUIRED"),
        ("employerName", "REQUIRED"),
        ("start", "REQUIRED"),
    ]


def test_a_tutoring_has_an_end_or_goes_on() -> None:
    assert refused(tutoring(end=None)) == [("end", "REQUIRED")]
    assert refused(tutoring(end=None, ongoing=True)) == []
    assert refused(tutoring(end="2018")) == [("end", "END_BEFORE_START")]


def test_a_duration_has_a_unit_and_a_unit_alone_is_let_be() -> None:
    assert refused(tutoring(duration_value=3)) == [("durationUnit", "REQUIRED")]
    assert refused(tutoring(duration_unit="MONTH")) == []
    assert refused(tutoring(duration_value=3, duration_unit="MONTH")) == []


def test_at_least_one_person_is_tutored() -> None:
    assert refused(tutoring(tutored_count=0)) == [("tutoredCount", "OUT_OF_RANGE")]
    assert refused(tutoring(tutored_count=1)) == []


def test_levels_are_of_the_table_of_levels() -> None:
    assert refused(tutoring(level="3", diploma_level="5")) == []
    assert refused(tutoring(level="BTS", diploma_level="9")) == [
        ("level", "UNKNOWN_CODE"),
        ("diplomaLevel", "UNKNOWN_CODE"),
    ]


def test_missions_are_recommended() -> None:
    assert warned(tutoring(missions=None)) == [("missions", "RECOMMENDED")]


def test_two_apprentices_at_a_time_bring_no_warning() -> None:
    assert warned(tutoring(tutored_count=2)) == []
    assert warned(tutoring(start="2020-01-01"), tutoring()) == []


def test_three_apprentices_in_one_tutoring_are_a_warning() -> None:
    assert warned(tutoring(tutored_count=3)) == TOO_MANY
    assert refused(tutoring(tutored_count=3)) == []


def test_a_third_apprentice_beside_two_others_is_a_warning_where_the_last_one_begins() -> None:
    first, second = tutoring(), tutoring(start="2020-01-15")
    third = tutoring(start="2020-09-01", end="2022-06-30")
    assert warned(third, first, second) == TOO_MANY
    assert warned(first, second, third) == []


def test_three_apprentices_one_after_another_bring_no_warning() -> None:
    others = (tutoring(start="2015-09", end="2017-06"), tutoring(start="2017-09", end="2019-06"))
    assert warned(tutoring(tutored_count=2), *others) == []


def test_other_tutorings_do_not_count_as_apprentices() -> None:
    newcomers = tutoring(kind="TUTEUR_NOUVEL_AGENT", tutored_count=8)
    assert warned(newcomers) == []
    assert warned(tutoring(tutored_count=2), newcomers) == []


def test_a_tutoring_before_the_age_of_13_is_a_warning() -> None:
    assert warned(tutoring(), born=date(2010, 1, 1)) == [("start", "BEFORE_AGE_13")]


def test_no_field_asks_for_the_name_of_the_person_and_the_help_says_so() -> None:
    assert not [
        field.key
        for field in fields_of(TutoringExperienceContent)
        if "name" in field.key.lower() and field.key != "employerName"
    ]
    assert "jamais le nom de la personne accompagnée" in TUTORING_EXPERIENCE.help.to_enter


def test_a_tutoring_is_named_by_its_kind_and_employer() -> None:
    assert TUTORING_EXPERIENCE.headline(tutoring()) == "Maître d’apprentissage – Ville de Pessac"
    assert TUTORING_EXPERIENCE.headline(TutoringExperienceContent()) == ""
    assert TUTORING_EXPERIENCE.period(tutoring()).in_french() == "septembre 2019 – juin 2021"
