"""Idempotency keys: the same request again is done once and answered the same."""

from typing import Any

import pytest

from tests.conftest import IDENTITY, Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ADD,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    UNLINK,
    UNPROVE,
    added,
    at_once,
    entry,
    raw,
    refused,
    seen,
    whole,
)


def test_sixteen_equal_submits_at_once_are_one_entry_and_one_answer(owner: Caller) -> None:
    sent = {"entry": entry("diploma"), "key": "one"}
    answers = at_once(*[lambda: raw(owner, ADD, **sent)] * 16)
    assert len(set(answers)) == 1
    assert b'"EntryAdded"' in answers[0]
    assert len(whole(owner)["entries"]) == 1


def test_without_a_key_the_same_request_is_done_again(owner: Caller) -> None:
    first, second = added(owner, "diploma"), added(owner, "diploma")
    assert first["id"] != second["id"]
    assert raw(owner, ADD, entry=entry("diploma"), key="a") != raw(
        owner, ADD, entry=entry("diploma"), key="b"
    )
    assert len(whole(owner)["entries"]) == 4


def test_every_mutation_of_an_open_booklet_is_replayed_in_equal_bytes(owner: Caller) -> None:
    competence, training = added(owner, "competence")["id"], added(owner, "training")["id"]
    first, second = added(owner, "attachment")["id"], added(owner, "attachment")["id"]
    calls: list[tuple[str, dict[str, Any]]] = [
        (ADD, {"entry": entry("diploma")}),
        (REVISE, {"id": training, "version": 1, "entry": {"training": {"title": "Autre"}}}),
        (LINK, {"id": competence, "version": 1, "target": training, "relation": "USED"}),
        (UNLINK, {"id": competence, "version": 2, "target": training}),
        (PROVE, {"id": first, "version": 1, "target": training}),
        (UNPROVE, {"id": first, "version": 2, "target": training}),
        (MOVE, {"id": second, "version": 1, "before": first}),
        (REMOVE, {"id": training, "version": 2}),
        (SAY_WHO, {"identity": {"city": "Pessac"}, "version": 1}),
    ]
    answers = []
    for document, sent in calls:
        answers.append(raw(owner, document, **sent, key=f"key of {document}"))
        done = whole(owner)
        assert raw(owner, document, **sent, key=f"key of {document}") == answers[-1]
        assert whole(owner) == done
    done = whole(owner)
    for (document, sent), answer in zip(calls, answers, strict=True):
        assert b'"Refusal"' not in answer
        assert b"Conflict" not in answer
        assert raw(owner, document, **sent, key=f"key of {document}") == answer
    assert whole(owner) == done


@pytest.mark.parametrize(
    ("document", "sent"),
    [
        (ADD, {"entry": entry("diploma", title="Autre")}),
        (ADD.replace("headline", ""), {"entry": entry("diploma")}),
        (ADD.replace("entryAdd(", "again: entryAdd("), {"entry": entry("diploma")}),
        (REMOVE, {"id": "x", "version": 1}),
        (SAY_WHO, {"identity": IDENTITY, "version": 1}),
    ],
)
def test_the_same_key_with_another_request_is_refused(
    owner: Caller, document: str, sent: dict[str, Any]
) -> None:
    first = raw(owner, ADD, entry=entry("diploma"), key="one")
    before = whole(owner)
    answer = owner.do(document, **sent, key="one")
    assert answer["__typename"] == "IdempotencyMismatch"
    assert answer["code"] == "IDEMPOTENCY_MISMATCH"
    assert whole(owner) == before
    assert raw(owner, ADD, entry=entry("diploma"), key="one") == first


def test_the_order_in_which_json_writes_a_request_does_not_count(owner: Caller) -> None:
    content = entry("diploma")["diploma"]
    turned = {"diploma": dict(reversed(content.items()))}
    first = raw(owner, ADD, entry={"diploma": content}, key="one")
    assert raw(owner, ADD, key="one", entry=turned) == first
    assert raw(owner, ADD.replace("\n", " , "), entry=turned, key="one", unused=1) == first
    assert len(whole(owner)["entries"]) == 1


