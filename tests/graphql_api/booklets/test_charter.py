"""The charter: refused, accepted, replaced by a new version."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from schema import texts
from schema.dossiers import shared_dossier
from tests.conftest import CHARTER, IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ACCEPT,
    ADD,
    CODE,
    MOVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    added,
    at_once,
    entry,
    kinds,
    raw,
    whole,
)
from tests.graphql_api.office import issued, officer, stored

REFUSE = """mutation { charterRefuse {
  __typename ... on Refusal { code message } ... on WrongState { state }
  ... on CharterRefused { codeUnused }
} }"""
ACCEPTANCES = (
    "{ booklet { charterVersion charterAcceptedAt charterAcceptances { version acceptedAt } } }"
)
PRINTED = "query($id: ID!) { sharedDossier(id: $id) { charter { version title } } }"
SITUATE = """mutation($situation: SituationInput!, $version: Int!) {
  situationRevise(situation: $situation, version: $version) {
    __typename ... on OutdatedCharter { version }
  }
}"""


@pytest.fixture
def revised_charter(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts version 2 of the charter in force; call it when the time has come."""

    def change(version: str = "2") -> None:
        charters = texts.CHARTERS
        if version not in charters:
            charters = charters | {
                version: replace(texts.CHARTER, version=version, title="CHARTE 2")
            }
        monkeypatch.setattr(texts, "CHARTERS", charters)
        monkeypatch.setattr(shared_dossier, "CHARTERS", charters)
        monkeypatch.setattr(texts, "CHARTER", charters[version])

    return change


def begun(here: Here, name: str = "agent") -> Caller:
    agent = here.caller(name)
    assert agent.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    return agent


def versions(caller: Caller) -> list[str]:
    return [one["version"] for one in caller.ask(ACCEPTANCES)["booklet"]["charterAcceptances"]]


def test_refusing_the_charter_leaves_everything_as_it_was_before_the_code(here: Here) -> None:
    code = here.code()
    before = stored(here)
    agent = here.caller("agent")
    agent.do(OPEN, code=code)
    assert stored(here) != before
    assert agent.do(REFUSE) == {"__typename": "CharterRefused", "codeUnused": True}
    assert stored(here) == before
    assert whole(agent) is None


def test_a_code_whose_charter_was_refused_opens_again(here: Here) -> None:
    agent, code = begun(here), here.code()
    agent.do(OPEN, code=code)
    agent.do(REFUSE)
    other = here.caller("other")
    for one in (agent, other):
        assert one.do(CODE, code=code)["__typename"] == "BookletOpened"
    assert agent.do(CHARTER)["__typename"] == "CharterAccepted"
    assert other.do(ACCEPT, version="1")["code"] == "INVALID_CODE"


def test_refusing_leaves_a_person_who_is_known_for_something_else(here: Here) -> None:
    rh = officer(here, "rh")
    before = stored(here)
    code = issued(rh)["codes"][0]
    agent = here.caller("rh")
    agent.do(OPEN, code=code)
    assert agent.do(REFUSE)["__typename"] == "CharterRefused"
    after = stored(here)
    assert {name: after[name] for name in after if name != "authorization_code"} == {
        name: before[name] for name in before if name != "authorization_code"
    }
    (used,) = here.deployment.store.database.execute_sql("SELECT uses FROM authorization_code")
    assert used == (0,)


def test_refusing_takes_away_what_others_were_refused_of_it(here: Here) -> None:
    code = here.code()
    before = stored(here)
    agent = here.caller("agent")
    agent.do(OPEN, code=code)
    id = whole(agent)["id"]
    here.caller("curious").ask("query($id: ID!) { booklet(id: $id) { id } }", id=id)
    agent.do(REFUSE)
    assert stored(here) == before


@pytest.mark.parametrize("state", ["NONE", "CHARTER_ACCEPTED", "OPEN"])
def test_only_a_charter_that_was_shown_and_not_accepted_can_be_refused(
    here: Here, state: str
) -> None:
    agent = with_booklet(here, "agent") if state == "OPEN" else here.caller("agent")
    if state == "CHARTER_ACCEPTED":
        agent = begun(here)
        agent.do(CHARTER)
    before = stored(here)
    answer = agent.do(REFUSE)
    assert (answer["__typename"], answer["state"]) == ("WrongState", state)
    assert stored(here) == before


def test_refusing_twice_says_that_there_is_nothing_left(here: Here) -> None:
    agent = begun(here)
    agent.do(REFUSE)
    assert agent.do(REFUSE)["state"] == "NONE"


def test_refusing_and_accepting_at_once_does_one_of_the_two(here: Here) -> None:
    for number in range(5):
        agent = begun(here, f"agent-{number}")
        answers = at_once(partial(agent.do, REFUSE), partial(agent.do, ACCEPT, version="1"))
        refused, accepted = (answer["__typename"] for answer in answers)
        assert (refused, accepted) in (
            ("CharterRefused", "WrongState"),
            ("WrongState", "CharterAccepted"),
        )
        assert (whole(agent) is None) == (refused == "CharterRefused")


