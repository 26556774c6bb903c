"""The words that people read on the screens of experiences, competences and documents."""

import dataclasses
from typing import get_type_hints

import pytest

from schema.description.fields import FieldKind, fields_of
from schema.description.rubric import Part, Rubric
from schema.rubrics.attachments import ATTACHMENT
from schema.rubrics.competences import COMPETENCE
from schema.rubrics.extra_professional_experiences import EXTRA_PROFESSIONAL_EXPERIENCE
from schema.rubrics.prior_learning_recognitions import PRIOR_LEARNING_RECOGNITION
from schema.rubrics.professional_experiences import PROFESSIONAL_EXPERIENCE
from schema.rubrics.recommendations import RECOMMENDATION
from schema.rubrics.tutoring_experiences import TUTORING_EXPERIENCE
from schema.typography import typeset

RUBRICS = (
    PROFESSIONAL_EXPERIENCE,
    EXTRA_PROFESSIONAL_EXPERIENCE,
    TUTORING_EXPERIENCE,
    COMPETENCE,
    PRIOR_LEARNING_RECOGNITION,
    ATTACHMENT,
    RECOMMENDATION,
)
each_rubric = pytest.mark.parametrize("rubric", RUBRICS, ids=lambda rubric: rubric.code)


def test_codes_parts_and_labels_are_the_guides() -> None:
    assert [(rubric.code, rubric.part, rubric.label) for rubric in RUBRICS] == [
        ("E1", Part.EXPERIENCES, "Expériences professionnelles"),
        ("E2", Part.EXPERIENCES, "Expériences extra-professionnelles"),
        ("E3", Part.EXPERIENCES, "Expériences de tutorat"),
        ("C1", Part.COMPETENCES, "Compétences"),
        ("C2", Part.COMPETENCES, "Reconnaissance des acquis et VAE"),
        ("P", Part.ATTACHMENTS, "Pièces jointes"),
        ("R", Part.ATTACHMENTS, "Préconisations"),
    ]


@each_rubric
def test_the_help_has_its_six_parts(rubric: Rubric) -> None:
    words = rubric.help
    assert words.what_it_is
    assert words.to_enter
    assert words.legal
    assert words.documents
    assert 2 <= len(words.examples) <= 3
    assert words.notes
    assert all(
        note.startswith((typeset("À retenir : "), typeset("À savoir : "), typeset("À noter : ")))
        for note in words.notes
    )


@each_rubric
def test_words_for_people_have_french_typography(rubric: Rubric) -> None:
    said = [rubric.label, rubric.evidence]
    for part in dataclasses.asdict(rubric.help).values():
        said += [part] if isinstance(part, str) else part
    for field in fields_of(rubric.content):
        spec = field.spec
        said += [spec.label, spec.hint, spec.pattern_message]
    for words in said:
        assert "'" not in words, words
        assert '"' not in words, words
        assert "..." not in words, words
        assert "  " not in words, words
        assert words == words.strip()


@each_rubric
def test_every_field_is_described_for_the_schema(rubric: Rubric) -> None:
    fields = dataclasses.fields(rubric.content)
    assert fields
    assert [field.name for field in fields] == [field.name for field in fields_of(rubric.content)]
    for field in fields_of(rubric.content):
        assert field.description.endswith("."), field.key
        assert field.spec.label, field.key


@each_rubric
def test_the_headline_says_fields_that_exist(rubric: Rubric) -> None:
    keys = {field.key for field in fields_of(rubric.content)}
    assert rubric.headline_keys
    assert set(rubric.headline_keys) <= keys


def test_a_field_name_has_one_type_and_one_sort_of_value_across_these_rubrics() -> None:
    types: dict[str, set[object]] = {}
    kinds: dict[str, set[FieldKind]] = {}
    for rubric in RUBRICS:
        for name, declared in get_type_hints(rubric.content).items():
            types.setdefault(name, set()).add(declared)
        for field in fields_of(rubric.content):
            kinds.setdefault(field.key, set()).add(field.spec.kind)
    assert types
    assert kinds
    assert [name for name, found in types.items() if len(found) > 1] == []
    assert [key for key, found in kinds.items() if len(found) > 1] == []
