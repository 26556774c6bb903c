"""Whose it is: what is another's is answered as what does not exist, in the same bytes."""

import uuid
from typing import Any

import pytest

from tests.conftest import IDENTITY, Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ACCEPT,
    ADD,
    CODE,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    UNLINK,
    UNPROVE,
    added,
    entry,
    raw,
    whole,
)

BOOKLET = "query($id: ID) { booklet(id: $id) { id } }"
ENTRY_BY_ID = "query($id: ID!) { booklet { entry(id: $id) { id headline } } }"
DOSSIER = """query($id: ID!) { sharedDossier(id: $id) {
  id title holder { lastName } parts { rubrics { entries { id headline } } }
} }"""
MUTATIONS: list[tuple[str, dict[str, Any]]] = [
    (CODE, {"code": "x"}),
    (ACCEPT, {"version": "1"}),
    (SAY_WHO, {"identity": IDENTITY, "version": 1}),
    (ADD, {"entry": entry("diploma")}),
    (REVISE, {"id": "x", "version": 1, "entry": entry("diploma")}),
    (REMOVE, {"id": "x", "version": 1}),
    (MOVE, {"id": "x", "version": 1}),
    (LINK, {"id": "x", "version": 1, "target": "x", "relation": "USED"}),
    (UNLINK, {"id": "x", "version": 1, "target": "x"}),
    (PROVE, {"id": "x", "version": 1, "target": "x"}),
    (UNPROVE, {"id": "x", "version": 1, "target": "x"}),
]
QUERIES: list[tuple[str, dict[str, Any]]] = [
    (BOOKLET, {}),
    (ENTRY_BY_ID, {"id": "x"}),
    (DOSSIER, {"id": "x"}),
]


@pytest.fixture
def other(here: Here) -> Caller:
    """Another agent with an open booklet."""
    return with_booklet(here, "other")


def absent() -> str:
    return str(uuid.uuid4())


def dossier_of(caller: Caller) -> str:
    return str(whole(caller)["dossiers"][0]["id"])


def printing(here: Here, caller: Caller, dossier: str) -> Caller:
    """A print job for a dossier of the caller's booklet."""
    credentials = here.deployment.service.credentials
    return Caller(here.client, credentials.print_token(whole(caller)["id"], dossier), "print")


def test_a_booklet_of_somebody_else_is_answered_like_none(owner: Caller, other: Caller) -> None:
    ids = {id: raw(owner, BOOKLET, id=id) for id in (whole(other)["id"], absent(), "", "x")}
    assert set(ids.values()) == {b'{"data":{"booklet":null}}'}
    mine = whole(owner)["id"]
    assert owner.ask(BOOKLET, id=mine) == owner.ask(BOOKLET) == {"booklet": {"id": mine}}


def test_a_dossier_of_somebody_else_is_answered_like_none(owner: Caller, other: Caller) -> None:
    ids = (dossier_of(other), absent(), "", "x", whole(owner)["id"])
    assert {raw(owner, DOSSIER, id=id) for id in ids} == {b'{"data":{"sharedDossier":null}}'}
    mine = owner.ask(DOSSIER, id=dossier_of(owner))["sharedDossier"]
    assert mine["holder"]["lastName"] == "Lefèvre"


