"""« Reconnaissance des acquis et VAE »."""

from datetime import date
from typing import Any

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.prior_learning_recognitions import (
    PRIOR_LEARNING_RECOGNITION,
    PriorLearningRecognitionContent,
)
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)
ALL_DECISIONS = ["TOTALE", "PARTIELLE", "REFUS", "FAVORABLE", "DEFAVORABLE"]


def recognition(**changes: Any) -> PriorLearningRecognitionContent:
    values: dict[str, Any] = {
        "kind": "VAE",
        "title": "Licence professionnelle Métiers des bibliothèques",
        "body_name": "Université de Bordeaux",
        "start": "2018-09",
        "end": "2019-06",
        "duration_value": 24,
        "duration_unit": "HOUR",
    }
    return PriorLearningRecognitionContent(**(values | changes))


def refused(content: PriorLearningRecognitionContent) -> list[tuple[str, str]]:
    return codes(content_errors(PRIOR_LEARNING_RECOGNITION, content, ValidationContext(TODAY)))


def warned(
    content: PriorLearningRecognitionContent, born: date | None = None
) -> list[tuple[str, str]]:
    return codes(
        content_warnings(PRIOR_LEARNING_RECOGNITION, content, ValidationContext(TODAY, born))
    )


def test_a_recognition_is_accepted_without_warning() -> None:
    assert refused(recognition()) == []
    assert warned(recognition()) == []


def test_an_empty_recognition_names_every_missing_field_at_once() -> None:
    assert refused(PriorLearningRecognitionContent()) == [
        ("kind", "REQUIRED"),
        ("title", "REQUIRED"),
        ("start", "REQUIRED"),
    ]


def test_a_recognition_has_an_end_or_goes_on() -> None:
    assert refused(recognition(end=None)) == [("end", "REQUIRED")]
    assert refused(recognition(end="2017")) == [("end", "END_BEFORE_START")]


def test_body_and_duration_are_recommended() -> None:
    content = recognition(body_name=None, duration_value=None, duration_unit=None)
    assert warned(content) == [("bodyName", "RECOMMENDED"), ("durationValue", "RECOMMENDED")]


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("VAE", ["TOTALE", "PARTIELLE", "REFUS"]),
        ("REP_DISPENSE", ["TOTALE", "PARTIELLE", "REFUS"]),
        ("RED", ["FAVORABLE", "DEFAVORABLE"]),
        ("REP_CONCOURS", ["FAVORABLE", "DEFAVORABLE"]),
        ("BILAN_COMPETENCES", []),
        ("RAEP", ALL_DECISIONS),
        ("POSITIONNEMENT", ALL_DECISIONS),
        ("AUTRE", ALL_DECISIONS),
    ],
)
def test_a_decision_fits_its_kind(kind: str, fitting: list[str]) -> None:
    accepted = [
        decision
        for decision in ALL_DECISIONS
        if ("decision", "DECISION_MISMATCH")
        not in refused(recognition(kind=kind, decision=decision))
    ]
    assert accepted == fitting


def test_every_kind_and_decision_of_the_tables_was_tried() -> None:
    assert [code.code for code in code_table("recognitionDecision").codes] == ALL_DECISIONS
    assert len(code_table("recognitionKind").codes) == 8


@pytest.mark.parametrize("kind", ["VAE", "REP_DISPENSE", "RED", "REP_CONCOURS"])
def test_a_finished_procedure_has_its_decision(kind: str) -> None:
    assert refused(recognition(kind=kind, status="TERMINE")) == [("decision", "REQUIRED")]
    assert refused(recognition(kind=kind, status="EN_COURS")) == []


@pytest.mark.parametrize("kind", ["BILAN_COMPETENCES", "RAEP", "POSITIONNEMENT", "AUTRE"])
def test_a_kind_without_decision_may_be_finished(kind: str) -> None:
    assert refused(recognition(kind=kind, status="TERMINE")) == []


@pytest.mark.parametrize("decision", ["TOTALE", "PARTIELLE"])
def test_a_granted_exemption_has_its_days_and_its_training(decision: str) -> None:
    granted = recognition(kind="REP_DISPENSE", decision=decision)
    assert refused(granted) == [("daysExempted", "REQUIRED"), ("trainingType", "REQUIRED")]
    granted.days_exempted, granted.training_type = 5, "INTEGRATION"
    assert refused(granted) == []


