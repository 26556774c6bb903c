"""A part of a booklet that is full takes no more, and can still shrink."""

import pytest

from graphql_api.storage.content import booklet_writer
from tests.conftest import Caller
from tests.graphql_api.documents import ADD, LINK, MOVE, REMOVE, REVISE, added, entry, whole


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> int:
    """A bound that some entries reach."""
    monkeypatch.setattr(booklet_writer, "MAX_SECTION_BYTES", 3_000)
    return 3_000


def test_a_full_part_takes_no_entry_and_the_others_do(owner: Caller, bound: int) -> None:
    added(owner, "diploma", comment="a" * 2_500)
    before = whole(owner)
    refusal = owner.do(ADD, entry=entry("training", comment="a" * 500))
    assert (refusal["code"], refusal["limit"]) == ("LIMIT_REACHED", bound)
    assert whole(owner) == before
    assert owner.do(ADD, entry=entry("competence"))["__typename"] == "EntryAdded"


def test_what_is_larger_already_may_shrink_and_not_grow(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = added(owner, "diploma", comment="a" * 3_500)["id"]
    other = added(owner, "training", comment="b" * 1_000)["id"]
    monkeypatch.setattr(booklet_writer, "MAX_SECTION_BYTES", 3_000)
    longer = owner.do(REVISE, id=other, version=1, entry=entry("training", comment="b" * 1_001))
    assert longer["code"] == "LIMIT_REACHED"
    shorter = owner.do(REVISE, id=other, version=1, entry=entry("training", comment="b" * 900))
    assert shorter["__typename"] == "EntryRevised"
    assert owner.do(REMOVE, id=kept, version=1)["__typename"] == "EntryRemoved"
    assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"


def test_a_full_part_takes_no_tie_with_a_note(owner: Caller, bound: int) -> None:
    target = added(owner, "training")["id"]
    ids = [added(owner, "competence", comment="c" * 1_150)["id"] for _ in range(2)]
    tie = {"id": ids[0], "version": 1, "target": target, "relation": "USED"}
    assert owner.do(LINK, **tie, note="n" * 400)["code"] == "LIMIT_REACHED"


def test_what_is_larger_already_may_be_put_in_another_order(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [added(owner, "competence", comment="c" * 1_500)["id"] for _ in range(2)]
    monkeypatch.setattr(booklet_writer, "MAX_SECTION_BYTES", 3_000)
    moved = owner.do(MOVE, id=ids[1], version=1, before=ids[0])
    assert moved["__typename"] == "EntryMoved"
    for version in range(2, 9):
        moved = owner.do(MOVE, id=ids[1], version=version, before=ids[0])
    assert moved["entry"]["version"] == 9
    longer = owner.do(MOVE, id=ids[1], version=9, before=ids[0])
    assert longer["code"] == "LIMIT_REACHED", "version 10 has a digit more"
