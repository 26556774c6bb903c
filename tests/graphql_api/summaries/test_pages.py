"""Keeping a copy: pages, cursors, what changed since, and what cannot be asked."""

import base64
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from graphql_api.serving import build_service
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import ConsentTable
from graphql_api.summaries.summaries import BEHIND
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import NARROW, WITHDRAW
from tests.graphql_api.documents import added
from tests.graphql_api.summaries.summaries import PAGE, gone, ids, read, registered


def consenting(here: Here, many: int) -> dict[str, Caller]:
    """Owners who consented, by the ids of their consents."""
    owners = [with_booklet(here, f"agent {number}") for number in range(many)]
    return {consent(here, owner, "HOLDER", "COUNTS"): owner for owner in owners}


def pages(site: Caller, first: int, **variables: Any) -> list[Any]:
    """All pages of a reading, to the last."""
    found = [read(site, first=first, **variables)]
    while found[-1]["pageInfo"]["hasNextPage"]:
        after = found[-1]["pageInfo"]["endCursor"]
        found.append(read(site, first=first, after=after, **variables))
    return found


def test_a_first_reading_goes_by_ids_and_ends(here: Here) -> None:
    site, given = registered(here), consenting(here, 5)
    found = pages(site, 2)
    assert [len(page["nodes"]) for page in found] == [2, 2, 1]
    assert [id for page in found for id in ids(page)] == sorted(given)
    assert {page["totalCount"] for page in found} == {5}
    assert len({page["asOf"] for page in found}) == 1
    exact = pages(site, 5)
    assert (len(exact), ids(exact[0])) == (1, sorted(given))


def test_a_second_reading_tells_changes_and_ends_in_the_order_of_time(here: Here) -> None:
    site, given = registered(here), consenting(here, 5)
    here.clock.moved = 2 * BEHIND
    since, (a, b, c, d, _) = read(site)["asOf"], given
    for id in (c, a):
        added(given[id], "diploma")
    given[d].do(WITHDRAW, id=d)
    added(given[b], "diploma")
    close(given[a])
    found = pages(site, 2, since=since)
    assert [ids(page) for page in found] == [[c], [b]]
    assert [gone(page) for page in found] == [[(d, "WITHDRAWN")], [(a, "CLOSED")]]
    assert {page["totalCount"] for page in found} == {3}
    assert len({page["asOf"] for page in found}) == 1


def test_as_of_is_two_minutes_behind(here: Here) -> None:
    as_of = datetime.fromisoformat(read(registered(here))["asOf"])
    behind = here.clock() - as_of
    assert BEHIND <= behind < BEHIND + timedelta(seconds=30)
    assert timedelta(minutes=2) == BEHIND


def test_what_is_committed_after_a_reading_that_it_precedes_is_told_by_the_next(here: Here) -> None:
    """On PostgreSQL others read while a change is under way, which bears the time of its beginning."""
    site, given = registered(here), consenting(here, 2)
    late = min(given)
    here.clock.moved = 2 * BEHIND
    since = read(site)["asOf"]
    service = build_service(here.deployment.settings, here.clock)
    began = to_microseconds(here.clock())
    with service.store.writing():
        service.store.run(ConsentTable.update(changed_at=began).where(ConsentTable.id == late))
        if here.kind == "postgresql":
            meanwhile = read(site, since=since)
            assert ids(meanwhile) == []
            since = meanwhile["asOf"]
    service.close()
    assert ids(read(site, since=since)) == [late]


def test_a_cursor_serves_its_own_site_and_reading_only(here: Here) -> None:
    site, other = registered(here), registered(here, "53")
    given = consenting(here, 3)
    for owner in given.values():
        consent(here, owner, "COUNTS", site="53")
    since = (here.clock() - timedelta(days=1)).isoformat()
    earlier = (here.clock() - timedelta(days=2)).isoformat()
    whole, changes = read(site, first=1), read(site, first=1, since=since)
    cursor, of_changes = (page["pageInfo"]["endCursor"] for page in (whole, changes))
    assert len(ids(read(site, after=cursor))) == 2
    assert len(ids(read(site, after=of_changes, since=since))) == 2
    raw = base64.urlsafe_b64decode(cursor + "==")
    altered = [
        base64.urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        .decode()
        .rstrip("=")
        for at in range(len(raw))
    ]
    strange = ["", "x", "=", "é", "\u0000", cursor[:-4], cursor + "AAAA", cursor * 50, *given]
    refused = [(site, one, None) for one in [*altered, *strange, of_changes]]
    refused += [(other, cursor, None), (other, of_changes, since)]
    refused += [(site, cursor, since), (site, of_changes, earlier)]
    answers = set()
    for caller, after, asked in refused:
        answer = caller.post({"query": PAGE, "variables": {"after": after, "since": asked}})
        if after == "\u0000":
            assert answer.status_code == 400
            continue
        assert answer.status_code == 200, after
        answers.add(answer.content)
    (only,) = answers
    assert b'"code":"INVALID_CURSOR"' in only


