"""How consents end but by withdrawal: by themselves, and with the booklet; what stays, and how long."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import (
    NARROW,
    WITHDRAW,
    change,
    consents,
    day,
    give,
    given,
    kinds_of_events,
    registered,
    rows,
    terms,
)
from tests.graphql_api.documents import ADD, at_once, entry
from tests.graphql_api.records.records import exported, upload
from tests.graphql_api.summaries.summaries import gone, ids, read


@pytest.fixture(autouse=True)
def site(here: Here) -> Caller:
    return registered(here)


def test_a_consent_ends_by_itself(here: Here, owner: Caller, site: Caller) -> None:
    first = given(here, owner, expiresOn=day(here, 3))
    here.clock.moved = timedelta(days=5)
    (seen,) = consents(owner)
    assert (seen["endedBy"], seen["endedAt"]) == ("EXPIRED", first["expiresAt"])
    refused = owner.do(NARROW, id=first["id"], version=1, sections=["COUNTS"])
    assert refused["__typename"] == "NotFound"
    assert owner.do(WITHDRAW, id=first["id"])["consent"] == seen
    assert ids(read(site)) == []
    second = given(here, owner)
    assert [one["endedBy"] for one in consents(owner)] == [None, "EXPIRED"]
    assert ids(read(site)) == [second["id"]]


def test_the_consents_of_a_booklet_have_a_bound(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.consents.consents.MAX_CONSENTS", 3)
    last = given(here, owner)
    for _ in range(2):
        last = given(here, owner, replaces=last["id"])
    refused = give(owner, terms(here), replaces=last["id"])
    assert (refused["__typename"], refused["limit"]) == ("LimitReached", 3)
    assert [one["endedBy"] for one in consents(owner)] == [None, "WITHDRAWN", "WITHDRAWN"]


def test_closing_leaves_a_stone_for_each_site_and_no_row_of_the_booklet(
    here: Here, owner: Caller, site: Caller
) -> None:
    elsewhere = registered(here, "53")
    mine = [given(here, owner)["id"], given(here, owner, site="53")["id"]]
    past = given(here, owner, "HOLDER", replaces=mine[0])["id"]
    owner.do(WITHDRAW, id=past)
    as_of = read(elsewhere)["asOf"]
    closer = here.caller("owner", signed_in_at=int(here.clock().timestamp()))
    assert close(closer)["__typename"] == "BookletClosed"
    assert rows(here, "consent") == rows(here, "past_consent") == []
    assert gone(read(elsewhere, since=as_of)) == [(mine[1], "CLOSED")]
    stones = set(rows(here, "summary_stone", "site", "id", "reason"))
    assert stones == {
        ("75", mine[0], "WITHDRAWN"),
        ("75", past, "WITHDRAWN"),
        ("53", mine[1], "CLOSED"),
    }
    assert kinds_of_events(here) == ["GIVEN", "GIVEN", "REVOKED", "GIVEN", "REVOKED", "CLOSED"]


def test_the_sweep_ends_what_has_expired_and_the_site_is_told_the_same_before_and_after(
    here: Here, owner: Caller, site: Caller, livret: Livret
) -> None:
    first = given(here, owner)
    as_of = read(site)["asOf"]
    change(here, "UPDATE consent SET expires_at = changed_at + 1")
    (told,) = read(site, since=as_of)["gone"]
    assert (told["id"], told["reason"]) == (first["id"], "EXPIRED")
    (seen,) = consents(owner)
    assert livret("sweep")[0] == 0
    assert rows(here, "consent") == []
    assert read(site, since=as_of)["gone"] == [told]
    assert consents(owner) == [seen]
    assert kinds_of_events(here) == ["GIVEN", "EXPIRED"]
    assert livret("sweep")[0] == 0
    assert kinds_of_events(here) == ["GIVEN", "EXPIRED"]


def test_the_sweep_leaves_live_consents_alone(here: Here, owner: Caller, livret: Livret) -> None:
    first = given(here, owner, expiresOn=day(here, 1))
    assert livret("sweep")[0] == 0
    assert consents(owner) == [first]


def test_many_consents_expire_in_batches_each_with_its_stone_and_its_event(
    here: Here, livret: Livret
) -> None:
    owners = [with_booklet(here, f"agent {number}") for number in range(5)]
    for one in owners:
        given(here, one)
    change(here, "UPDATE consent SET expires_at = changed_at + 1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("graphql_api.storage.communicated.consent_repository._BATCH", 2)
        assert livret("sweep")[0] == 0
    assert kinds_of_events(here) == ["GIVEN"] * 5 + ["EXPIRED"] * 5
    assert len(rows(here, "summary_stone")) == len(rows(here, "past_consent")) == 5
    assert livret("consents", "verify")[0] == 0


def test_what_ended_is_forgotten_after_thirteen_months_but_for_the_chain(
    here: Here, owner: Caller, livret: Livret
) -> None:
    for _ in range(2):
        owner.do(WITHDRAW, id=given(here, owner)["id"])
    old, young = [row[0] for row in rows(here, "past_consent", "id", "event")]
    for table, column in (("past_consent", "ended_at"), ("summary_stone", "at")):
        for id, days in ((old, 396), (young, 395)):
            back = days * 86_400_000_000
            change(here, f"UPDATE {table} SET {column} = {column} - {back} WHERE id = '{id}'")
    assert livret("sweep")[0] == 0
    assert [one["id"] for one in consents(owner)] == [young]
    assert [row[0] for row in rows(here, "summary_stone", "id", "at")] == [young]
    assert len(rows(here, "consent_event")) == 4
    assert livret("consents", "verify")[0] == 0


def test_an_event_tells_neither_a_booklet_nor_a_site_nor_the_time_of_a_closing(
    here: Here, owner: Caller
) -> None:
    first = given(here, owner, "HOLDER", purposeText="canari")
    closer = here.caller("owner", signed_in_at=int(here.clock().timestamp()))
    booklet = close(closer)["receipt"]["number"]
    events = sorted(rows(here, "consent_event"))
    assert [(number, kind) for number, _, kind, _, _ in events] == [(1, "GIVEN"), (2, "CLOSED")]
    for _, at, _, digest, hashed in events:
        assert len(digest) == len(hashed) == 64
        assert at % 86_400_000_000 == 0
    everything = str(events)
    for word in (booklet, first["id"], "canari", "HOLDER", "'75'"):
        assert word not in everything
    for word in (booklet, "canari", "HOLDER", "owner"):
        assert word not in str(rows(here, "summary_stone"))


def test_a_booklet_without_consents_closes_without_an_event(here: Here, owner: Caller) -> None:
    closer = here.caller("owner", signed_in_at=int(here.clock().timestamp()))
    assert close(closer)["__typename"] == "BookletClosed"
    assert rows(here, "consent_event") == rows(here, "summary_stone") == []


def test_a_site_that_reads_keeps_no_owner_from_anything_nor_is_kept(
    here: Here, site: Caller
) -> None:
    """All take their locks in one order: consents, then what they are about."""
    for number in range(2):
        closing, leaving, writing = (
            with_booklet(here, f"agent {number} {name}") for name in ("a", "b", "c")
        )
        ends = [given(here, one)["id"] for one in (closing, leaving, writing)]
        answers = at_once(
            partial(close, closing),
            partial(leaving.do, WITHDRAW, id=ends[1]),
            partial(writing.do, ADD, entry=entry("diploma")),
            partial(writing.do, NARROW, id=ends[2], version=1, sections=["COUNTS"]),
            *[partial(read, site)] * 4,
        )
        done = ["BookletClosed", "ConsentWithdrawn", "EntryAdded", "ConsentNarrowed"]
        assert [one["__typename"] for one in answers[:4]] == done
        assert ends[2] in ids(read(site))
        assert not set(ends[:2]) & set(ids(read(site)))


def test_the_record_tells_the_consents_and_takes_none_in(
    here: Here, owner: Caller, site: Caller
) -> None:
    first = given(here, owner, "HOLDER", "COUNTS", purposeText="Mon projet")
    live = given(here, owner, "COUNTS", replaces=first["id"])
    record = exported(owner)
    now, past = record["consents"]
    assert (now["id"], past["id"]) == (live["id"], first["id"])
    assert (now["site"], now["sections"], now["purpose"]) == ("75", ["COUNTS"], "CONSEIL_PARCOURS")
    assert (past["purposeText"], past["endedBy"]) == ("Mon projet", "WITHDRAWN")
    assert "endedAt" not in now
    other = with_booklet(here, "other")
    assert upload(other, record).status_code == 200
    assert consents(other) == []
    assert ids(read(site)) == [live["id"]]