def test_what_a_fragment_does_is_part_of_the_request(owner: Caller) -> None:
    ids = [added(owner, "training")["id"] for _ in range(2)]
    answers = []
    for id in ids:
        document = f"""mutation {{ ...F }} fragment F on Mutation {{
          entryRemove(id: "{id}", version: 1, idempotencyKey: "one") {{
            __typename ... on EntryRemoved {{ id }}
          }} }}"""
        answers.append(owner.do(document))
    assert answers == [
        {"__typename": "EntryRemoved", "id": ids[0]},
        {"__typename": "IdempotencyMismatch"},
    ]
    assert [one["id"] for one in whole(owner)["entries"]] == [ids[1]]


def test_a_refused_request_is_not_kept(owner: Caller) -> None:
    faulty = owner.do(ADD, entry=entry("diploma", title=""), key="one")
    assert refused(faulty) == [("entry.diploma.title", "REQUIRED")]
    new = owner.do(ADD, entry=entry("diploma"), key="one")
    assert new["__typename"] == "EntryAdded"
    id = new["entry"]["id"]
    revision = {"id": id, "entry": {"diploma": {"title": "Autre"}}, "key": "two"}
    assert owner.do(REVISE, version=9, **revision)["__typename"] == "Conflict"
    assert owner.do(REVISE, version=1, **revision)["__typename"] == "EntryRevised"
    assert owner.do(REVISE, version=1, **revision)["entry"]["version"] == 2
    assert seen(owner, id)["version"] == 2


def test_a_request_refused_for_its_state_may_be_sent_again_once_the_booklet_is_open(
    here: Here,
) -> None:
    early = here.caller("agent")
    sent = {"entry": entry("diploma"), "key": "one"}
    assert early.do(ADD, **sent)["__typename"] == "WrongState"
    opened = with_booklet(here, "agent")
    assert opened.do(ADD, **sent)["__typename"] == "EntryAdded"


@pytest.mark.parametrize(("key", "code"), [("", "REQUIRED"), ("x" * 101, "TOO_LONG")])
def test_a_key_has_one_to_a_hundred_characters(owner: Caller, key: str, code: str) -> None:
    id = added(owner, "competence")["id"]
    before = whole(owner)
    for document, sent in (
        (ADD, {"entry": entry("diploma")}),
        (REMOVE, {"id": id, "version": 1}),
        (MOVE, {"id": id, "version": 1}),
        (SAY_WHO, {"identity": {}, "version": 1}),
    ):
        answer = owner.do(document, **sent, key=key)
        assert refused(answer) == [("idempotencyKey", code)]
    assert whole(owner) == before
    longest = {"entry": entry("diploma"), "key": "é" * 100}
    assert raw(owner, ADD, **longest) == raw(owner, ADD, **longest)


def test_a_null_key_is_no_key(owner: Caller) -> None:
    for _ in range(2):
        assert owner.do(ADD, entry=entry("diploma"), key=None)["__typename"] == "EntryAdded"
    assert len(whole(owner)["entries"]) == 2


def test_a_key_belongs_to_one_booklet(here: Here) -> None:
    first, second = with_booklet(here, "first"), with_booklet(here, "second")
    sent = {"entry": entry("diploma"), "key": "one"}
    assert first.do(ADD, **sent)["entry"]["id"] != second.do(ADD, **sent)["entry"]["id"]
    assert [len(whole(caller)["entries"]) for caller in (first, second)] == [1, 1]
    other = {"entry": entry("training"), "key": "two"}
    assert first.do(ADD, **other)["__typename"] == "EntryAdded"
    assert second.do(ADD, entry=entry("diploma"), key="two")["__typename"] == "EntryAdded"


def test_a_replay_needs_the_same_right_as_the_request(here: Here, owner: Caller) -> None:
    sent = {"entry": entry("diploma"), "key": "one"}
    owner.do(ADD, **sent)
    assert here.caller("owner", scope="livret:read").error(ADD, **sent) == "INSUFFICIENT_SCOPE"
    assert here.nobody().error(ADD, **sent) == "UNAUTHENTICATED"


def test_answers_are_kept_sealed(here: Here, owner: Caller) -> None:
    owner.do(ADD, entry=entry("diploma", title="Canari"), key="canary-key")
    rows = here.deployment.store.database.execute_sql("SELECT * FROM answer").fetchall()
    assert len(rows) == 1
    assert b"Canari" not in bytes(rows[0][-1])
    assert "canary-key" not in str(rows)
