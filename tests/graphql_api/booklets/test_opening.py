"""Opening a booklet the guide's way: code, charter, identity."""

import pytest

from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ACCEPT,
    ADD,
    CODE,
    SAY_WHO,
    at_once,
    entry,
    kinds,
    raw,
    whole,
)
from tests.graphql_api.signing_rows import sign_rows

BOOKLET = "{ booklet { id state version identity { lastName } dossiers { title builtIn } } }"
CODES = "SELECT COUNT(*) FROM authorization_code WHERE used_at IS NOT NULL"


def used_codes(here: Here) -> int:
    return int(here.deployment.store.database.execute_sql(CODES).fetchone()[0])


def expire_codes(here: Here) -> None:
    here.deployment.store.database.execute_sql("UPDATE authorization_code SET expires_at = 1")
    sign_rows(here.deployment.store)


def test_a_booklet_opens_from_a_code_in_three_mutations(here: Here) -> None:
    agent = here.caller("agent")
    assert agent.ask(BOOKLET)["booklet"] is None
    assert agent.do(OPEN, code=here.code().lower())["__typename"] == "BookletOpened"
    assert agent.ask(BOOKLET)["booklet"]["state"] == "CODE_GIVEN"
    assert agent.do(CHARTER)["__typename"] == "CharterAccepted"
    answer = agent.do(IDENTIFY, identity=IDENTITY, version=0)
    assert answer["__typename"] == "IdentityRevised", answer
    assert answer["booklet"]["state"] == "OPEN"
    assert agent.ask(BOOKLET)["booklet"]["identity"] == {"lastName": "Lefèvre"}


@pytest.mark.parametrize(
    "spelling",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "\u2011"),
        lambda code: code.replace("-", "\u2013"),
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("1", "I").replace("0", "o"),
        lambda code: f"\ufeff{code[:7]}\u200b{code[7:]}\u202f",
        lambda code: code.replace("-", "\u00ad-\u2011"),
    ],
)
def test_a_code_may_be_typed_in_any_spelling(here: Here, spelling: object) -> None:
    assert callable(spelling)
    answer = here.caller("agent").do(CODE, code=spelling(here.code()))
    assert answer["__typename"] == "BookletOpened", answer


def test_a_wrong_a_used_and_an_expired_code_are_refused_in_the_same_bytes(here: Here) -> None:
    used = here.code()
    other = here.caller("other")
    other.do(OPEN, code=used)
    other.do(CHARTER)
    expired = here.code()
    expire_codes(here)
    agent = here.caller("agent")
    typed = [used, expired, "AAAAA-AAAAA-AAAAA-AAAAA", "é’\u20ac" * 6 + "é’"]
    (answer,) = {raw(agent, CODE, code=code) for code in typed}
    assert b"INVALID_CODE" in answer
    assert agent.ask(BOOKLET)["booklet"] is None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "Saisissez votre code"),
        (" - ", "Saisissez votre code"),
        ("ABCDE-FGHJK", "compte 20 caractères"),
        ("x" * 10_000, "vous en avez saisi 10000"),
    ],
)
def test_what_no_code_could_be_is_told_with_its_fault_and_is_no_attempt(
    here: Here, typed: str, fault: str
) -> None:
    agent = here.caller("agent")
    for _ in range(11):  # one more than the attempts of an hour
        answer = agent.do(CODE, code=typed)
        assert answer["code"] == "INVALID_CODE"
        assert fault in answer["message"]
    assert agent.do(CODE, code=here.code())["__typename"] == "BookletOpened"


