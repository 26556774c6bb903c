"""Moving: competences and attachments keep their owner's order, the others their dates."""

import pytest

from tests.conftest import Caller
from tests.graphql_api.documents import LEAST, MOVE, REMOVE, added, refused, seen, whole

MOVABLE = ["competence", "attachment"]


def order(caller: Caller, rubric: str) -> list[str]:
    return [one["id"] for one in whole(caller)["entries"] if one["rubric"] == rubric.upper()]


@pytest.mark.parametrize("rubric", MOVABLE)
def test_an_entry_goes_before_another_or_last(owner: Caller, rubric: str) -> None:
    a, b, c, d = (added(owner, rubric)["id"] for _ in range(4))
    assert order(owner, rubric) == [a, b, c, d]
    answer = owner.do(MOVE, id=d, version=1, before=a)
    assert (answer["__typename"], answer["entry"]["version"]) == ("EntryMoved", 2)
    assert order(owner, rubric) == [d, a, b, c]
    owner.do(MOVE, id=a, version=1)
    assert order(owner, rubric) == [d, b, c, a]
    owner.do(MOVE, id=b, version=1, before=a)
    assert order(owner, rubric) == [d, c, b, a]
    owner.do(MOVE, id=a, version=2, before=None)
    assert order(owner, rubric) == [d, c, b, a]
    e = added(owner, rubric)["id"]
    assert order(owner, rubric) == [d, c, b, a, e]


@pytest.mark.parametrize("rubric", MOVABLE)
def test_only_the_entry_that_moves_has_a_new_version(owner: Caller, rubric: str) -> None:
    a, b, c = (added(owner, rubric)["id"] for _ in range(3))
    owner.do(MOVE, id=c, version=1, before=a)
    assert [seen(owner, id)["version"] for id in (a, b, c)] == [1, 1, 2]


def test_attachment_numbers_follow_the_order(owner: Caller) -> None:
    a, b, c = (added(owner, "attachment")["id"] for _ in range(3))
    assert [seen(owner, id)["number"] for id in (a, b, c)] == [1, 2, 3]
    moved = owner.do(MOVE, id=c, version=1, before=a)["entry"]
    assert moved["number"] == 1
    assert [seen(owner, id)["number"] for id in (a, b, c)] == [2, 3, 1]
    owner.do(REMOVE, id=a, version=1)
    assert [seen(owner, id)["number"] for id in (b, c)] == [2, 1]


def test_moving_keeps_what_the_entry_says(owner: Caller) -> None:
    added(owner, "competence")
    new = added(owner, "competence", description="Une\ndescription", comment="À revoir")
    moved = owner.do(MOVE, id=new["id"], version=1)["entry"]
    assert moved == new | {"version": 2}


def test_a_chronological_rubric_is_not_moved(owner: Caller) -> None:
    for rubric in [rubric for rubric in LEAST if rubric not in MOVABLE]:
        id = added(owner, rubric)["id"]
        before = whole(owner)
        answer = owner.do(MOVE, id=id, version=1)
        assert refused(answer) == [("id", "CHRONOLOGICAL")]
        assert whole(owner) == before


@pytest.mark.parametrize("rubric", MOVABLE)
def test_an_entry_goes_before_another_of_its_own_rubric_only(owner: Caller, rubric: str) -> None:
    id = added(owner, rubric)["id"]
    added(owner, rubric)
    others = [added(owner, kind)["id"] for kind in [*MOVABLE, "training"] if kind != rubric]
    before = whole(owner)
    for other in [*others, "nowhere", "", id]:
        answer = owner.do(MOVE, id=id, version=1, before=other)
        assert (answer["__typename"], answer["path"]) == ("NotFound", "before")
    assert whole(owner) == before


def test_an_outdated_move_is_refused_with_the_present_entry(owner: Caller) -> None:
    first, second = (added(owner, "attachment")["id"] for _ in range(2))
    owner.do(MOVE, id=second, version=1, before=first)
    before = whole(owner)
    answer = owner.do(MOVE, id=second, version=1)
    assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 2)
    assert (answer["current"]["number"], answer["current"]["version"]) == (1, 2)
    assert whole(owner) == before
