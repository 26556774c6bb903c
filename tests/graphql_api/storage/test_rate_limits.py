"""Secrets tried in vain: ten times within an hour, then not at all for a while."""

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.serving import build_service
from graphql_api.storage import rate_limits
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.operation import digest
from graphql_api.storage.rate_limits import Limit
from tests.client import TestClient
from tests.conftest import OPEN, SERVICE, Caller, Here, with_booklet
from tests.graphql_api.documents import ADD, SAY_WHO, at_once, entry, kinds, raw, whole

WRONG = "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"
TRY = """mutation($code: String!) { bookletOpen(code: $code) {
  __typename ... on Refusal { code message } ... on TooManyAttempts { retryAfter }
} }"""
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def tried(caller: Caller, times: int, code: str = WRONG) -> list[str]:
    """The codes of the refusals of so many attempts."""
    return [caller.do(TRY, code=code)["code"] for _ in range(times)]


def counted(here: Here) -> list[Any]:
    database = here.deployment.store.database
    return [row[0] for row in database.execute_sql("SELECT count FROM attempt ORDER BY count")]


def test_after_ten_wrong_codes_not_even_a_right_one_is_looked_at(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    assert tried(agent, 10) == ["INVALID_CODE"] * 10
    for typed in (WRONG, code):
        answer = agent.do(TRY, code=typed)
        assert (answer["__typename"], answer["code"]) == ("TooManyAttempts", "TOO_MANY_ATTEMPTS")
        assert 3_500 < answer["retryAfter"] <= 3_601
        assert answer["message"]
    assert whole(agent) is None
    assert counted(here) == [10]


def test_nine_wrong_codes_leave_one_more_attempt(here: Here) -> None:
    agent = here.caller("agent")
    assert tried(agent, 9) == ["INVALID_CODE"] * 9
    assert agent.do(TRY, code=here.code())["__typename"] == "BookletOpened"


def test_other_people_are_not_held_up(here: Here) -> None:
    tried(here.caller("agent"), 10)
    other = here.caller("other")
    assert other.do(TRY, code=WRONG)["code"] == "INVALID_CODE"
    assert other.do(TRY, code=here.code())["__typename"] == "BookletOpened"


def test_another_token_of_the_same_person_is_held_up_too(here: Here) -> None:
    tried(here.caller("agent"), 10)
    again = here.caller("agent", "livret:write")
    assert again.do(TRY, code=here.code())["code"] == "TOO_MANY_ATTEMPTS"


def from_address(here: Here, name: str, address: str) -> Caller:
    """That person, at that address."""
    client = TestClient(here.client.app, SERVICE, client=(address, 1))
    client.portal = here.client.portal
    return Caller(client, here.caller(name).token, name)


def test_wrong_codes_of_many_people_count_for_their_address_too(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an IPv6 network of 64 bits all addresses are one, and people elsewhere go on."""
    monkeypatch.setattr(rate_limits, "FAILED_CODES_OF_ADDRESS", Limit("code address", 5))
    code = here.code()
    for number in range(5):
        guesser = from_address(here, f"guesser {number}", f"2001:db8::{number}")
        assert tried(guesser, 1) == ["INVALID_CODE"]
    assert tried(from_address(here, "another", "2001:db8::9"), 2, code) == ["TOO_MANY_ATTEMPTS"] * 2
    assert counted(here) == [1, 1, 1, 1, 1, 5]
    for name, address in (("another", "2001:db8:0:1::9"), ("guesser 1", "192.0.2.7")):
        assert tried(from_address(here, name, address), 1) == ["INVALID_CODE"]
    for address in ("127.0.0.1", "::1"):  # a proxy that names nobody, or the print workshop
        assert tried(from_address(here, "local", address), 3) == ["INVALID_CODE"] * 3
    here.clock.moved = HOUR + SECOND
    office = from_address(here, "another", "2001:db8::9")
    assert office.do(OPEN, code=code)["__typename"] == "BookletOpened"


def test_the_counter_of_an_address_does_not_tell_it(here: Here) -> None:
    """Addresses are few: whoever has a hash of one without a key tries them all."""
    tried(from_address(here, "agent", "192.0.2.7"), 1)
    database = here.deployment.store.database
    kept = {row[0] for row in database.execute_sql("SELECT counter FROM attempt").fetchall()}
    assert len(kept) == 2
    texts = ("192.0.2.7", "code|192.0.2.7", "code address|192.0.2.7")
    assert not kept & {digest(text) for text in texts}


def test_the_wait_ends_an_hour_after_the_first_attempt(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    tried(agent, 1)
    here.clock.moved = 40 * MINUTE
    tried(agent, 9)
    waits = []
    for moved in (41 * MINUTE, 50 * MINUTE, 59 * MINUTE + 50 * SECOND):
        here.clock.moved = moved
        waits.append(agent.do(TRY, code=code)["retryAfter"])
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] <= 11
    here.clock.moved = HOUR + SECOND
    assert agent.do(TRY, code=code)["__typename"] == "BookletOpened"


def test_waiting_as_long_as_was_said_is_enough(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    tried(agent, 10)
    wait = agent.do(TRY, code=code)["retryAfter"]
    here.clock.moved = wait * SECOND
    assert agent.do(TRY, code=code)["__typename"] == "BookletOpened"


def test_after_the_wait_counting_begins_anew(here: Here) -> None:
    agent = here.caller("agent")
    tried(agent, 10)
    here.clock.moved = HOUR + SECOND
    assert tried(agent, 11) == ["INVALID_CODE"] * 10 + ["TOO_MANY_ATTEMPTS"]
    here.clock.moved = 2 * HOUR + 2 * SECOND
    assert tried(agent, 1) == ["INVALID_CODE"]
    assert counted(here) == [1]


def test_waiting_in_vain_does_not_make_the_wait_longer(here: Here) -> None:
    agent = here.caller("agent")
    tried(agent, 10)
    here.clock.moved = 30 * MINUTE
    assert set(tried(agent, 20)) == {"TOO_MANY_ATTEMPTS"}
    here.clock.moved = HOUR + SECOND
    assert tried(agent, 1) == ["INVALID_CODE"]


def test_a_counter_outlives_the_refusal_that_undoes_all_else(here: Here) -> None:
    agent = here.caller("agent")
    tried(agent, 3)
    assert counted(here) == [3]
    database = here.deployment.store.database
    for table in ("person", "identity", "booklet", "booklet_section"):
        assert database.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)


def test_the_same_wrong_code_counts_each_time_and_a_right_one_never(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    tried(agent, 2)
    for _ in range(12):
        assert agent.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert counted(here) == [2]


def test_other_refusals_count_for_nothing(here: Here) -> None:
    agent = here.caller("agent")
    for _ in range(3):
        agent.do(ADD, entry=entry("diploma"))
        agent.do(SAY_WHO, identity={}, version=0)
    owner = with_booklet(here, "owner")
    assert owner.do(TRY, code=WRONG)["code"] == "WRONG_STATE"
    assert counted(here) == []


def test_wrong_codes_at_once_all_count(here: Here) -> None:
    agent = here.caller("agent")
    answers = at_once(*[lambda: agent.do(TRY, code=WRONG)] * 8)
    assert kinds(answers) == ["InvalidCode"] * 8
    assert counted(here) == [8]
    assert tried(agent, 3) == ["INVALID_CODE"] * 2 + ["TOO_MANY_ATTEMPTS"]


def test_first_attempts_of_several_processes_at_once_all_count(here: Here) -> None:
    """Each with connections of its own, and all before any of them committed where that is possible."""
    service = build_service(here.deployment.settings)
    counter = rate_limits.counter_key("code", "issuer", "subject")

    def attempt() -> None:
        with service.store.writing():
            rate_limits.hit(service.operation(Anonymous()), counter)

    try:
        for round in range(5):
            at_once(*[attempt] * 8)
            assert counted(here) == [8 * (round + 1)]
    finally:
        service.close()


def test_a_counter_names_nobody(here: Here) -> None:
    tried(here.caller("julliard@example.org"), 1)
    database = here.deployment.store.database
    text = repr(database.execute_sql("SELECT * FROM attempt").fetchall())
    assert "julliard" not in text
    assert here.deployment.settings.identity_issuer not in text


def test_a_refusal_for_too_many_attempts_tells_nothing_of_the_code(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    tried(agent, 10)
    ask = TRY.replace("retryAfter", "__typename")
    (answer,) = {raw(agent, ask, code=typed) for typed in (code, WRONG, "", "x" * 5_000)}
    assert b"TOO_MANY_ATTEMPTS" in answer
