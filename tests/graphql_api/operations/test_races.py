"""Races: nothing that was acknowledged is lost, nothing is half done."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.conftest import Caller
from tests.graphql_api.documents import (
    ADD,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    added,
    at_once,
    entry,
    kinds,
    seen,
    text_of,
    whole,
)

WRITERS = 8
EACH = 5


def revising(caller: Caller, id: str, word: str) -> Callable[[], list[Any]]:
    """Reads the entry and adds a word to it, until that was done five times."""

    def run() -> list[Any]:
        done: list[Any] = []
        while len(done) < EACH:
            now = seen(caller, id)
            content = f"{text_of(now, 'content') or ''} {word}{len(done)}"
            sent = {"training": {"content": content}}
            answer = caller.do(REVISE, id=id, version=now["version"], entry=sent)
            if answer["__typename"] == "EntryRevised":
                done.append(answer)
            else:
                assert answer["__typename"] == "Conflict", answer
                assert answer["currentVersion"] > now["version"]
        return done

    return run


def test_no_revision_is_lost_of_those_that_check_their_version(owner: Caller) -> None:
    id = added(owner, "training")["id"]
    at_once(*(revising(owner, id, f"w{number}-") for number in range(WRITERS)))
    now = seen(owner, id)
    words = (text_of(now, "content") or "").split()
    assert sorted(words) == sorted(f"w{w}-{n}" for w in range(WRITERS) for n in range(EACH))
    assert now["version"] == 1 + WRITERS * EACH


def test_of_equal_revisions_at_once_one_is_done(owner: Caller) -> None:
    id = added(owner, "training")["id"]
    sent = [{"training": {"title": f"Titre {number}"}} for number in range(8)]
    answers = at_once(*(partial(owner.do, REVISE, id=id, version=1, entry=one) for one in sent))
    assert kinds(answers) == ["Conflict"] * 7 + ["EntryRevised"]
    winner = next(answer for answer in answers if answer["__typename"] == "EntryRevised")
    assert seen(owner, id)["headline"] == winner["entry"]["headline"]
    assert all(
        answer["current"]["headline"] == winner["entry"]["headline"]
        for answer in answers
        if answer["__typename"] == "Conflict"
    )


def test_of_identities_revised_at_once_one_is_written(owner: Caller) -> None:
    cities = [f"Ville {letter}" for letter in "abcdefgh"]
    answers = at_once(
        *(partial(owner.do, SAY_WHO, identity={"city": city}, version=1) for city in cities)
    )
    assert kinds(answers) == ["Conflict"] * 7 + ["IdentityRevised"]
    assert whole(owner)["identity"]["version"] == 2


def test_entries_added_at_once_are_all_there(owner: Caller) -> None:
    answers = at_once(*[lambda: owner.do(ADD, entry=entry("attachment"))] * 16)
    ids = {answer["entry"]["id"] for answer in answers}
    found = [one for one in whole(owner)["entries"] if one["rubric"] == "ATTACHMENT"]
    assert {one["id"] for one in found} == ids
    assert [one["number"] for one in found] == list(range(1, 17))


def test_a_licence_category_entered_eight_times_at_once_is_there_once(owner: Caller) -> None:
    answers = at_once(*[lambda: owner.do(ADD, entry=entry("drivingLicence"))] * 8)
    assert kinds(answers) == ["EntryAdded"] + ["InvalidEntry"] * 7
    assert len(whole(owner)["entries"]) == 1


def test_removing_while_revising_leaves_one_of_the_two_done(owner: Caller) -> None:
    for _ in range(6):
        id = added(owner, "training")["id"]
        sent = {"training": {"title": "Autre"}}
        removed, revised = at_once(
            partial(owner.do, REMOVE, id=id, version=1),
            partial(owner.do, REVISE, id=id, version=1, entry=sent),
        )
        outcome = (removed["__typename"], revised["__typename"])
        assert outcome in (("EntryRemoved", "NotFound"), ("Conflict", "EntryRevised"))
        assert (seen(owner, id) is None) == (outcome[0] == "EntryRemoved")


def test_linking_to_an_entry_that_is_being_removed_leaves_no_loose_end(owner: Caller) -> None:
    for _ in range(6):
        competence, attachment = added(owner, "competence")["id"], added(owner, "attachment")["id"]
        target = added(owner, "training")["id"]
        said = {"version": 1, "target": target}
        removed, linked, proved = at_once(
            partial(owner.do, REMOVE, id=target, version=1),
            partial(owner.do, LINK, id=competence, relation="USED", **said),
            partial(owner.do, PROVE, id=attachment, **said),
        )
        assert removed["__typename"] == "EntryRemoved"
        assert linked["__typename"] in ("TieWritten", "NotFound")
        assert proved["__typename"] in ("TieWritten", "NotFound")
        assert seen(owner, target) is None
        assert seen(owner, competence)["links"] == []
        assert seen(owner, attachment)["proves"] == []


def test_moving_at_once_keeps_every_entry_and_its_number(owner: Caller) -> None:
    ids = [added(owner, "attachment")["id"] for _ in range(6)]
    answers = at_once(*(partial(owner.do, MOVE, id=id, version=1, before=ids[0]) for id in ids[1:]))
    assert kinds(answers) == ["EntryMoved"] * 5
    found = [one for one in whole(owner)["entries"] if one["rubric"] == "ATTACHMENT"]
    assert {one["id"] for one in found} == set(ids)
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[-1]["id"] == ids[0]


def test_the_version_of_the_booklet_counts_every_write(owner: Caller) -> None:
    before = whole(owner)["version"]
    at_once(*[lambda: owner.do(ADD, entry=entry("training"))] * 12)
    assert whole(owner)["version"] == before + 12
