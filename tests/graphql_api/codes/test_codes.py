"""Authorization codes: issued, listed, used, revoked, by the officers of a collectivité."""

import math
import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from graphql import build_schema

from graphql_api.codes.codes import ALPHABET, new_code
from tests.conftest import OPEN, Caller, Here
from tests.graphql_api.documents import ACCEPT, CODE, at_once, kinds, raw, refused, whole
from tests.graphql_api.office import (
    BORDEAUX,
    ISSUE,
    REVOKE,
    TOURS,
    codes_seen,
    issued,
    listed,
    officer,
    revoked,
    stored,
)

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def rh(here: Here) -> Caller:
    """An HR officer of Bordeaux."""
    return officer(here)


def begun(here: Here, name: str, code: str) -> Caller:
    """Somebody who opened a booklet with that code and accepted the charter."""
    agent = here.caller(name)
    assert agent.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert agent.do(ACCEPT, version="1")["__typename"] == "CharterAccepted"
    return agent


def test_a_batch_has_as_many_codes_as_were_asked_for_and_each_opens_a_booklet(
    here: Here, rh: Caller
) -> None:
    batch = issued(rh, 3)
    assert (batch["localAuthority"]["siret"], batch["uses"]) == (BORDEAUX, 1)
    assert len(set(batch["codes"])) == 3
    for number, code in enumerate(batch["codes"]):
        begun(here, f"agent-{number}", code)


def test_a_code_has_eighty_random_bits_in_a_form_that_people_can_type() -> None:
    codes = [new_code() for _ in range(400)]
    assert len(set(codes)) == 400
    assert all(re.fullmatch(rf"[{ALPHABET}]{{5}}(-[{ALPHABET}]{{5}}){{3}}", one) for one in codes)
    assert 20 * math.log2(len(ALPHABET)) >= 80
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    for place in range(23):  # no place has a fixed letter
        assert len({code[place] for code in codes}) > 1 or codes[0][place] == "-"


def test_a_code_is_valid_to_the_end_of_its_last_day_in_france(here: Here, rh: Caller) -> None:
    last = here.clock.today + timedelta(days=30)
    for until, day in ((last.isoformat(), last), (None, here.clock.today + timedelta(days=365))):
        made = issued(rh, until=until)
        assert made["lastDay"] == codes_seen(rh)[0]["lastDay"] == str(day)
        ends = datetime.fromisoformat(made["expiresAt"]).astimezone(PARIS)
        assert (ends.date(), ends.hour, ends.minute) == (day + timedelta(days=1), 0, 0)


def test_a_code_of_today_serves_until_midnight_and_no_longer(here: Here, rh: Caller) -> None:
    here.clock.stop(here.clock())
    batch = issued(rh, 2, until=here.clock.today.isoformat())
    left = datetime.fromisoformat(batch["expiresAt"]) - here.clock()
    here.clock.moved = left - timedelta(seconds=1)
    begun(here, "early", batch["codes"][0])
    here.clock.moved = left
    assert here.caller("late").do(CODE, code=batch["codes"][1])["code"] == "INVALID_CODE"


def test_the_limits_of_a_batch_are_told_all_at_once_and_nothing_is_made(
    here: Here, rh: Caller
) -> None:
    before = stored(here)
    day = timedelta(days=1)
    for count, uses, until in (
        (0, 0, here.clock.today - day),
        (-1, -1, here.clock.today + timedelta(days=731)),
        (501, 1001, "0001-01-01"),
        (2**31 - 1, 2**31 - 1, "9999-12-31"),
    ):
        answer = rh.do(ISSUE, siret=BORDEAUX, count=count, uses=uses, until=str(until))
        assert refused(answer) == [
            ("count", "OUT_OF_RANGE"),
            ("uses", "OUT_OF_RANGE"),
            ("expiresOn", "DATE_OUT_OF_RANGE"),
        ]
    assert stored(here) == before


def test_the_limits_themselves_are_allowed(here: Here, rh: Caller) -> None:
    farthest = here.clock.today + timedelta(days=730)
    batch = issued(rh, 500, uses=1000, until=farthest.isoformat())
    assert len(set(batch["codes"])) == 500


def test_no_table_holds_a_code_however_it_may_be_spelled(here: Here, rh: Caller) -> None:
    codes = issued(rh, 20)["codes"]
    here.caller("agent").do(OPEN, code=codes[0])
    begun(here, "other", codes[1])
    everything = repr(stored(here)).upper()
    assert everything.count("21330063500017") >= 20
    for code in codes:
        plain = code.replace("-", "")
        assert plain not in everything
        assert not any(group in everything.split("'") for group in code.split("-"))
        assert plain.encode().hex().upper() not in everything