def test_a_cursor_tells_nothing_of_the_site_or_of_anybody(here: Here) -> None:
    site, given = registered(here), consenting(here, 2)
    raw = base64.urlsafe_b64decode(read(site, first=1)["pageInfo"]["endCursor"] + "==")
    assert min(given).encode() in raw
    assert b"75" not in raw.replace(min(given).encode(), b"")[16:-16]


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_has_from_1_to_100_summaries(here: Here, first: int) -> None:
    site = registered(here)
    assert site.error(PAGE, first=first) == "BAD_USER_INPUT"
    assert read(site, first=100)["nodes"] == read(site, first=1)["nodes"] == []


def test_a_moment_to_come_or_too_long_ago_is_refused(here: Here) -> None:
    site, now = registered(here), here.clock()

    def code(moment: datetime) -> str:
        return site.error(PAGE, since=moment.isoformat())

    assert code(now + timedelta(minutes=1)) == "BAD_USER_INPUT"
    assert code(now.replace(tzinfo=None)) == "BAD_USER_INPUT"
    assert code(now - timedelta(days=367)) == "RESYNCHRONISATION_REQUIRED"
    assert code(datetime.min.replace(tzinfo=now.tzinfo)) == "RESYNCHRONISATION_REQUIRED"
    assert read(site, since=(now - timedelta(days=365)).isoformat())["nodes"] == []
    assert read(site, since=now.isoformat())["nodes"] == []


@pytest.mark.parametrize(
    "written",
    ["", "hier", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T24:00:00Z", 5],
)
def test_what_is_no_moment_is_refused_and_no_fault(here: Here, written: object) -> None:
    site = registered(here)
    answer = site.post({"query": PAGE, "variables": {"since": written}})
    assert answer.status_code in (200, 400)
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "RESYNCHRONISATION_REQUIRED")


def test_a_copy_that_follows_the_changes_is_what_is_read_anew(here: Here) -> None:
    """Whatever owners do between two readings, in any order, on pages of whatever size."""
    chance = random.Random(here.kind)
    site = registered(here)
    owners = [with_booklet(here, f"agent {number}") for number in range(4)]
    live: dict[str, Caller] = {}
    copy: dict[str, Any] = {}
    since = None
    for _ in range(14):
        for _ in range(chance.randint(0, 3)):
            act(here, chance, owners, live)
        here.clock.moved += timedelta(days=chance.choice([0, 1, 20]))
        found = pages(site, chance.randint(1, 4), since=since)
        for page in found:
            for one in page["gone"]:
                copy.pop(one["id"], None)
            copy |= {one["id"]: one for one in page["nodes"]}
        since = found[0]["asOf"]
        anew = {one["id"]: one for page in pages(site, 100) for one in page["nodes"]}
        assert copy == anew
        assert found[-1]["totalCount"] == len(anew)


def act(here: Here, chance: random.Random, owners: list[Caller], live: dict[str, Caller]) -> None:
    """One of the things that owners do."""
    owner = chance.choice(owners)
    mine = [id for id, of in live.items() if of is owner]
    if not mine:
        live[consent(here, owner, "HOLDER", "COUNTS", days=chance.choice([10, 60]))] = owner
        return
    (id,) = mine
    what = chance.choice(["write", "write", "narrow", "withdraw", "widen"])
    if what == "write":
        added(owner, "diploma")
    elif what == "narrow":
        owner.do(NARROW, id=id, version=1, sections=["COUNTS"])
    elif owner.do(WITHDRAW, id=id)["__typename"] == "ConsentWithdrawn":
        del live[id]
        if what == "widen":
            live[consent(here, owner, days=15)] = owner