def test_a_dossier_of_a_booklet_that_is_not_open_is_answered_like_none(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(CODE, code=here.code())
    assert raw(agent, DOSSIER, id=dossier_of(agent)) == raw(agent, DOSSIER, id=absent())


def test_an_entry_of_somebody_else_is_answered_like_none(owner: Caller, other: Caller) -> None:
    theirs = added(other, "competence")["id"]
    expected = b'{"data":{"booklet":{"entry":null}}}'
    for id in (theirs, absent(), "x"):
        assert raw(owner, ENTRY_BY_ID, id=id) == expected


@pytest.mark.parametrize(
    ("document", "rubric", "sent"),
    [
        (REVISE, "diploma", {"entry": entry("diploma")}),
        (REMOVE, "diploma", {}),
        (MOVE, "competence", {}),
        (LINK, "competence", {"target": "x", "relation": "USED"}),
        (UNLINK, "competence", {"target": "x"}),
        (PROVE, "attachment", {"target": "x"}),
        (UNPROVE, "attachment", {"target": "x"}),
    ],
)
def test_nothing_is_done_to_an_entry_of_somebody_else(
    owner: Caller, other: Caller, document: str, rubric: str, sent: dict[str, Any]
) -> None:
    theirs = added(other, rubric)["id"]
    mine, before = whole(owner), whole(other)
    for version in (1, 2):
        answers = {
            raw(owner, document, id=id, version=version, **sent) for id in (theirs, absent(), "x")
        }
        assert len(answers) == 1
        assert b'"NotFound"' in answers.pop()
    assert (whole(owner), whole(other)) == (mine, before)


def test_no_tie_reaches_into_another_booklet(owner: Caller, other: Caller) -> None:
    competence, attachment = added(owner, "competence")["id"], added(owner, "attachment")["id"]
    theirs, moved = added(other, "training")["id"], added(other, "competence")["id"]
    mine, before = whole(owner), whole(other)
    calls: list[tuple[str, dict[str, Any], str]] = [
        (LINK, {"id": competence, "version": 1, "relation": "USED"}, "target"),
        (UNLINK, {"id": competence, "version": 1}, "target"),
        (PROVE, {"id": attachment, "version": 1}, "target"),
        (UNPROVE, {"id": attachment, "version": 1}, "target"),
        (MOVE, {"id": competence, "version": 1}, "before"),
    ]
    for document, sent, end in calls:
        answers = {raw(owner, document, **sent, **{end: id}) for id in (theirs, moved, absent())}
        assert len(answers) == 1
        assert b'"NotFound"' in answers.pop()
    assert (whole(owner), whole(other)) == (mine, before)


def test_nobody_in_particular_reads_or_writes_no_booklet(here: Here, owner: Caller) -> None:
    before = whole(owner)
    for document, sent in [*QUERIES, *MUTATIONS]:
        assert here.nobody().error(document, **sent) == "UNAUTHENTICATED"
    anonymous = here.nobody()
    reached = {raw_of(anonymous, DOSSIER, id=id) for id in (dossier_of(owner), absent())}
    assert len(reached) == 1
    assert whole(owner) == before
    assert here.nobody().ask("{ charter { version } }") == {"charter": {"version": "1"}}


def raw_of(caller: Caller, document: str, **variables: object) -> bytes:
    """The bytes of an answer, whatever its status."""
    return bytes(caller.post({"query": document, "variables": variables}).content)


@pytest.mark.parametrize("scope", ["livret:read", "livret:print", "livret:writer LIVRET:WRITE"])
def test_writing_needs_the_scope_to_write(here: Here, owner: Caller, scope: str) -> None:
    before = whole(owner)
    reader = here.caller("owner", scope=scope)
    for document, sent in MUTATIONS:
        assert reader.error(document, **sent) == "INSUFFICIENT_SCOPE"
    assert whole(owner) == before


@pytest.mark.parametrize("scope", ["livret:write", "openid", "livret:reader"])
def test_reading_needs_the_scope_to_read(here: Here, owner: Caller, scope: str) -> None:
    writer = here.caller("owner", scope=scope)
    for document, sent in QUERIES:
        assert writer.error(document, **sent) == "INSUFFICIENT_SCOPE"
    dossiers = {raw_of(writer, DOSSIER, id=id) for id in (dossier_of(owner), absent())}
    assert len(dossiers) == 1


def test_a_print_job_reads_its_dossier_and_nothing_else(
    here: Here, owner: Caller, other: Caller
) -> None:
    mine = dossier_of(owner)
    added(owner, "diploma")
    job = printing(here, owner, mine)
    assert job.ask(DOSSIER, id=mine) == owner.ask(DOSSIER, id=mine)
    null = b'{"data":{"sharedDossier":null}}'
    assert {raw(job, DOSSIER, id=id) for id in (dossier_of(other), absent(), "")} == {null}
    assert job.error(BOOKLET) == "FORBIDDEN"
    before = whole(owner)
    for document, sent in MUTATIONS:
        assert job.error(document, **sent) == "FORBIDDEN"
    assert whole(owner) == before


def test_a_print_job_for_a_dossier_of_another_booklet_finds_nothing(
    here: Here, owner: Caller, other: Caller
) -> None:
    theirs = dossier_of(other)
    job = printing(here, owner, theirs)
    for id in (theirs, dossier_of(owner)):
        assert raw(job, DOSSIER, id=id) == b'{"data":{"sharedDossier":null}}'


def test_two_agents_see_each_their_own(owner: Caller, other: Caller) -> None:
    mine, theirs = added(owner, "diploma")["id"], added(other, "diploma")["id"]
    assert [one["id"] for one in whole(owner)["entries"]] == [mine]
    assert [one["id"] for one in whole(other)["entries"]] == [theirs]
    assert whole(owner)["id"] != whole(other)["id"]