def test_a_later_list_does_not_show_the_codes_again(rh: Caller) -> None:
    codes = issued(rh, 5)["codes"]
    text = repr(codes_seen(rh))
    assert not any(code in text or code.replace("-", "") in text for code in codes)


def test_the_list_is_the_same_whether_a_code_was_used_or_not(here: Here, rh: Caller) -> None:
    code = issued(rh, 2)["codes"][0]
    before = codes_seen(rh)
    begun(here, "agent", code)
    assert codes_seen(rh) == before


def test_the_type_of_a_code_has_nothing_more_to_tell(here: Here) -> None:
    schema = build_schema(here.client.get("/schema.graphql").text)
    fields = {
        name: {field: str(one.type) for field, one in schema.get_type(name).fields.items()}
        for name in ("AuthorizationCode", "AuthorizationCodeConnection", "AuthorizationCodeEdge")
    }
    assert fields == {
        "AuthorizationCode": {
            "id": "ID!",
            "reference": "String!",
            "batch": "ID!",
            "createdAt": "DateTime!",
            "expiresAt": "DateTime!",
            "lastDay": "Date!",
            "expired": "Boolean!",
            "revoked": "Boolean!",
        },
        "AuthorizationCodeConnection": {
            "edges": "[AuthorizationCodeEdge!]!",
            "pageInfo": "PageInfo!",
            "nodes": "[AuthorizationCode!]!",
        },
        "AuthorizationCodeEdge": {"cursor": "String!", "node": "AuthorizationCode!"},
    }


def test_a_code_that_was_typed_but_not_accepted_is_unused(here: Here, rh: Caller) -> None:
    code = issued(rh)["codes"][0]
    before = codes_seen(rh)
    agent = here.caller("agent")
    agent.do(OPEN, code=code)
    assert codes_seen(rh) == before
    agent.do("mutation { charterRefuse { __typename } }")
    assert codes_seen(rh) == before
    begun(here, "agent", code)


def test_pages_follow_each_other_without_gap_or_repeat_while_codes_are_made(rh: Caller) -> None:
    batches = [issued(rh, 4)["batch"] for _ in range(3)]
    seen: list[Any] = []
    after = None
    while True:
        page = listed(rh, first=5, after=after)
        seen += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        issued(rh, 2)
        revoked(rh, seen[0]["reference"])
    assert [code["batch"] for code in seen] == [batch for batch in batches[::-1] for _ in range(4)]
    assert len({code["id"] for code in seen}) == 12


@pytest.mark.parametrize(("first", "found"), [(-1, 0), (0, 0), (1, 1), (7, 7), (100, 7), (9999, 7)])
def test_a_page_has_at_most_what_was_asked_for(rh: Caller, first: int, found: int) -> None:
    issued(rh, 7)
    page = listed(rh, first=first)
    assert len(page["nodes"]) == found
    assert page["pageInfo"]["hasNextPage"] is (first == 1)
    assert (page["pageInfo"]["endCursor"] is None) is (found == 0)


def test_a_page_has_at_most_a_hundred(rh: Caller) -> None:
    issued(rh, 101)
    page = listed(rh, first=500)
    assert len(page["nodes"]) == 100
    assert len(listed(rh, first=500, after=page["pageInfo"]["endCursor"])["nodes"]) == 1


