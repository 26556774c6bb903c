"""« Compétences »."""

from datetime import date
from typing import Any

import pytest

from schema.description.fields import LIST_LENGTH, TITLE_LENGTH
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.competences import COMPETENCE, CONTEXT_LENGTH, CompetenceContent
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def competence(**changes: Any) -> CompetenceContent:
    return CompetenceContent(**({"kind": "SAVOIR_FAIRE", "label": "Rédiger un marché"} | changes))


def refused(content: CompetenceContent) -> list[tuple[str, str]]:
    return codes(content_errors(COMPETENCE, content, ValidationContext(TODAY)))


def warned(content: CompetenceContent, born: date | None = None) -> list[tuple[str, str]]:
    return codes(content_warnings(COMPETENCE, content, ValidationContext(TODAY, born)))


def test_a_competence_is_a_kind_and_a_label() -> None:
    assert refused(competence()) == []
    assert warned(competence()) == []
    assert refused(CompetenceContent()) == [("kind", "REQUIRED"), ("label", "REQUIRED")]


def test_a_label_has_at_most_200_characters() -> None:
    assert refused(competence(label="a" * TITLE_LENGTH)) == []
    assert refused(competence(label="a" * (TITLE_LENGTH + 1))) == [("label", "TOO_LONG")]


@pytest.mark.parametrize("level", ["1", "2", "3", "4"])
def test_mastery_has_four_levels(level: str) -> None:
    assert refused(competence(self_level=level)) == []


@pytest.mark.parametrize("level", ["0", "5", "Expertise"])
def test_any_other_mastery_is_refused(level: str) -> None:
    assert refused(competence(self_level=level)) == [("selfLevel", "UNKNOWN_CODE")]


def test_a_language_level_needs_its_language() -> None:
    assert refused(competence(cefr="B2")) == [("languageCode", "REQUIRED")]
    assert refused(competence(cefr="B2", language_code="es")) == []
    assert warned(competence(cefr="B2", language_code="es")) == []


def test_a_language_without_level_is_a_warning() -> None:
    assert refused(competence(language_code="fsl")) == []
    assert warned(competence(language_code="fsl")) == [("cefr", "RECOMMENDED")]


def test_unknown_languages_and_levels_are_refused() -> None:
    assert refused(competence(cefr="B3", language_code="xx")) == [
        ("languageCode", "UNKNOWN_CODE"),
        ("cefr", "UNKNOWN_CODE"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "ROME_OGR:120345",
        "ESCO_URI:http://data.europa.eu/esco/skill/8088750d-8388-4170-a76f-48354c469c44",
        "RNCP_BLOC:RNCP38363BC01",
        "CNFPT:02/C/16",
        "LOCAL:A:12",
    ],
)
def test_a_code_names_its_scheme(code: str) -> None:
    assert refused(competence(codes=[code])) == []


@pytest.mark.parametrize(
    "code",
    [
        "120345",
        "ROME:120345",
        "ROME_OGR:K1601",
        "ROME_OGR:",
        "LOCAL: ",
        "ESCO_URI:https://example.org/skill/1",
        "ESCO_URI:javascript:alert(1)",
        "RNCP_BLOC:RNCP38363",
        ":1",
    ],
)
def test_a_code_without_known_scheme_or_form_is_refused_at_its_place(code: str) -> None:
    assert refused(competence(codes=["LOCAL:1", code])) == [("codes[1]", "FORMAT")]


def test_the_same_code_twice_is_refused() -> None:
    assert refused(competence(codes=["LOCAL:1", "LOCAL:1"])) == [("codes", "DUPLICATE")]


def test_contexts_are_a_list_of_bounded_texts() -> None:
    assert refused(competence(contexts=["Budget 2024 : voté dans les délais"])) == []
    assert refused(competence(contexts=["a", "b" * (CONTEXT_LENGTH + 1)])) == [
        ("contexts[1]", "TOO_LONG")
    ]
    assert refused(competence(contexts=["a"] * (LIST_LENGTH + 1))) == [("contexts", "TOO_MANY")]


def test_a_last_use_is_not_in_the_future_and_not_in_childhood() -> None:
    assert refused(competence(last_used="2027")) == [("lastUsed", "DATE_IN_FUTURE")]
    assert refused(competence(last_used="2026")) == []
    assert warned(competence(last_used="2000"), date(1990, 1, 1)) == [("lastUsed", "BEFORE_AGE_13")]


def test_competences_keep_their_owners_order_and_are_undated() -> None:
    assert COMPETENCE.owner_ordered
    assert not COMPETENCE.period(competence(last_used="2020")).is_dated
    assert COMPETENCE.headline(competence()) == "Rédiger un marché"


def test_a_competence_does_not_support_a_competence() -> None:
    assert not COMPETENCE.supports_competences
