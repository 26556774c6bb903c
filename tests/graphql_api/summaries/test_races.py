"""Reading summaries while owners change their mind: before or after, and never half."""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest

from graphql_api.summaries import making
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close, tables_with_rows_of
from tests.graphql_api.callers.journals import rows
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import NARROW, WITHDRAW
from tests.graphql_api.documents import ADD, at_once, entry, whole
from tests.graphql_api.summaries.summaries import ids, read, registered

READERS = 3


def test_after_a_withdrawal_no_later_answer_has_the_summary(here: Here) -> None:
    """Readers note what was acknowledged before they asked: nothing of it may be answered."""
    site = registered(here)
    owners = {}
    for number in range(6):
        owner = with_booklet(here, f"agent {number}")
        owners[consent(here, owner, "HOLDER")] = owner
    withdrawn: set[str] = set()
    over = Event()

    def withdrawing() -> int:
        for id, owner in owners.items():
            assert owner.do(WITHDRAW, id=id)["__typename"] == "ConsentWithdrawn"
            withdrawn.add(id)
        over.set()
        return 0

    def reading() -> int:
        seen = 0
        while not over.is_set():
            known = set(withdrawn)
            page = read(site)
            assert not known & set(ids(page))
            assert page["totalCount"] == len(page["nodes"])
            seen += len(page["nodes"])
        assert read(site)["nodes"] == []
        return seen

    _, *seen = at_once(withdrawing, *[reading] * READERS)
    assert rows(here) == sum(seen)  # whatever was answered was told, and nothing else


def test_a_narrowing_while_pages_are_read_shows_whole_consents_only(here: Here) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    id, over = consent(here, owner, "HOLDER", "COUNTS", "COMPETENCES"), Event()
    acknowledged = [3]

    def narrowing() -> None:
        for version, sections in enumerate((["HOLDER", "COUNTS"], ["COUNTS"]), start=1):
            answer = owner.do(NARROW, id=id, version=version, sections=sections)
            assert answer["__typename"] == "ConsentNarrowed"
            acknowledged.append(len(sections))
        over.set()

    def reading() -> None:
        while not over.is_set():
            most = acknowledged[-1]
            (summary,) = read(site)["nodes"]
            fields = {"HOLDER": "holder", "COUNTS": "counts", "COMPETENCES": "competences"}
            told = [section for section, field in fields.items() if summary[field] is not None]
            assert told == summary["sections"]
            assert len(told) <= most

    at_once(narrowing, *[reading] * READERS)


def test_a_summary_holds_what_was_there_before_or_after_a_write(here: Here) -> None:
    """Its counts, its titles and its time of change are of one moment."""
    site, owner = registered(here), with_booklet(here, "owner")
    consent(here, owner, "COUNTS", "TRAINING_TITLES")
    over = Event()

    def writing() -> list[Any]:
        try:
            return [owner.do(ADD, entry=entry("diploma")) for _ in range(12)]
        finally:
            over.set()

    def reading() -> list[tuple[int, str]]:
        found = []
        while not over.is_set():
            (summary,) = read(site)["nodes"]
            titles = len(summary["trainingTitles"])
            assert sum(one["count"] for one in summary["counts"]) == titles
            found.append((titles, summary["changedAt"]))
        return found

    _, *read_by = at_once(writing, *[reading] * READERS)
    found = sorted(one for each in read_by for one in each)
    assert len({changed for _, changed in found}) == len({titles for titles, _ in found})
    assert [changed for _, changed in found] == sorted(changed for _, changed in found)


def test_closing_while_pages_are_read_leaves_nothing_of_the_booklet(here: Here) -> None:
    site = registered(here)
    for number in range(4):
        owner = with_booklet(here, f"agent {number}")
        consent(here, owner)
        booklet = whole(owner)["id"]
        reading: list[Callable[[], Any]] = [partial(read, site)] * 4
        closed, *_ = at_once(partial(close, owner), *reading)
        assert closed["__typename"] == "BookletClosed"
        assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
        assert read(site)["nodes"] == []


def test_sites_read_the_same_booklets_at_once(here: Here) -> None:
    sites = [registered(here, code) for code in ("75", "53", "11")]
    owners = [with_booklet(here, f"agent {number}") for number in range(4)]
    for code in ("75", "53", "11"):
        for owner in owners:
            consent(here, owner, "COUNTS", site=code)

    def writing(owner: Caller) -> Any:
        return owner.do(ADD, entry=entry("diploma"))["__typename"]

    answers = at_once(
        *[partial(read, site) for site in sites] * 2, *[partial(writing, one) for one in owners]
    )
    assert [len(page["nodes"]) for page in answers[:6]] == [4] * 6
    assert set(answers[6:]) == {"EntryAdded"}


def test_whoever_writes_while_a_page_is_read_does_not_wait_for_it(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    consent(here, owner)
    written = in_the_middle(monkeypatch, lambda: owner.do(ADD, entry=entry("diploma")))
    assert len(read(site)["nodes"]) == 1
    assert [one["__typename"] for one in written] == ["EntryAdded"]


def test_a_consent_that_ends_while_its_summary_is_read_is_not_answered(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    id = consent(here, owner)
    withdrawn = in_the_middle(monkeypatch, lambda: owner.do(WITHDRAW, id=id))
    assert read(site)["nodes"] == []
    assert [one["__typename"] for one in withdrawn] == ["ConsentWithdrawn"]
    assert rows(here) == 0


def test_a_consent_that_is_narrowed_while_its_summary_is_read_shows_no_more_than_is_left(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    id = consent(here, owner, "HOLDER", "COUNTS")
    in_the_middle(monkeypatch, lambda: owner.do(NARROW, id=id, version=1, sections=["COUNTS"]))
    (summary,) = read(site)["nodes"]
    assert summary["sections"] == ["COUNTS"]
    assert summary["holder"] is None
    assert rows(here) == 1


def in_the_middle(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any]) -> list[Any]:
    """Let something happen once, in another thread, when the first summary is built; its answers."""
    answers: list[Any] = []
    build = making.build_summary

    def building(*arguments: Any) -> Any:
        if not answers:
            answers.append(None)
            (answers[0],) = at_once(happens)
        return build(*arguments)

    monkeypatch.setattr(making, "build_summary", building)
    return answers
