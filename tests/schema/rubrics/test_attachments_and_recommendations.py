"""« Pièces jointes » and « Préconisations »."""

from datetime import date
from typing import Any

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import Part, Rubric, ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.attachments import ATTACHMENT, AttachmentContent
from schema.rubrics.recommendations import RECOMMENDATION, RecommendationContent
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def refused(rubric: Rubric, content: Any) -> list[tuple[str, str]]:
    return codes(content_errors(rubric, content, ValidationContext(TODAY)))


def warned(rubric: Rubric, content: Any) -> list[tuple[str, str]]:
    context = ValidationContext(TODAY, date(1980, 1, 1))
    return codes(content_warnings(rubric, content, context))


def test_an_attachment_is_a_title_and_a_kind() -> None:
    content = AttachmentContent(title="Copie du BTS", kind="COPIE_DIPLOME")
    assert refused(ATTACHMENT, content) == []
    assert warned(ATTACHMENT, content) == []
    assert ATTACHMENT.headline(content) == "Copie du BTS"
    assert refused(ATTACHMENT, AttachmentContent()) == [("title", "REQUIRED"), ("kind", "REQUIRED")]


@pytest.mark.parametrize("code", [code.code for code in code_table("attachmentKind").codes])
def test_every_kind_of_document_is_accepted(code: str) -> None:
    assert refused(ATTACHMENT, AttachmentContent(title="Document", kind=code)) == []


def test_an_unknown_kind_of_document_is_refused() -> None:
    content = AttachmentContent(title="Document", kind="BULLETIN_PAIE")
    assert refused(ATTACHMENT, content) == [("kind", "UNKNOWN_CODE")]


def test_the_date_of_a_document_exists_and_is_past() -> None:
    def dated(when: str) -> AttachmentContent:
        return AttachmentContent(title="Document", kind="CV", document_date=when)

    assert refused(ATTACHMENT, dated("2019-03")) == []
    assert refused(ATTACHMENT, dated("2019-02-29")) == [("documentDate", "INVALID_DATE")]
    assert refused(ATTACHMENT, dated("2026-03-17")) == [("documentDate", "DATE_IN_FUTURE")]
    assert warned(ATTACHMENT, dated("1985")) == [("documentDate", "BEFORE_AGE_13")]
    assert ATTACHMENT.period(dated("2019-03")).in_french() == "mars 2019"


def test_attachments_keep_their_owners_order_and_hold_neither_number_nor_links() -> None:
    assert ATTACHMENT.owner_ordered
    assert not ATTACHMENT.supports_competences
    keys = [field.key for field in fields_of(AttachmentContent)]
    assert keys == ["title", "kind", "documentDate"]


def test_a_recommendation_has_its_origin_its_date_and_its_text() -> None:
    content = RecommendationContent(
        origin="ENTRETIEN_PROFESSIONNEL",
        made_on="2023-11",
        text="Se former\nà la conduite de projet",
    )
    assert refused(RECOMMENDATION, content) == []
    assert warned(RECOMMENDATION, content) == []
    assert RECOMMENDATION.headline(content) == "Préconisation – Entretien professionnel"
    assert RECOMMENDATION.period(content).in_french() == "novembre 2023"
    assert refused(RECOMMENDATION, RecommendationContent()) == [
        ("origin", "REQUIRED"),
        ("madeOn", "REQUIRED"),
        ("text", "REQUIRED"),
    ]


def test_a_recommendation_has_a_known_origin_and_a_past_date() -> None:
    content = RecommendationContent(origin="COLLEGUE", made_on="2027", text="…")
    assert refused(RECOMMENDATION, content) == [
        ("origin", "UNKNOWN_CODE"),
        ("madeOn", "DATE_IN_FUTURE"),
    ]
    early = RecommendationContent(origin="BILAN_COMPETENCES", made_on="1985", text="…")
    assert warned(RECOMMENDATION, early) == [("madeOn", "BEFORE_AGE_13")]


def test_every_recommendation_starts_out_of_every_communication() -> None:
    assert RECOMMENDATION.hidden_by_default(RecommendationContent())
    assert not RECOMMENDATION.supports_competences
    assert not ATTACHMENT.hidden_by_default(AttachmentContent())


def test_both_rubrics_stand_in_the_last_part() -> None:
    assert (ATTACHMENT.code, ATTACHMENT.part, ATTACHMENT.label) == (
        "P", Part.ATTACHMENTS, "Pièces jointes",
    )  # fmt: skip
    assert (RECOMMENDATION.code, RECOMMENDATION.part, RECOMMENDATION.label) == (
        "R", Part.ATTACHMENTS, "Préconisations",
    )  # fmt: skip
