"""The selection of a dossier: named entries, whole rubrics, whole parts."""

from typing import Any

import pytest

from schema.description.rubric import Part, RubricName
from schema.dossiers.selection import Selection, selected_with_rubric
from tests.schema.entry_samples import an_entry

UNION = {"title": "Section locale", "kind": "ACTION_SYNDICALE", "start": "2019"}
CLUB = {"title": "Club", "kind": "SPORT", "start": "2019"}
BILAN = {"kind": "BILAN_COMPETENCES", "title": "Bilan", "start": "2021"}
VAE = {"kind": "VAE", "title": "Licence", "start": "2021"}
SENSITIVE: list[tuple[RubricName, dict[str, Any]]] = [
    (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, UNION),
    (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, UNION | {"kind": "VIE_FAMILIALE_AIDANT"}),
    (RubricName.PRIOR_LEARNING_RECOGNITION, BILAN),
    (RubricName.RECOMMENDATION, {"origin": "BILAN_COMPETENCES", "text": "Se former."}),
]


def rubrics(*names: RubricName) -> Selection:
    return Selection(rubrics=frozenset(names))


@pytest.mark.parametrize("rubric", RubricName)
def test_an_empty_selection_takes_nothing(rubric: RubricName) -> None:
    assert not Selection().includes(an_entry(rubric))


def test_a_whole_rubric_takes_its_entries_and_no_others() -> None:
    entries = [an_entry(RubricName.DIPLOMA, "a"), an_entry(RubricName.TRAINING, "b")]
    assert [one.id for one in rubrics(RubricName.TRAINING).filter(entries)] == ["b"]
    assert [one.id for one in rubrics(*RubricName).filter(entries)] == ["a", "b"]


def test_a_whole_part_takes_the_entries_of_its_rubrics() -> None:
    entries = [
        an_entry(RubricName.DIPLOMA, "a"),
        an_entry(RubricName.DRIVING_LICENCE, "b"),
        an_entry(RubricName.COMPETENCE, "c"),
    ]
    chosen = Selection(parts=frozenset({Part.FORMATIONS}))
    assert [one.id for one in chosen.filter(entries)] == ["a", "b"]


@pytest.mark.parametrize("rubric", RubricName)
def test_what_is_kept_for_oneself_follows_neither_rubric_nor_part(rubric: RubricName) -> None:
    kept = an_entry(rubric, "kept", shareable=False)
    assert not rubrics(*RubricName).includes(kept)
    assert not Selection(parts=frozenset(Part)).includes(kept)
    assert Selection(entries=frozenset({"kept"})).includes(kept)


@pytest.mark.parametrize(("rubric", "content"), SENSITIVE)
def test_what_is_sensitive_is_taken_only_when_it_is_named(
    rubric: RubricName, content: dict[str, Any]
) -> None:
    entry = an_entry(rubric, "one", **content, shareable=True)
    assert not selected_with_rubric(entry)
    assert not Selection(parts=frozenset(Part), rubrics=frozenset(RubricName)).includes(entry)
    assert Selection(entries=frozenset({"one"})).includes(entry)


@pytest.mark.parametrize(
    ("rubric", "content"),
    [
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, CLUB),
        (RubricName.PRIOR_LEARNING_RECOGNITION, VAE),
    ],
)
def test_what_is_not_sensitive_in_the_same_rubric_follows_it(
    rubric: RubricName, content: dict[str, Any]
) -> None:
    assert rubrics(rubric).includes(an_entry(rubric, **content))


def test_the_built_in_dossier_takes_everything() -> None:
    for rubric in RubricName:
        assert Selection(everything=True).includes(an_entry(rubric, shareable=False))
