"""Batches of codes: totals, and of those that were used only where they hide who it was."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from graphql import build_schema

from tests.conftest import OPEN, Caller, Here
from tests.graphql_api.documents import ACCEPT, raw, whole
from tests.graphql_api.office import (
    BATCH,
    BATCHES,
    BORDEAUX,
    FIND,
    LIST,
    REVOKE,
    REVOKE_BATCH,
    TOURS,
    batches_seen,
    codes_seen,
    issued,
    listed,
    officer,
    revoked,
)


@pytest.fixture
def rh(here: Here) -> Caller:
    """An HR officer of Bordeaux."""
    return officer(here)


def use(here: Here, *codes: str) -> list[Caller]:
    """People who opened a booklet, each with one of the codes."""
    people = [here.caller(f"agent-{number}-{code}") for number, code in enumerate(codes)]
    for person, code in zip(people, codes, strict=True):
        assert person.do(OPEN, code=code)["__typename"] == "BookletOpened"
        assert person.do(ACCEPT, version="1")["__typename"] == "CharterAccepted"
    return people


def test_a_batch_is_told_in_totals(here: Here, rh: Caller) -> None:
    made = issued(rh, 12, uses=2)
    use(here, *made["codes"][:3], made["codes"][0])
    revoked(rh, made["references"][0])
    (batch,) = batches_seen(rh)
    assert batch.pop("createdAt") == codes_seen(rh)[0]["createdAt"]
    assert batch == {
        "id": made["batch"],
        "expiresAt": made["expiresAt"],
        "lastDay": made["lastDay"],
        "expired": False,
        "uses": 2,
        "count": 12,
        "revoked": 1,
        "used": 3,
    }


@pytest.mark.parametrize(("count", "told"), [(1, None), (10, None), (11, 1)])
def test_how_many_were_used_is_told_of_eleven_codes_or_more(
    here: Here, rh: Caller, count: int, told: int | None
) -> None:
    codes = issued(rh, count)["codes"]
    use(here, codes[0])
    assert [batch["used"] for batch in batches_seen(rh)] == [told]


def test_a_small_batch_reads_the_same_whether_its_codes_were_used_or_not(
    here: Here, rh: Caller
) -> None:
    made = issued(rh, 10)
    asked = (
        partial(raw, rh, BATCHES, siret=BORDEAUX),
        partial(raw, rh, LIST, siret=BORDEAUX),
        partial(raw, rh, LIST, siret=BORDEAUX, batch=made["batch"]),
        partial(raw, rh, FIND, siret=BORDEAUX, reference=made["references"][0]),
    )
    before = [ask() for ask in asked]
    use(here, *made["codes"])
    assert [ask() for ask in asked] == before


def test_revoking_a_used_code_is_answered_as_for_any_other_and_its_booklet_stays(
    here: Here, rh: Caller
) -> None:
    made = issued(rh, 3)
    (owner,) = use(here, made["codes"][0])
    waiting = here.caller("waiting")
    waiting.do(OPEN, code=made["codes"][1])
    before = whole(owner)
    rows = {row["reference"]: row for row in codes_seen(rh)}
    answers = set()
    for reference in made["references"]:
        said = raw(rh, REVOKE, siret=BORDEAUX, reference=reference).decode()
        answers.add(said.replace(reference, "").replace(rows[reference]["id"], ""))
    assert len(answers) == 1
    assert '"revoked":true' in answers.pop()
    assert whole(owner) == before
    assert whole(waiting)["state"] == "CODE_GIVEN"


def test_a_batch_is_revoked_as_a_whole_and_nothing_else_with_it(here: Here, rh: Caller) -> None:
    made, kept = issued(rh, 3), issued(rh, 1)
    (owner,) = use(here, made["codes"][0])
    before = whole(owner)
    for _ in range(2):
        answer = rh.do(REVOKE_BATCH, siret=BORDEAUX, id=made["batch"])
        told = {"id": made["batch"], "count": 3, "revoked": 3, "used": None}
        assert answer == {"__typename": "CodeBatchRevoked", "codeBatch": told}
    assert whole(owner) == before
    left = [row["reference"] for row in codes_seen(rh) if not row["revoked"]]
    assert left == kept["references"]


def test_a_batch_of_another_collectivite_is_not_revoked(here: Here, rh: Caller) -> None:
    theirs = issued(officer(here, "other", TOURS), 1, siret=TOURS)["batch"]
    answers = {raw(rh, REVOKE_BATCH, siret=BORDEAUX, id=id) for id in (theirs, "x", "", BORDEAUX)}
    assert len(answers) == 1
    assert b"NOT_FOUND" in answers.pop()
    assert rh.error(REVOKE_BATCH, siret=TOURS, id=theirs) == "FORBIDDEN"
    assert not codes_seen(here.caller("other", "rh:codes"), TOURS)[0]["revoked"]


def test_what_has_expired_is_said_to_have(here: Here, rh: Caller) -> None:
    issued(rh, until=here.clock.today.isoformat())
    assert not batches_seen(rh)[0]["expired"]
    assert not codes_seen(rh)[0]["expired"]
    here.clock.moved = timedelta(days=2)
    assert batches_seen(rh)[0]["expired"]
    assert codes_seen(rh)[0]["expired"]


def test_one_batch_is_read_by_its_id(here: Here, rh: Caller) -> None:
    made = issued(rh, 11)
    use(here, made["codes"][0])
    other = issued(officer(here, "other", TOURS), 1, siret=TOURS)
    read = {"id": made["batch"], "count": 11, "revoked": 0, "used": 1, "lastDay": made["lastDay"]}
    assert rh.ask(BATCH, siret=BORDEAUX, id=made["batch"]) == {"codeBatch": read}
    for absent in (other["batch"], "x", ""):
        assert rh.ask(BATCH, siret=BORDEAUX, id=absent) == {"codeBatch": None}


def test_batches_of_another_collectivite_are_not_there(here: Here, rh: Caller) -> None:
    other = officer(here, "other", TOURS)
    made, theirs = issued(rh, 2), issued(other, 3, siret=TOURS)
    assert [batch["id"] for batch in batches_seen(rh)] == [made["batch"]]
    assert [batch["count"] for batch in batches_seen(other, TOURS)] == [3]
    assert listed(rh, batch=theirs["batch"])["nodes"] == []
    after = rh.ask(BATCHES, siret=BORDEAUX, after=theirs["batch"])["codeBatches"]
    assert after == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


def test_the_codes_of_one_batch_are_listed_alone(rh: Caller) -> None:
    first, second = issued(rh, 3), issued(rh, 2)
    for made in (first, second):
        rows = listed(rh, batch=made["batch"])["nodes"]
        assert {row["reference"] for row in rows} == set(made["references"])


def test_pages_of_batches_follow_each_other_without_gap_or_repeat(here: Here, rh: Caller) -> None:
    here.clock.stop(here.clock())  # some at one instant
    made = [issued(rh)["batch"] for _ in range(3)]
    here.clock.moved = timedelta(minutes=1)
    made += [issued(rh)["batch"] for _ in range(4)]
    seen: list[Any] = []
    after = None
    while True:
        page = rh.ask(BATCHES, siret=BORDEAUX, first=2, after=after)["codeBatches"]
        seen += [batch["id"] for batch in page["nodes"]]
        info = page["pageInfo"]
        after = info["endCursor"] if info["hasNextPage"] else None
        if after is None:
            break
    assert sorted(seen) == sorted(made)
    assert set(seen[:4]) == set(made[3:])


def test_no_type_of_an_officer_says_that_one_code_was_used(here: Here) -> None:
    schema = build_schema(here.client.get("/schema.graphql").text)
    for name in ("AuthorizationCode", "AuthorizationCodeConnection", "CodeRevoked", "CodesIssued"):
        assert "used" not in schema.get_type(name).fields
    assert str(schema.get_type("CodeBatch").fields["used"].type) == "Int"
