"""Entries by pages: what a page shows of a list, how one reads on, and what is refused."""

from typing import Any

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import ADD_ALL, REMOVE, added, entry, whole

LISTS = """query($rubric: RubricName, $part: Part, $warned: Boolean!, $withoutEvidence: Boolean!,
    $first: Int!, $after: String, $offset: Int!) { booklet {
  entriesConnection(rubric: $rubric, part: $part, warned: $warned, first: $first, after: $after,
      withoutEvidence: $withoutEvidence, offset: $offset) {
    totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage } }
} }"""
LISTED = """{ booklet { entries { id rubric warnings { code } }
  panorama { evidence { missing { entry } } } } }"""
ASKED = {"warned": False, "withoutEvidence": False, "first": 100, "offset": 0}


def page(caller: Caller, **asked: Any) -> Any:
    return caller.ask(LISTS, **ASKED | asked)["booklet"]["entriesConnection"]


def ids(answer: Any) -> list[str]:
    return [one["id"] for one in answer["nodes"]]


@pytest.fixture
def filled(owner: Caller) -> Caller:
    """The owner of a booklet with entries of several parts, some of them without a warning."""
    trainings = [entry("training", title=f"Stage {n}", start=f"{2000 + n}") for n in range(7)]
    others = [entry(rubric) for rubric in ("diploma", "drivingLicence", "competence", "attachment")]
    answer = owner.do(ADD_ALL, entries=[*others, *trainings])
    assert answer["__typename"] == "EntriesAdded"
    return owner


def test_a_page_shows_a_window_of_the_list_and_how_many_there_are(filled: Caller) -> None:
    booklet = filled.ask(LISTED)["booklet"]
    listed = booklet["entries"]
    missing = [one["entry"] for one in booklet["panorama"]["evidence"]["missing"]]
    of_trainings = [one["id"] for one in listed if one["rubric"] == "TRAINING"]
    of_formations = [
        one["id"] for one in listed if one["rubric"] in ("DIPLOMA", "TRAINING", "DRIVING_LICENCE")
    ]
    warned = [one["id"] for one in listed if one["warnings"]]
    assert 0 < len(warned) < len(listed)
    assert 0 < len(missing) < len(listed)
    for chosen, expected in (
        ({}, [one["id"] for one in listed]),
        ({"rubric": "TRAINING"}, of_trainings),
        ({"part": "FORMATIONS"}, of_formations),
        ({"part": "FORMATIONS", "rubric": "TRAINING"}, of_trainings),
        ({"part": "EXPERIENCES", "rubric": "TRAINING"}, []),
        ({"warned": True}, warned),
        ({"withoutEvidence": True}, missing),
        ({"warned": True, "rubric": "TRAINING"}, [id for id in of_trainings if id in warned]),
        ({"warned": True, "withoutEvidence": True}, [id for id in missing if id in warned]),
    ):
        assert ids(page(filled, **chosen)) == expected
        for offset in range(len(expected) + 2):
            answer = page(filled, first=3, offset=offset, **chosen)
            assert answer["totalCount"] == len(expected)
            assert ids(answer) == expected[offset : offset + 3]
            assert answer["pageInfo"] == {
                "hasNextPage": offset + 3 < len(expected),
                "hasPreviousPage": 0 < offset < len(expected),
            }


def test_a_cursor_leads_on_from_its_entry_and_passes_over_what_is_asked(filled: Caller) -> None:
    answer = page(filled, rubric="TRAINING")
    cursors = [edge["cursor"] for edge in answer["edges"]]
    assert ids(page(filled, rubric="TRAINING", after=cursors[1], first=2)) == ids(answer)[2:4]
    assert ids(page(filled, rubric="TRAINING", after=cursors[1], offset=2)) == ids(answer)[4:]
    assert ids(page(filled, rubric="TRAINING", after=cursors[-1])) == []


def test_more_than_a_page_takes_is_answered_as_a_full_page(owner: Caller) -> None:
    for _ in range(2):
        owner.do(ADD_ALL, entries=[entry("attachment")] * 60)
    answer = page(owner, first=1_000)
    assert (len(answer["nodes"]), answer["totalCount"]) == (100, 120)
    assert ids(page(owner, first=0)) == ids(page(owner, first=-1)) == []


def test_a_cursor_of_no_entry_of_the_list_is_refused(here: Here, filled: Caller) -> None:
    stranger = added(with_booklet(here, "other"), "training")["id"]
    removed = added(filled, "training")
    assert filled.do(REMOVE, id=removed["id"], version=1)["__typename"] == "EntryRemoved"
    diploma = next(one["id"] for one in whole(filled)["entries"] if one["rubric"] == "DIPLOMA")
    asked = ASKED | {"rubric": "TRAINING"}
    for cursor in (stranger, removed["id"], diploma, "", "0", "é" * 200):
        assert filled.error(LISTS, **asked, after=cursor) == "INVALID_CURSOR"
    assert filled.error(LISTS, **(asked | {"offset": -1})) == "BAD_USER_INPUT"