@pytest.mark.parametrize("after", ["", "x", "é" * 5_000, "1 OR 1=1"])
def test_a_cursor_that_is_none_gives_an_empty_page(rh: Caller, after: str) -> None:
    issued(rh, 2)
    assert listed(rh, after=after) == {
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


def test_a_revoked_code_opens_nothing_and_what_it_opened_stays(here: Here, rh: Caller) -> None:
    codes = issued(rh, 1, uses=3)["codes"]
    opened = begun(here, "opened", codes[0])
    waiting = here.caller("waiting")
    waiting.do(OPEN, code=codes[0])
    before = whole(opened)
    (row,) = codes_seen(rh)
    answer = revoked(rh, row["reference"])
    assert answer["authorizationCode"] == row | {"revoked": True}
    assert here.caller("new").do(CODE, code=codes[0])["code"] == "INVALID_CODE"
    assert waiting.do(ACCEPT, version="1")["code"] == "INVALID_CODE"
    assert whole(waiting)["state"] == "CODE_GIVEN"
    assert whole(opened) == before
    assert codes_seen(rh) == [row | {"revoked": True}]


def test_revoking_twice_is_revoking_once(rh: Caller) -> None:
    issued(rh)
    (row,) = codes_seen(rh)
    again = {raw(rh, REVOKE, siret=BORDEAUX, reference=row["reference"]) for _ in range(2)}
    assert len(again) == 1


def test_every_code_that_does_not_serve_is_refused_in_the_same_bytes(
    here: Here, rh: Caller
) -> None:
    other = officer(here, "other-rh", TOURS)
    batch = issued(rh, 3, until=here.clock.today.isoformat())
    there = issued(other, 2, siret=TOURS)
    used, withdrawn, expired = batch["codes"]
    used_there, withdrawn_there = there["codes"]
    begun(here, "one", used)
    begun(here, "two", used_there)
    here.clock.moved = timedelta(days=2)
    for by, siret, made in ((rh, BORDEAUX, batch), (other, TOURS, there)):
        answer = revoked(by, made["references"][1], siret)
        assert answer["__typename"] == "CodeRevoked"
    agent = here.caller("agent")
    typed = [used, withdrawn, expired, used_there, withdrawn_there, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"]
    (answer,) = {raw(agent, CODE, code=code) for code in typed}
    assert b"INVALID_CODE" in answer
    assert whole(agent) is None


def test_a_code_for_three_opens_three_booklets_when_seven_accept_at_once(
    here: Here, rh: Caller
) -> None:
    code = issued(rh, 1, uses=3)["codes"][0]
    people = [here.caller(f"agent-{number}") for number in range(7)]
    for one in people:
        one.do(OPEN, code=code)
    answers = at_once(*(partial(one.do, ACCEPT, version="1") for one in people))
    assert kinds(answers) == ["CharterAccepted"] * 3 + ["InvalidCode"] * 4
    states = [whole(one)["state"] for one in people]
    assert sorted(states) == ["CHARTER_ACCEPTED"] * 3 + ["CODE_GIVEN"] * 4
    assert here.caller("late").do(CODE, code=code)["code"] == "INVALID_CODE"


def test_revoking_and_accepting_at_once_leaves_one_of_the_two_first(here: Here, rh: Caller) -> None:
    for number in range(5):
        code = issued(rh)["codes"][0]
        agent = here.caller(f"agent-{number}")
        agent.do(OPEN, code=code)
        reference = codes_seen(rh)[0]["reference"]
        accepted, answer = at_once(
            partial(agent.do, ACCEPT, version="1"), partial(revoked, rh, reference)
        )
        assert answer["authorizationCode"]["revoked"]
        assert accepted["__typename"] in ("CharterAccepted", "InvalidCode")
        (uses,) = here.deployment.store.database.execute_sql(
            f"SELECT uses FROM authorization_code WHERE reference = '{reference}'"
        ).fetchone()
        assert (uses == 1) == (accepted["__typename"] == "CharterAccepted")


def test_codes_are_made_once_under_a_key_and_shown_once(here: Here, rh: Caller) -> None:
    first = issued(rh, 2, key="k" * 100)
    before = stored(here)
    for count in (2, 3):
        again = rh.do(ISSUE, siret=BORDEAUX, count=count, key="k" * 100)
        assert (again["__typename"], again["batch"]) == ("CodesAlreadyIssued", first["batch"])
        assert again["code"] == "CODES_ALREADY_ISSUED"
    assert stored(here) == before
    assert issued(rh, 2, key="other")["batch"] != first["batch"]


def test_a_key_is_one_person_s_and_one_collectivite_s(here: Here, rh: Caller) -> None:
    second = officer(here, "second")
    officer(here, "second", TOURS)
    made = [issued(rh, key="1"), issued(second, key="1"), issued(second, siret=TOURS, key="1")]
    assert len({one["batch"] for one in made}) == 3


def test_a_refused_request_leaves_its_key_free(here: Here, rh: Caller) -> None:
    assert rh.do(ISSUE, siret=BORDEAUX, count=0, key="1")["__typename"] == "InvalidEntry"
    issued(rh, key="1")


def test_of_equal_requests_at_once_one_makes_codes(here: Here, rh: Caller) -> None:
    answers = at_once(*[lambda: rh.do(ISSUE, siret=BORDEAUX, count=3, key="1")] * 6)
    assert kinds(answers) == ["CodesAlreadyIssued"] * 5 + ["CodesIssued"]
    assert len(codes_seen(rh)) == 3


@pytest.mark.parametrize(("key", "fault"), [("", "REQUIRED"), ("k" * 101, "TOO_LONG")])
def test_a_key_has_one_to_a_hundred_characters(rh: Caller, key: str, fault: str) -> None:
    answer = rh.do(ISSUE, siret=BORDEAUX, count=1, key=key)
    assert refused(answer) == [("idempotencyKey", fault)]


def test_the_form_says_what_may_be_asked_for(here: Here) -> None:
    document = "{ codesForm { key kind required minimum maximum suggested } }"
    count, uses, until = here.nobody().ask(document)["codesForm"]
    assert (count["key"], count["required"], count["maximum"]) == ("count", True, 500)
    assert (uses["key"], uses["suggested"], uses["maximum"]) == ("uses", "1", 1000)
    assert (until["key"], until["kind"], until["required"]) == ("expiresOn", "DAY", False)
