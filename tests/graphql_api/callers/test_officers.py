"""Who may hand out codes: the officers of a collectivité, for that collectivité, and nobody else."""

from typing import Any

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import at_once, kinds, raw, whole
from tests.graphql_api.office import (
    BATCHES,
    BORDEAUX,
    FIND,
    ISSUE,
    LIST,
    OFFICER_OF,
    OFFICER_SCOPE,
    REVOKE,
    TOURS,
    codes_seen,
    issued,
    named,
    officer,
    offices,
    revoked,
    stored,
)

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def asked(caller: Caller, siret: str) -> list[str]:
    """The error codes of issuing and listing."""
    return [
        caller.error(ISSUE, siret=siret, count=1),
        *(caller.error(document, siret=siret) for document in (LIST, BATCHES)),
    ]


def print_job(here: Here) -> Caller:
    token = here.deployment.service.credentials.print_token(UNKNOWN_ID, UNKNOWN_ID)
    return Caller(here.client, token, "print")


def test_an_officer_sees_for_which_collectivites_they_are_one(here: Here) -> None:
    rh = officer(here)
    assert offices(rh) == [BORDEAUX]
    officer(here, siret=TOURS)
    assert offices(rh) == [BORDEAUX, TOURS]
    assert offices(here.caller("somebody", OFFICER_SCOPE)) == []


def test_an_officer_reads_what_the_operator_called_the_collectivite(here: Here) -> None:
    rh = officer(here)
    document = "{ officerOf { siret name label } }"
    nameless = {"name": None, "label": "Collectivité de SIRET 213 300 635 00017"}
    assert rh.ask(document) == {"officerOf": [{"siret": BORDEAUX} | nameless]}
    named(here, "Bordeaux")
    named(here, "Ville de Bordeaux")
    told = {"siret": BORDEAUX, "name": "Ville de Bordeaux", "label": "Ville de Bordeaux"}
    assert rh.ask(document) == {"officerOf": [told]}
    assert issued(rh)["localAuthority"] == told


def test_officers_of_one_collectivite_share_its_codes(here: Here) -> None:
    first, second = officer(here, "first"), officer(here, "second")
    issued(first, 2)
    assert codes_seen(first) == codes_seen(second)
    (one, _) = codes_seen(second)
    assert revoked(second, one["reference"])["__typename"] == "CodeRevoked"
    assert codes_seen(first)[0]["revoked"]


def test_an_officer_of_another_siret_neither_issues_sees_nor_revokes(here: Here) -> None:
    rh, stranger = officer(here), officer(here, "stranger", TOURS)
    issued(rh, 2)
    issued(stranger, 1, siret=TOURS)
    (row, _) = codes_seen(rh)
    before = stored(here)
    assert asked(stranger, BORDEAUX) == ["FORBIDDEN"] * 3
    assert stranger.error(REVOKE, siret=BORDEAUX, reference=row["reference"]) == "FORBIDDEN"
    assert revoked(stranger, row["reference"], TOURS)["__typename"] == "NotFound"
    (own,) = codes_seen(stranger, TOURS)
    page = stranger.ask(LIST, siret=TOURS, after=row["id"])["authorizationCodes"]
    assert page == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    assert own["id"] != row["id"]
    assert stored(here) == before


def test_what_is_another_s_and_what_does_not_exist_get_the_same_bytes(here: Here) -> None:
    rh, stranger = officer(here), officer(here, "stranger", TOURS)
    issued(rh)
    (row,) = codes_seen(rh)
    agent = here.caller("agent", OFFICER_SCOPE)
    names = [row["reference"], "0000-0000", "", "x", BORDEAUX, row["id"], "é" * 9_000]
    (answer,) = {raw(stranger, REVOKE, siret=TOURS, reference=name) for name in names}
    assert b"NOT_FOUND" in answer
    found = {raw(stranger, FIND, siret=TOURS, reference=name) for name in names}
    assert found == {b'{"data":{"authorizationCode":null}}'}
    for caller in (stranger, agent):
        sirets = [BORDEAUX, "21350238800019", "", "x", "21330063500018", "213 300 635 00017"]
        this = {"reference": row["reference"]}
        more_of = ((ISSUE, {"count": 1}), (LIST, {}), (BATCHES, {}), (FIND, this), (REVOKE, this))
        for document, more in more_of:
            answers = {
                caller.post({"query": document, "variables": {"siret": siret, **more}}).content
                for siret in sirets
            }
            assert len(answers) == 1
            assert b"FORBIDDEN" in answers.pop()


