"""How the journal is kept and read: sealed, a year, a thousand records, page by page, in French."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.callers.permissions import CallerRole
from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.communicated import access_record_repository
from graphql_api.storage.communicated.access_record_repository import insert, prune
from graphql_api.storage.content.booklet_rows import sealer_of
from graphql_api.storage.operation import Operation
from schema.sharing.access_record import (
    MAX_REFUSAL_RECORDS,
    REFUSALS_OF_AN_HOUR,
    Accessed,
    Accessor,
    AccessOutcome,
    access_record,
    counted_refusals,
)
from schema.typography import quoted
from tests.conftest import Caller, Here
from tests.graphql_api.callers.journals import (
    BOOKLET,
    DOSSIER,
    JOURNAL,
    TITLE,
    ids_of,
    journal,
    rows,
)
from tests.graphql_api.canaries import canaries_in, stored
from tests.graphql_api.roles import EVERYTHING, Scene, absent
from tests.graphql_api.roles import scene as scene


def filled(here: Here, owner: Caller, ages: list[timedelta]) -> None:
    """Write records of these ages, as if they had been written then."""
    service = build_service(here.deployment.settings)
    booklet, _ = ids_of(owner)
    now = here.clock()
    sealer = sealer_of(service.operation(Anonymous()), booklet)
    assert sealer is not None
    for age in ages:
        with service.store.writing():  # one each: a transaction has five seconds
            op = Operation(
                service.store,
                service.key_store,
                service.master_key,
                service.service_keys,
                Anonymous(),
                now - age,
            )
            refused = AccessOutcome.REFUSED
            insert(op, sealer, booklet, Accessor.NOT_SIGNED_IN, Accessed.BOOKLET, refused, None)
    with service.store.writing():
        prune(service.operation(Anonymous()), [booklet])
    service.close()


def test_what_is_older_than_a_year_is_dropped_when_something_is_written(
    here: Here, owner: Caller
) -> None:
    filled(here, owner, [timedelta(days=365, seconds=1), timedelta(days=364), timedelta(hours=1)])
    assert rows(here) == 2
    assert len(journal(owner)) == 2


def test_a_thousand_refusals_are_kept_and_the_oldest_go_first(here: Here, owner: Caller) -> None:
    ages = [timedelta(hours=number // 20 + 1) for number in range(MAX_REFUSAL_RECORDS)]
    filled(here, owner, ages)
    oldest = pages(owner)[-1]
    assert rows(here) == MAX_REFUSAL_RECORDS
    booklet, _ = ids_of(owner)
    here.caller("other").ask(BOOKLET, id=booklet)
    assert rows(here) == MAX_REFUSAL_RECORDS
    kept = pages(owner)
    assert len(kept) == MAX_REFUSAL_RECORDS
    assert kept[0]["who"].startswith("Quelqu’un qui n’est pas")
    assert oldest["id"] not in {one["id"] for one in kept}


def test_of_the_refusals_of_an_hour_twenty_have_a_line_and_one_line_counts_the_rest(
    here: Here, owner: Caller
) -> None:
    booklet, dossier = ids_of(owner)
    hour = next_hour(here)
    here.clock.stop(hour)
    asked = 60
    for number in range(asked):
        document, id = (BOOKLET, booklet) if number % 2 else (DOSSIER, dossier)
        here.nobody().post({"query": document, "variables": {"id": id}})
    lines = journal(here.caller("owner"), first=100)
    assert len(lines) == REFUSALS_OF_AN_HOUR + 1
    assert sum(one["times"] for one in lines) == asked
    (counted,) = [one for one in lines if one["times"] > 1]
    assert counted["sentence"] == counted_refusals("1", hour, 40).sentence
    assert counted["outcome"] == "REFUSED"
    here.clock.stop(hour + timedelta(hours=1))
    here.nobody().error(BOOKLET, id=booklet)
    assert len(journal(here.caller("owner"), first=100)) == REFUSALS_OF_AN_HOUR + 2


def next_hour(here: Here) -> datetime:
    return here.clock().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def test_refusals_push_nothing_out_that_was_read(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    booklet, dossier = ids_of(owner)
    credentials = here.deployment.service.credentials
    job = Caller(here.client, credentials.print_token(booklet, dossier), "print")
    assert job.ask(DOSSIER, id=dossier)["sharedDossier"]
    few = 3 * REFUSALS_OF_AN_HOUR
    monkeypatch.setattr(access_record_repository, "MAX_REFUSAL_RECORDS", few)
    hours = range(1, 6)
    here.clock.stop(here.clock() + timedelta(days=10))
    filled(here, here.caller("owner"), [timedelta(hours=n) for n in hours for _ in range(22)])
    lines = pages(here.caller("owner"))
    assert rows(here) == few + 1
    assert [one["outcome"] for one in lines].count("READ") == 1
    assert lines[-1]["outcome"] == "READ"


def pages(owner: Caller, first: int = 100) -> list[Any]:
    """The whole journal, page by page."""
    found: list[Any] = []
    after = None
    while True:
        page = owner.ask(JOURNAL, first=first, after=after)["booklet"]["accessRecords"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def test_the_journal_is_read_page_by_page_newest_first(here: Here, owner: Caller) -> None:
    same = [timedelta(hours=2)] * 3  # at one moment: the order is still one
    filled(here, owner, [timedelta(hours=number) for number in range(4)] + same)
    everything = journal(owner, first=100)
    assert [one["at"] for one in everything] == sorted(
        (one["at"] for one in everything), reverse=True
    )
    for first in (1, 2, 3, 7, 8, 100):
        assert pages(owner, first) == everything
    assert len(everything) == 7


def test_a_page_holds_a_hundred_at_most_whatever_is_asked(here: Here, owner: Caller) -> None:
    filled(here, owner, [timedelta(hours=number) for number in range(120)])
    for first, length in ((-1, 0), (0, 0), (1, 1), (100, 100), (101, 100), (2**31 - 1, 100)):
        assert len(journal(owner, first=first)) == length
    for cursor in ("", "x", "1-x", "9" * 30 + "-" + absent(), f"-1-{absent()}"):
        assert journal(owner, after=cursor) == []
    assert journal(owner, after=f"0-{absent()}") == []


def test_a_cursor_of_another_journal_shows_nothing_of_it(scene: Scene) -> None:
    owner, other = scene.callers[CallerRole.OWNER], scene.callers[CallerRole.OTHER_AGENT]
    for _ in range(2):
        other.ask(BOOKLET, id=scene.owners["booklet"])
    cursor = owner.ask(JOURNAL, first=1)["booklet"]["accessRecords"]["pageInfo"]["endCursor"]
    assert len(journal(owner, after=cursor)) == 1
    assert journal(other, after=cursor) == []


def test_nothing_of_the_journal_is_stored_in_clear(scene: Scene) -> None:
    stranger = scene.here.caller("canari subject", EVERYTHING)
    stranger.ask(BOOKLET, id=scene.owners["booklet"])
    scene.callers[CallerRole.PRINT_JOB].ask(DOSSIER, id=scene.owners["dossier"])
    assert len(journal(scene.callers[CallerRole.OWNER])) == 2
    found = [
        place
        for place, value in stored(scene.here.deployment)
        if place.startswith("access_record.")
        and (canaries_in(value) or b"REFUSED" in value or TITLE.encode() in value)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (
            datetime(2026, 11, 22, 13, 5, tzinfo=UTC),
            "Le 22 novembre 2026 à 14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05, ",
        ),
        (
            datetime(2026, 7, 31, 22, 0, tzinfo=UTC),
            "Le 1er août 2026 à 0\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}00, ",
        ),
    ],
)
def test_the_time_is_told_as_in_france(at: datetime, words: str) -> None:
    workshop, read = Accessor.PRINT_WORKSHOP, AccessOutcome.READ
    record = access_record("1", at, workshop, Accessed.DOSSIER, read, "Ma mutation")
    rest = (
        f"le service a mis en page votre dossier {quoted('Ma mutation')} pour un lien de partage."
    )
    assert record.sentence == words + rest
    assert (
        counted_refusals("1", at, 1).sentence
        == {
            22: "Le 22 novembre 2026, 1 autre refus entre 14\N{NO-BREAK SPACE}h et 15\N{NO-BREAK SPACE}h.",
            31: "Le 1er août 2026, 1 autre refus entre 0\N{NO-BREAK SPACE}h et 1\N{NO-BREAK SPACE}h.",
        }[at.day]
    )
    assert "1\u202f234 autres refus" in counted_refusals("1", at, 1234).sentence
    removed = access_record("1", at, workshop, Accessed.DOSSIER, read, None)
    assert (
        removed.sentence
        == words + "le service a mis en page votre dossier pour un lien de partage."
    )