def test_a_refused_exemption_has_neither() -> None:
    assert refused(recognition(kind="REP_DISPENSE", decision="REFUS")) == []


def test_days_exempted_are_above_zero() -> None:
    content = recognition(
        kind="REP_DISPENSE", decision="TOTALE", days_exempted=0, training_type="INTEGRATION"
    )
    assert refused(content) == [("daysExempted", "OUT_OF_RANGE")]


def test_a_decision_is_neither_before_the_start_nor_in_the_future() -> None:
    assert refused(recognition(decision="TOTALE", decided_on="2018-08")) == [
        ("decidedOn", "DATES_OUT_OF_ORDER")
    ]
    assert refused(recognition(decision="TOTALE", decided_on="2018")) == []
    assert refused(recognition(decision="TOTALE", decided_on="2026-04")) == [
        ("decidedOn", "DATE_IN_FUTURE")
    ]


@pytest.mark.parametrize("code", ["RNCP", "RNCP1234567", "rncp38363", "RS 12", "38363"])
def test_a_certification_code_of_another_form_is_refused(code: str) -> None:
    assert [path for path, _ in refused(recognition(certification_code=code))] == [
        "certificationCode"
    ]


@pytest.mark.parametrize("code", ["RNCP38363", "RS5"])
def test_a_certification_code_is_of_the_national_registers(code: str) -> None:
    assert refused(recognition(certification_code=code)) == []


@pytest.mark.parametrize("kind", ["VAE", "BILAN_COMPETENCES"])
def test_a_leave_of_more_than_24_hours_is_a_warning(kind: str) -> None:
    assert warned(recognition(kind=kind, duration_value=24.5)) == [
        ("durationValue", "LEAVE_OVER_24_HOURS")
    ]
    assert refused(recognition(kind=kind, duration_value=24.5)) == []
    assert warned(recognition(kind=kind, duration_value=30, duration_unit="DAY")) == []


@pytest.mark.parametrize("kind", ["VAE", "BILAN_COMPETENCES"])
def test_a_longer_leave_is_that_of_the_agents_of_l_422_3_whatever_the_kind(kind: str) -> None:
    """Décret n° 2007-1845, articles 20 (bilan) and 28 (VAE)."""
    content = recognition(kind=kind, duration_value=72)
    (warning,) = content_warnings(PRIOR_LEARNING_RECOGNITION, content, ValidationContext(TODAY))
    assert "72 heures pour les agents mentionnés à l’article L. 422-3" in warning.message
    assert "articles 20 et 28" in PRIOR_LEARNING_RECOGNITION.help.legal


def test_other_kinds_may_last_longer_than_24_hours() -> None:
    assert warned(recognition(kind="POSITIONNEMENT", duration_value=30)) == []


def test_a_decision_without_date_and_a_partial_vae_without_blocks_are_warnings() -> None:
    assert warned(recognition(decision="TOTALE")) == [("decidedOn", "RECOMMENDED")]
    partial = recognition(decision="PARTIELLE", decided_on="2019-06")
    assert warned(partial) == [("validatedBlocks", "RECOMMENDED")]
    partial.validated_blocks = ["RNCP38363BC01"]
    assert warned(partial) == []


def test_a_recognition_before_the_age_of_13_is_a_warning() -> None:
    assert warned(recognition(), date(2010, 1, 1)) == [("start", "BEFORE_AGE_13")]


def test_only_a_skills_assessment_starts_out_of_every_communication() -> None:
    hidden = [
        code.code
        for code in code_table("recognitionKind").codes
        if PRIOR_LEARNING_RECOGNITION.hidden_by_default(recognition(kind=code.code))
    ]
    assert hidden == ["BILAN_COMPETENCES"]


def test_the_synthesis_stays_out_of_every_summary() -> None:
    private = [
        field.key for field in fields_of(PriorLearningRecognitionContent) if field.spec.private
    ]
    assert private == ["summary"]


def test_a_recognition_supports_competences_and_is_named_by_its_title() -> None:
    assert PRIOR_LEARNING_RECOGNITION.supports_competences
    assert not PRIOR_LEARNING_RECOGNITION.owner_ordered
    assert PRIOR_LEARNING_RECOGNITION.headline(recognition(title="VAE BTS")) == "VAE BTS"