def test_a_wrong_siret_is_forbidden_before_its_batch_is_looked_at(here: Here) -> None:
    rh = officer(here)
    assert rh.error(ISSUE, siret="21330063500018", count=0) == "FORBIDDEN"
    assert rh.error(ISSUE, siret="213 300 635 00017", count=1) == "FORBIDDEN"


@pytest.mark.parametrize("siret", [5, None, True, ["21330063500017"], {}])
def test_a_siret_is_a_text(here: Here, siret: Any) -> None:
    rh = officer(here)
    before = stored(here)
    answer = rh.post({"query": ISSUE, "variables": {"siret": siret, "count": 1}})
    assert answer.status_code == 400
    assert stored(here) == before


@pytest.mark.parametrize("count", [0.5, "1", None, True, 2**31, -(2**31) - 1, [1], "NaN"])
def test_a_count_is_a_whole_number(here: Here, count: Any) -> None:
    rh = officer(here)
    before = stored(here)
    answer = rh.post({"query": ISSUE, "variables": {"siret": BORDEAUX, "count": count}})
    assert answer.status_code == 400
    assert stored(here) == before


@pytest.mark.parametrize("day", ["demain", "2027-02-30", "2027", "31/12/2027", 20271231, ""])
def test_a_last_day_is_a_day(here: Here, day: Any) -> None:
    rh = officer(here)
    before = stored(here)
    variables = {"siret": BORDEAUX, "count": 1, "until": day}
    assert rh.post({"query": ISSUE, "variables": variables}).status_code == 400
    assert stored(here) == before


def test_nobody_without_the_right_gets_further_than_the_door(here: Here) -> None:
    rh = officer(here)
    issued(rh)
    (row,) = codes_seen(rh)
    callers = {
        "UNAUTHENTICATED": here.nobody(),
        "FORBIDDEN": print_job(here),
        "INSUFFICIENT_SCOPE": here.caller("officer", "livret:read livret:write"),
    }
    with_booklet(here, "owner")
    before = stored(here)
    for code, caller in callers.items():
        assert asked(caller, BORDEAUX) == [code] * 3
        assert caller.error(REVOKE, siret=BORDEAUX, reference=row["reference"]) == code
        assert caller.error(OFFICER_OF) == code
    owner = here.caller("owner", f"{OFFICER_SCOPE} livret:read")
    assert asked(owner, BORDEAUX) == ["FORBIDDEN"] * 3
    assert owner.error(REVOKE, siret=BORDEAUX, reference=row["reference"]) == "FORBIDDEN"
    assert stored(here) == before


def test_the_scope_for_codes_gives_no_booklet(here: Here) -> None:
    with_booklet(here, "officer")
    rh = officer(here)
    assert rh.error("{ booklet { id } }") == "INSUFFICIENT_SCOPE"
    assert rh.error('mutation { bookletOpen(code: "x") { __typename } }') == "INSUFFICIENT_SCOPE"


def test_one_person_is_owner_and_officer_at_once(here: Here) -> None:
    owner = with_booklet(here, "both")
    before = whole(owner)
    rh = officer(here, "both")
    issued(rh)
    assert whole(owner) == before
    assert len(codes_seen(rh)) == 2  # the code that opened the booklet is of the same SIRET


def test_an_officer_learns_nothing_of_the_booklet_that_a_code_opened(here: Here) -> None:
    rh = officer(here)
    code = issued(rh)["codes"][0]
    agent = here.caller("agent")
    agent.do("mutation($c: String!) { bookletOpen(code: $c) { __typename } }", c=code)
    agent.do('mutation { charterAccept(version: "1") { __typename } }')
    text = repr(codes_seen(rh))
    assert whole(agent)["id"] not in text
    assert "agent" not in text


def test_batches_issued_at_once_are_all_there(here: Here) -> None:
    rh = officer(here)
    answers = at_once(*[lambda: rh.do(ISSUE, siret=BORDEAUX, count=5)] * 6)
    assert kinds(answers) == ["CodesIssued"] * 6
    made = [one for answer in answers for one in answer["codes"]]
    assert len({one["code"] for one in made}) == len({one["reference"] for one in made}) == 30
    assert len({row["id"] for row in codes_seen(rh)}) == 30
