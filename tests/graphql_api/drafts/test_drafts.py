"""Drafts: what is half-known is kept for its owner, and for nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schema.description.refusals import BookletState
from schema.entries.draft import DRAFT_DAYS, MAX_DRAFT_CHARACTERS, MAX_DRAFTS
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.canaries import canaries_in, sow, stored
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import change, given, registered, rows
from tests.graphql_api.documents import (
    ADD,
    DELETE_DRAFT,
    DRAFTS,
    LEAST,
    SAVE_DRAFT,
    at_once,
    entry,
    kinds,
    refused,
    whole,
)
from tests.graphql_api.records.records import exported, upload
from tests.graphql_api.summaries.summaries import read

ONE = "query($id: ID!) { booklet { draft(id: $id) { id headline } } }"


def saved(caller: Caller, rubric: str = "training", **fields: Any) -> Any:
    answer = caller.do(SAVE_DRAFT, entry={rubric: fields})
    assert answer["__typename"] == "DraftSaved", answer
    return answer["draft"]


def saved_again(caller: Caller, draft: Any, rubric: str = "training", **fields: Any) -> Any:
    return caller.do(SAVE_DRAFT, entry={rubric: fields}, id=draft["id"], version=draft["version"])


def drafts(caller: Caller) -> list[Any]:
    found: list[Any] = caller.ask(DRAFTS)["booklet"]["drafts"]
    return found


def filled(draft: Any) -> dict[str, Any]:
    return {key: value for key, value in draft["values"].items() if value is not None}


def reference(draft: Any) -> dict[str, Any]:
    return {"id": draft["id"], "version": draft["version"]}


def test_whatever_is_known_of_an_entry_of_any_rubric_is_kept(owner: Caller) -> None:
    for rubric, content in LEAST.items():
        key, value = next(iter(content.items()))
        draft = saved(owner, rubric, **{key: value})
        assert (draft["version"], filled(draft)) == (1, {key: value})
        assert draft in drafts(owner)
        assert filled(saved(owner, rubric)) == {}
        for one in drafts(owner):
            assert owner.do(DELETE_DRAFT, **reference(one)) == {
                "__typename": "DraftDeleted",
                "id": one["id"],
            }


def test_a_draft_keeps_what_an_entry_would_be_refused_for(owner: Caller) -> None:
    wrong = {"title": "x" * 1_000, "start": "2021-02-30", "end": "bientôt", "mode": "CHEVAL"}
    draft = saved(owner, **wrong)
    assert filled(draft) == wrong
    answer = owner.do(ADD, entry={"training": wrong}, draft=reference(draft))
    assert answer["__typename"] == "InvalidEntry"
    assert drafts(owner) == [draft]


def test_the_texts_of_a_draft_are_cleaned(owner: Caller) -> None:
    draft = saved(
        owner, title=" La\u00a0commande\u200b publique ", start="15/03/2021", content=" \t "
    )
    assert filled(draft) == {"title": "La commande publique", "start": "2021-03-15"}


def test_a_draft_fills_the_form_and_names_itself(owner: Caller) -> None:
    draft = saved(owner, title="La commande publique", shareable=False, comment="À finir")
    assert draft["headline"] == "La commande publique"
    assert (draft["values"]["shareable"], draft["values"]["comment"]) == (False, "À finir")
    assert saved(owner)["values"]["shareable"] is None
    fields = owner.ask("{ rubrics { key fields { key } } }")["rubrics"]
    keys = next(
        [one["key"] for one in each["fields"]] for each in fields if each["key"] == "training"
    )
    assert set(draft["values"]) == {*keys, "comment", "shareable"}


def test_saving_again_changes_what_is_sent_and_counts(owner: Caller) -> None:
    draft = saved(owner, title="Un", start="2021")
    again = saved_again(owner, draft, title=None, content="Plan")["draft"]
    assert (again["id"], again["version"]) == (draft["id"], 2)
    assert filled(again) == {"start": "2021", "content": "Plan"}
    assert drafts(owner) == [again]


def test_a_draft_that_was_saved_meanwhile_is_not_overwritten(owner: Caller) -> None:
    draft = saved(owner, title="Un")
    now = saved_again(owner, draft, title="Deux")["draft"]
    taken = {"entry": entry("training"), "draft": reference(draft)}
    for answer in (
        saved_again(owner, draft, title="Trois"),
        owner.do(DELETE_DRAFT, **reference(draft)),
        owner.do(ADD, **taken),
    ):
        assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 2)
        assert answer["currentDraft"] == now
    assert drafts(owner) == [now]
    assert whole(owner)["entries"] == []


def test_a_version_goes_with_an_id_and_an_id_with_a_version(owner: Caller) -> None:
    draft = saved(owner, title="Un")
    answer = owner.do(SAVE_DRAFT, entry={"training": {}}, version=1)
    assert refused(answer) == [("id", "REQUIRED")]
    answer = owner.do(SAVE_DRAFT, entry={"training": {}}, id=draft["id"])
    assert refused(answer) == [("version", "REQUIRED")]
    assert drafts(owner) == [draft]


def test_a_draft_stays_in_its_rubric(owner: Caller) -> None:
    draft = saved(owner, title="Un")
    answer = saved_again(owner, draft, "diploma", title="Deux")
    assert refused(answer) == [("entry.diploma", "WRONG_RUBRIC")]


def test_a_draft_becomes_an_entry_in_one_write(owner: Caller) -> None:
    draft, other = saved(owner, title="Un"), saved(owner, title="Autre")
    answer = owner.do(ADD, entry=entry("training"), draft=reference(draft))
    assert answer["__typename"] == "EntryAdded"
    assert [one["id"] for one in whole(owner)["entries"]] == [answer["entry"]["id"]]
    assert drafts(owner) == [other]


def test_a_draft_becomes_one_entry_however_often_it_is_asked(owner: Caller) -> None:
    draft = saved(owner, title="Un")
    sent = {"entry": entry("training"), "draft": reference(draft)}
    answers = at_once(*[lambda: owner.do(ADD, **sent)] * 3)
    assert kinds(answers) == ["EntryAdded", "NotFound", "NotFound"]
    assert {one["path"] for one in answers if one["__typename"] == "NotFound"} == {"draft.id"}
    assert len(whole(owner)["entries"]) == 1
    draft = saved(owner, title="Deux")
    sent = {"entry": entry("training"), "draft": reference(draft), "key": "k"}
    assert owner.do(ADD, **sent) == owner.do(ADD, **sent)
    assert len(whole(owner)["entries"]) == 2


def test_a_draft_that_is_saved_again_under_one_key_is_one(owner: Caller) -> None:
    sent = {"entry": {"training": {"title": "Un"}}, "key": "k"}
    assert owner.do(SAVE_DRAFT, **sent) == owner.do(SAVE_DRAFT, **sent)
    assert len(drafts(owner)) == 1


def test_drafts_come_with_the_last_saved_first(here: Here, owner: Caller) -> None:
    here.clock.stop(here.clock())
    made = []
    for title in ("Un", "Deux", "Trois"):
        made.append(saved(owner, title=title))
        here.clock.moved += timedelta(seconds=1)
    last = saved_again(owner, made[0], title="Quatre")["draft"]
    assert [one["id"] for one in drafts(owner)] == [last["id"], made[2]["id"], made[1]["id"]]
    assert owner.ask(ONE, id=last["id"])["booklet"]["draft"] == {
        "id": last["id"],
        "headline": "Quatre",
    }
    assert owner.ask(ONE, id="nowhere")["booklet"]["draft"] is None


def test_a_booklet_has_a_bounded_number_of_drafts(owner: Caller) -> None:
    for _ in range(MAX_DRAFTS):
        draft = saved(owner)
    answer = owner.do(SAVE_DRAFT, entry={"training": {}})
    assert (answer["__typename"], answer["limit"]) == ("LimitReached", MAX_DRAFTS)
    assert saved_again(owner, draft, title="Un")["__typename"] == "DraftSaved"
    owner.do(DELETE_DRAFT, id=draft["id"], version=2)
    saved(owner)


def test_a_draft_has_a_bounded_size(owner: Caller) -> None:
    half = MAX_DRAFT_CHARACTERS // 2
    draft = saved(owner, "competence", label="é" * half, contexts=["x" * 10] * (half // 10))
    answer = saved_again(owner, draft, "competence", description="x")
    assert refused(answer) == [("entry.competence", "TOO_LONG")]
    assert drafts(owner) == [draft]


def test_a_draft_is_there_for_thirty_days_after_it_was_last_saved(
    here: Here, owner: Caller
) -> None:
    here.clock.stop(here.clock())
    draft = saved(owner, title="Un")
    here.clock.moved = timedelta(days=DRAFT_DAYS - 1)
    draft = saved_again(owner, draft, title="Deux")["draft"]
    assert datetime.fromisoformat(draft["expiresAt"]) == here.clock() + timedelta(days=DRAFT_DAYS)
    here.clock.moved += timedelta(days=DRAFT_DAYS) - timedelta(seconds=1)
    assert drafts(owner) == [draft]
    here.clock.moved += timedelta(seconds=1)
    assert drafts(owner) == []
    for answer in (
        saved_again(owner, draft),
        owner.do(DELETE_DRAFT, **reference(draft)),
        owner.do(ADD, entry=entry("training"), draft=reference(draft)),
    ):
        assert answer["__typename"] == "NotFound"
    assert whole(owner)["entries"] == []


def test_the_sweep_deletes_what_was_not_saved_for_thirty_days(
    here: Here, owner: Caller, livret: Livret
) -> None:
    old, new = saved(owner, title="Un"), saved(owner, title="Deux")
    late = DRAFT_DAYS * 86_400 * 1_000_000
    change(here, f"UPDATE draft SET saved_at = saved_at - {late} WHERE id = '{old['id']}'")
    assert livret("sweep")[0] == 0
    assert rows(here, "draft", "id", "version") == [(new["id"], 1)]
    assert drafts(owner) == [new]


def test_nobody_reaches_the_drafts_of_another(here: Here, owner: Caller) -> None:
    draft = saved(owner, title="Un")
    other = with_booklet(here, "other")
    assert drafts(other) == []
    assert other.ask(ONE, id=draft["id"])["booklet"]["draft"] is None
    for answer in (
        saved_again(other, draft, title="Deux"),
        other.do(DELETE_DRAFT, **reference(draft)),
        other.do(ADD, entry=entry("training"), draft=reference(draft)),
    ):
        assert answer["__typename"] == "NotFound"
    assert whole(other)["entries"] == []
    assert drafts(owner) == [draft]


def test_only_an_open_booklet_has_drafts(here: Here) -> None:
    newcomer = here.caller("newcomer")
    for answer in (
        newcomer.do(SAVE_DRAFT, entry={"training": {}}),
        newcomer.do(DELETE_DRAFT, id="x", version=1),
        newcomer.do(ADD, entry=entry("training"), draft={"id": "x", "version": 1}),
    ):
        assert (answer["__typename"], answer["state"]) == ("WrongState", BookletState.NONE.value)


def test_no_draft_is_begun_under_a_charter_that_is_no_longer_in_force(
    here: Here, owner: Caller
) -> None:
    change(here, "UPDATE booklet SET charter_version = 'earlier'")
    answer = owner.do(SAVE_DRAFT, entry={"training": {}})
    assert answer["__typename"] == "OutdatedCharter"


def test_a_draft_counts_nowhere(here: Here, owner: Caller) -> None:
    site = registered(here)
    given(here, owner)
    before, summaries = whole(owner), read(site)["nodes"]
    counters = "{ booklet { panorama { counters { count } } hiddenEntries { id } } }"
    counted = owner.ask(counters)
    draft = saved(owner, **LEAST["training"])
    saved_again(owner, draft, content="Plan")
    assert whole(owner) == before
    assert owner.ask(counters) == counted
    assert read(site)["nodes"] == summaries


def test_no_draft_is_stored_in_clear(here: Here) -> None:
    owner, _ = sow(here)
    assert canaries_in(owner.post({"query": DRAFTS}).content)
    assert {place for place, content in stored(here.deployment) if canaries_in(content)} == set()


def test_drafts_are_in_the_record_and_stay_behind_when_it_is_imported(
    here: Here, owner: Caller
) -> None:
    draft = saved(owner, title="Un", comment="À finir", shareable=False)
    record = exported(owner)
    (written,) = record["drafts"]
    assert written == {
        "id": draft["id"],
        "rubric": "TRAINING",
        "savedAt": written["savedAt"],
        "shareable": False,
        "comment": "À finir",
        "content": {"title": "Un"},
    }
    other = with_booklet(here, "other")
    mine = saved(other, title="Deux")
    assert upload(other, record).status_code == 200
    assert drafts(other) == [mine]


@pytest.mark.parametrize("rubric", LEAST)
def test_every_rubric_names_an_empty_draft(owner: Caller, rubric: str) -> None:
    assert isinstance(saved(owner, rubric)["headline"], str)