def test_asking_again_gives_the_same_answer_and_leaves_one_booklet(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    first, again = raw(agent, CODE, code=code), raw(agent, CODE, code=code.lower())
    assert first == again
    assert len(whole(agent)["dossiers"]) == 1


def test_asking_again_with_another_code_uses_that_one_up(here: Here) -> None:
    agent, first, second = here.caller("agent"), here.code(), here.code()
    agent.do(OPEN, code=first)
    assert agent.do(OPEN, code=second)["__typename"] == "BookletOpened"
    assert agent.do(CHARTER)["__typename"] == "CharterAccepted"
    assert here.caller("other").do(CODE, code=second)["code"] == "INVALID_CODE"
    assert here.caller("other").do(CODE, code=first)["__typename"] == "BookletOpened"


def test_a_wrong_code_after_a_right_one_changes_nothing(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    before = whole(agent)
    assert agent.do(CODE, code="ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ")["code"] == "INVALID_CODE"
    assert whole(agent) == before
    assert agent.do(CHARTER)["__typename"] == "CharterAccepted"


def test_each_step_is_refused_before_the_one_that_it_follows(here: Here) -> None:
    agent = here.caller("agent")

    def states() -> list[str]:
        answers = [
            agent.do(SAY_WHO, identity=IDENTITY, version=0),
            agent.do(ADD, entry=entry("diploma")),
        ]
        assert kinds(answers) == ["WrongState", "WrongState"]
        return [answer["state"] for answer in answers]

    assert states() == ["NONE", "NONE"]
    answer = agent.do(ACCEPT, version="1")
    assert (answer["__typename"], answer["state"]) == ("WrongState", "NONE")
    agent.do(OPEN, code=here.code())
    before = whole(agent)
    assert states() == ["CODE_GIVEN", "CODE_GIVEN"]
    assert whole(agent) == before
    agent.do(CHARTER)
    answer = agent.do(ADD, entry=entry("diploma"))
    assert (answer["__typename"], answer["state"]) == ("WrongState", "CHARTER_ACCEPTED")


def test_another_version_of_the_charter_is_refused_and_named(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    before = whole(agent)
    for version in ("0", "", "1 ", "2"):
        answer = agent.do(ACCEPT, version=version)
        assert (answer["__typename"], answer["version"]) == ("OutdatedCharter", "1")
    assert whole(agent) == before
    assert used_codes(here) == 0


def test_accepting_twice_is_accepting_once(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    first, again = raw(agent, ACCEPT, version="1"), raw(agent, ACCEPT, version="1")
    assert first == again
    assert b"CharterAccepted" in first


def test_accepting_keeps_an_open_booklet_open(owner: Caller) -> None:
    before = whole(owner)
    assert owner.do(ACCEPT, version="1")["booklet"]["state"] == "OPEN"
    assert whole(owner) == before


def test_a_charter_that_is_not_accepted_leaves_the_code_for_somebody_else(here: Here) -> None:
    code = here.code()
    assert here.caller("agent").do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert used_codes(here) == 0
    other = here.caller("other")
    assert other.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert other.do(CHARTER)["__typename"] == "CharterAccepted"


def test_a_code_that_expired_before_the_charter_was_accepted_is_refused(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    expire_codes(here)
    before = whole(agent)
    assert agent.do(ACCEPT, version="1")["code"] == "INVALID_CODE"
    assert whole(agent) == before


def test_a_second_code_is_refused_once_the_charter_was_accepted(here: Here) -> None:
    owner, code = with_booklet(here, "owner"), here.code()
    before = whole(owner)
    answer = owner.do(CODE, code=code)
    assert (answer["__typename"], answer["state"]) == ("WrongState", "OPEN")
    assert "pas ouvert" not in answer["message"]
    assert whole(owner) == before
    assert here.caller("other").do(CODE, code=code)["__typename"] == "BookletOpened"


def test_of_two_people_with_one_code_one_wins(here: Here) -> None:
    code = here.code()
    people = [here.caller("first"), here.caller("second")]
    for person in people:
        person.do(OPEN, code=code)
    answers = at_once(*(lambda one=person: one.do(ACCEPT, version="1") for person in people))
    assert kinds(answers) == ["CharterAccepted", "InvalidCode"]
    assert used_codes(here) == 1
    loser = people[[answer["__typename"] for answer in answers].index("InvalidCode")]
    assert whole(loser)["state"] == "CODE_GIVEN"
    loser.do(OPEN, code=here.code())
    assert loser.do(CHARTER)["__typename"] == "CharterAccepted"


def test_one_person_who_opens_eight_times_at_once_gets_one_booklet(here: Here) -> None:
    agent, code = here.caller("agent"), here.code()
    answers = at_once(*[lambda: agent.do(CODE, code=code)] * 8)
    assert {answer["__typename"] for answer in answers} == {"BookletOpened"}
    assert len({answer["booklet"]["id"] for answer in answers}) == 1
    database, keys = here.deployment.store.database, here.deployment.key_store.database
    for table in ("booklet", "person", "identity", "dossier_index"):
        assert database.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone()[0] == 1
    assert keys.execute_sql("SELECT COUNT(*) FROM booklet_key").fetchone()[0] == 1


def test_a_charter_accepted_eight_times_at_once_is_accepted_once(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    answers = at_once(*[lambda: agent.do(ACCEPT, version="1")] * 8)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["__typename"] == "CharterAccepted"
    assert used_codes(here) == 1
