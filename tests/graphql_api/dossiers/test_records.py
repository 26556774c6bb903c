"""Dossiers in the record that their owner takes along: all of the choice, and checked on the way back."""

from typing import Any

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import added
from tests.graphql_api.dossiers.dossiers import dossiers_of, made_for, saved
from tests.graphql_api.dossiers.test_dispense import FORM
from tests.graphql_api.records.records import IMPORT, exported, portable


def brought(here: Here, record: dict[str, Any]) -> tuple[Caller, Any]:
    other = with_booklet(here, "other")
    return other, other.do(IMPORT, record=record)


def test_dossiers_come_back_as_they_were_chosen(here: Here, owner: Caller) -> None:
    ids = [added(owner, rubric)["id"] for rubric in ("training", "professionalExperience")]
    saved(
        owner,
        purpose="MUTATION",
        title="A",
        soughtPost="Cheffe de service",
        recipient="DRH",
        entries=ids,
    )
    made_for(owner, "DISPENSE_FORMATION", title="B", dispense=FORM)
    saved(owner, purpose="AUTRE", title="C", parts=["FORMATIONS"], annexes=[], situation=False,
          form="FULL")  # fmt: skip
    record = exported(owner)
    other, answer = brought(here, portable(record))
    assert answer["__typename"] == "BookletImported", answer
    assert portable(exported(other)) == portable(record)
    mine, theirs = dossiers_of(owner), dossiers_of(other)
    assert [one | {"id": ""} for one in mine] == [one | {"id": ""} for one in theirs]
    assert len(mine) == 4


def test_a_record_without_a_choice_communicates_nothing(here: Here, owner: Caller) -> None:
    added(owner, "training")
    record = portable(exported(owner))
    id = "00000000-0000-4000-8000-000000000001"
    record["dossiers"] = [{"id": id, "title": "Ancien", "purpose": "MUTATION"}]
    other, answer = brought(here, record)
    assert answer["__typename"] == "BookletImported", answer
    (_, dossier) = dossiers_of(other)
    assert dossier["selectedEntries"] == dossier["identityFields"] == []
    assert [one["code"] for one in dossier["warnings"]] == ["EMPTY"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"purpose": "LIVRET_COMPLET"}, ("purpose", "UNKNOWN_CODE")),
        ({"recipient": 5}, ("recipient", "WRONG_TYPE")),
        ({"soughtPost": "x" * 201}, ("soughtPost", "TOO_LONG")),
        ({"recipient": "x" * 201}, ("recipient", "TOO_LONG")),
        ({"parts": ["MAISON"]}, ("parts[0]", "UNKNOWN_CODE")),
        ({"parts": "FORMATIONS"}, ("parts", "WRONG_TYPE")),
        ({"rubrics": ["DIPLOMA", "DIPLOMA"]}, ("rubrics[1]", "DUPLICATE")),
        ({"rubrics": ["DIPLOMA"] * 13}, ("rubrics", "TOO_MANY")),
        ({"identityFields": ["lastName"]}, ("identityFields[0]", "UNKNOWN_CODE")),
        ({"annexes": [None]}, ("annexes[0]", "WRONG_TYPE")),
        ({"situation": "oui"}, ("situation", "WRONG_TYPE")),
        ({"form": "COURT"}, ("form", "UNKNOWN_CODE")),
        ({"form": 1}, ("form", "WRONG_TYPE")),
        ({"entries": ["x"]}, ("entries[0]", "FORMAT")),
        (
            {"entries": ["00000000-0000-4000-8000-000000000009"]},
            ("entries[0]", "NOT_FOUND"),
        ),
        ({"dispense": {}}, ("dispense", "NOT_EXPECTED")),
        ({"selectedEntries": []}, ("selectedEntries", "UNKNOWN_KEY")),
    ],
)
def test_a_choice_that_cannot_be_is_refused_whole(
    here: Here, owner: Caller, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    added(owner, "training")
    made_for(owner, "MUTATION")
    record = portable(exported(owner))
    record["dossiers"][0] |= change
    other, answer = brought(here, record)
    assert answer["__typename"] == "InvalidEntry"
    found = [(each["path"], each["code"]) for each in answer["problems"]]
    path, code = problem
    assert (f"record.dossiers[0].{path}", code) in found
    assert len(dossiers_of(other)) == 1


def test_the_form_of_a_request_is_checked_field_by_field(here: Here, owner: Caller) -> None:
    added(owner, "professionalExperience")
    made_for(owner, "DISPENSE_FORMATION", dispense=FORM)
    record = portable(exported(owner))
    record["dossiers"][0]["dispense"] |= {"ground": "ART19", "statutoryDays": "dix", "x": 1}
    _, answer = brought(here, record)
    found = [(each["path"].rpartition(".")[2], each["code"]) for each in answer["problems"]]
    assert sorted(found) == [
        ("ground", "UNKNOWN_CODE"),
        ("statutoryDays", "WRONG_TYPE"),
        ("x", "UNKNOWN_KEY"),
    ]