def test_refusing_and_opening_at_once_leaves_no_booklet_without_its_owner(here: Here) -> None:
    database, keys = here.deployment.store.database, here.deployment.key_store.database
    for number in range(8):
        agent, code = begun(here, f"agent-{number}"), here.code()
        at_once(partial(agent.do, REFUSE), partial(agent.do, OPEN, code=code))
        lost = "SELECT COUNT(*) FROM booklet WHERE person NOT IN (SELECT person FROM identity)"
        assert database.execute_sql(lost).fetchone() == (0,)
        booklets = database.execute_sql("SELECT id FROM booklet ORDER BY id").fetchall()
        assert keys.execute_sql("SELECT booklet FROM booklet_key ORDER BY booklet").fetchall() == (
            booklets
        )
        agent.do(REFUSE)


def test_a_new_version_is_asked_for_at_the_next_write(here: Here, revised_charter: Any) -> None:
    owner = with_booklet(here, "owner")
    training = added(owner, "training")
    before = whole(owner)
    revised_charter()
    writes = [
        owner.do(ADD, entry=entry("diploma")),
        owner.do(REVISE, id=training["id"], version=1, entry={"training": {"title": "Autre"}}),
        owner.do(REMOVE, id=training["id"], version=1),
        owner.do(MOVE, id=training["id"], version=1),
        owner.do(SAY_WHO, identity={"city": "Pessac"}, version=1),
        owner.do(SITUATE, situation={"jobTitle": "Régisseuse"}, version=0),
    ]
    assert kinds(writes) == ["OutdatedCharter"] * 6
    assert writes[-1]["version"] == "2"
    assert whole(owner) == before


def test_reading_goes_on_under_the_charter_that_was_accepted(
    here: Here, revised_charter: Any
) -> None:
    owner = with_booklet(here, "owner")
    (whole_booklet,) = whole(owner)["dossiers"]
    revised_charter()
    printed = owner.ask(PRINTED, id=whole_booklet["id"])["sharedDossier"]["charter"]
    assert printed == {"version": "1", "title": texts.CHARTERS["1"].title}
    assert owner.ask("{ charter { version } }")["charter"]["version"] == "2"
    owner.do(ACCEPT, version="2")
    printed = owner.ask(PRINTED, id=whole_booklet["id"])["sharedDossier"]["charter"]
    assert printed == {"version": "2", "title": "CHARTE 2"}


def test_accepting_a_new_version_keeps_what_was_accepted_before(
    here: Here, revised_charter: Any
) -> None:
    owner = with_booklet(here, "owner")
    first = owner.ask(ACCEPTANCES)["booklet"]
    assert [one["version"] for one in first["charterAcceptances"]] == ["1"]
    assert first["charterAcceptances"][0]["acceptedAt"] == first["charterAcceptedAt"]
    revised_charter()
    here.clock.moved = timedelta(days=40)
    answer = owner.do(ACCEPT, version="2")["booklet"]
    assert (answer["state"], answer["charterVersion"]) == ("OPEN", "2")
    now = owner.ask(ACCEPTANCES)["booklet"]
    assert now["charterAcceptances"][0] == first["charterAcceptances"][0]
    assert [one["version"] for one in now["charterAcceptances"]] == ["1", "2"]
    assert now["charterAcceptances"][1]["acceptedAt"] == now["charterAcceptedAt"]
    assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    assert raw(owner, ACCEPT, version="2") == raw(owner, ACCEPT, version="2")
    assert versions(owner) == ["1", "2"]


def test_a_charter_that_is_no_longer_in_force_cannot_be_accepted(
    here: Here, revised_charter: Any
) -> None:
    owner, agent = with_booklet(here, "owner"), begun(here)
    revised_charter()
    before = stored(here)
    for one in (owner, agent):
        answer = one.do(ACCEPT, version="1")
        assert (answer["__typename"], answer["version"]) == ("OutdatedCharter", "2")
    assert stored(here) == before


def test_a_version_that_comes_between_charter_and_identity_is_asked_for(
    here: Here, revised_charter: Any
) -> None:
    agent = begun(here)
    agent.do(CHARTER)
    revised_charter()
    assert agent.do(SAY_WHO, identity=IDENTITY, version=0)["__typename"] == "OutdatedCharter"
    assert agent.do(ACCEPT, version="2")["booklet"]["state"] == "CHARTER_ACCEPTED"
    assert agent.do(SAY_WHO, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
    assert versions(agent) == ["1", "2"]


def test_an_earlier_version_that_is_in_force_again_can_be_accepted_again(
    here: Here, revised_charter: Any
) -> None:
    owner = with_booklet(here, "owner")
    revised_charter("2")
    owner.do(ACCEPT, version="2")
    revised_charter("1")
    assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "OutdatedCharter"
    assert owner.do(ACCEPT, version="1")["booklet"]["charterVersion"] == "1"
    assert versions(owner) == ["1", "2"]
    assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"


def test_a_new_version_accepted_eight_times_at_once_is_accepted_once(
    here: Here, revised_charter: Any
) -> None:
    owner = with_booklet(here, "owner")
    before = whole(owner)["version"]
    revised_charter()
    answers = at_once(*[lambda: owner.do(ACCEPT, version="2")] * 8)
    assert kinds(answers) == ["CharterAccepted"] * 8
    assert versions(owner) == ["1", "2"]
    assert whole(owner)["version"] == before + 1
