"""The record: all that is stored of a booklet, taken along and brought into an empty one."""

import json
import time
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api.demo.loading import load_booklet
from graphql_api.records import records
from graphql_api.serving import build_service
from graphql_api.storage.tables import OfficerTable
from tests.conftest import IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.documents import LEAST, LINK, MOVE, PROVE, REVISE, added, at_once, whole
from tests.graphql_api.records.records import EXPORT, IMPORT, download, exported, portable, upload
from tests.graphql_api.signing_rows import sign_rows
from tests.schema.record.record_sample import RECORD


def load(here: Here, name: str, booklet: str) -> Caller:
    """Somebody with a demo booklet."""
    caller, service = here.caller(name), build_service(here.deployment.settings)
    try:
        load_booklet(service, caller.token or "", booklet)
    finally:
        service.close()
    return caller


def full(here: Here, name: str = "owner") -> Caller:
    """Somebody whose booklet has an entry in every rubric, ties, and an order of their own."""
    caller = with_booklet(here, name)
    made = {rubric: added(caller, rubric, comment=f"Sur {rubric}")["id"] for rubric in LEAST}
    second = added(caller, "attachment", title="Copie du permis")["id"]
    assert caller.do(MOVE, id=second, version=1, before=made["attachment"])["__typename"]
    said = {"version": 1, "target": made["training"]}
    caller.do(LINK, id=made["competence"], relation="USED", note="À l’état civil", **said)
    caller.do(PROVE, id=made["attachment"], **said | {"target": made["diploma"]})
    hidden = {"training": {"shareable": False}}
    caller.do(REVISE, id=made["training"], version=1, entry=hidden)
    return caller


@pytest.mark.parametrize("booklet", ["julliard", "teriitahi"])
def test_a_demo_booklet_comes_back_equal(here: Here, booklet: str) -> None:
    first, second = load(here, "first", booklet), with_booklet(here, "second")
    file = download(first)
    answer = upload(second, file.content)
    assert answer.status_code == 200, answer.text
    before, after = file.json(), exported(second)
    assert portable(after) == portable(before)
    assert json.dumps(portable(after)) == json.dumps(portable(before)), "the order is the same"
    assert len(after["entries"]) == answer.json()["imported"]["entries"] > 40
    assert answer.json()["imported"]["links"] == len(after["links"]) > 10
    assert after["booklet"] != before["booklet"]
    shown, brought = whole(first), whole(second)
    for entries in (shown["entries"], brought["entries"]):
        for entry in entries:
            del entry["version"]
    assert brought["entries"] == shown["entries"]
    assert brought["identity"] | {"version": 0} == shown["identity"] | {"version": 0}


def test_what_was_said_of_entries_comes_back(here: Here) -> None:
    owner, other = full(here), with_booklet(here, "other")
    record = exported(owner)
    assert other.do(IMPORT, record=record)["__typename"] == "BookletImported"
    assert portable(exported(other)) == portable(record)
    ranked = [one for one in record["entries"] if "rank" in one]
    assert [(one["rubric"], one["rank"]) for one in ranked] == [
        ("COMPETENCE", 1),
        ("ATTACHMENT", 1),
        ("ATTACHMENT", 2),
    ]
    assert [one["content"]["title"] for one in ranked[1:]] == ["Copie du permis", "Copie du BTS"]
    (link,), (proof,) = record["links"], record["evidence"]
    assert (link["relation"], link["note"]) == ("USED", "À l’état civil")
    by_id = {one["id"]: one for one in record["entries"]}
    assert by_id[link["target"]]["rubric"] == "TRAINING"
    assert by_id[link["target"]]["shareable"] is False
    assert by_id[proof["entry"]]["comment"] == "Sur diploma"


def test_a_record_written_by_hand_is_exported_as_it_is_stored(owner: Caller) -> None:
    answer = upload(owner, RECORD)
    assert answer.json() == {"imported": {"entries": 4, "links": 2, "evidence": 1, "dossiers": 1}}
    record = exported(owner)
    assert record["identity"] == RECORD["identity"] | {"phoneMobile": "0639981475"}
    assert record["situation"] == RECORD["situation"]
    assert record["dossiers"] == [one | {"form": "FULL"} for one in RECORD["dossiers"]]
    diploma = record["entries"][0]
    assert diploma == RECORD["entries"][0] | {
        "createdAt": "2020-01-02T03:04:05Z",
        "updatedAt": "2021-01-02T03:04:05.500000Z",
    }
    assert [one["id"] for one in record["entries"]] == [one["id"] for one in RECORD["entries"]]


def test_both_doors_give_the_same_record(here: Here) -> None:
    owner = full(here)
    file, asked = download(owner), exported(owner)
    assert file.json() | {"exportedAt": ""} == asked | {"exportedAt": ""}
    assert file.headers["content-disposition"] == 'attachment; filename="livret.json"'
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-type"] == "application/json"
    assert file.text.startswith('{\n  "format": "livret",\n  "formatVersion": 1,\n')
    assert "À l’état civil" in file.text


def test_the_record_tells_all_that_is_stored_of_its_owner(here: Here, owner: Caller) -> None:
    store = here.deployment.store
    with store.writing():
        ((person,),) = store.database.execute_sql("SELECT person FROM booklet").fetchall()
        store.run(OfficerTable.insert(person=person, siret="21750001600019", created_at=0))
    sign_rows(store)
    here.caller("other").ask(EXPORT, id=whole(owner)["id"])
    record = exported(owner)
    assert record["account"].pop("createdAt") < record["exportedAt"]
    assert record["account"] == {
        "signIns": [{"issuer": "livret", "subject": "owner"}],
        "codeGivenBy": "21330063500017",
        "officerOf": [{"siret": "21750001600019", "since": "1970-01-01T00:00:00Z"}],
        "operatorSince": None,
    }
    assert record["booklet"].keys() == {"state", "version", "createdAt", "updatedAt"}
    assert [one["version"] for one in record["charter"]] == ["1"]
    sent = {key: value for key, value in IDENTITY.items() if key != "emailConfirmation"}
    assert record["identity"] == sent
    (access,) = record["accesses"]
    assert access["outcome"] == "REFUSED"
    assert access["sentence"].startswith("Le ")


def test_a_booklet_that_is_not_open_yet_has_a_record_too(here: Here) -> None:
    early = here.caller("early")
    early.do(OPEN, code=here.code())
    record = exported(early)
    assert record["booklet"]["state"] == "CODE_GIVEN"
    assert (record["identity"], record["entries"], record["charter"]) == (None, [], [])


def test_the_records_identity_replaces_the_present_one_and_a_later_revision_works(
    owner: Caller,
) -> None:
    upload(owner, RECORD)
    seen = whole(owner)
    assert seen["identity"]["lastName"] == "Lefèvre"
    assert seen["identity"]["phoneMobile"] == "0639981475"
    assert seen["identity"]["version"] == 2
    entry = seen["entries"][0]
    said = {"id": entry["id"], "version": 1, "entry": {"diploma": {"title": "Autre"}}}
    assert owner.do(REVISE, **said)["__typename"] == "EntryRevised"
    assert exported(owner)["entries"][0]["createdAt"] == "2020-01-02T03:04:05Z"


def test_a_situation_that_the_record_says_is_none_is_erased(owner: Caller) -> None:
    say = """mutation($version: Int!) {
      situationRevise(situation: {employerName: "Ville de Pau"}, version: $version) { __typename }
    }"""
    assert owner.do(say, version=0)["__typename"] == "SituationRevised"
    head = {"format": "livret", "formatVersion": 1}
    assert owner.do(IMPORT, record=head)["__typename"] == "BookletImported"
    assert exported(owner)["situation"] == {"employerName": "Ville de Pau"}
    assert owner.do(IMPORT, record=head | {"situation": None})["__typename"] == "BookletImported"
    assert exported(owner)["situation"] is None
    assert owner.do(say, version=0)["__typename"] == "SituationRevised"


def test_equal_ids_in_another_booklet_are_not_touched(here: Here) -> None:
    first, second = with_booklet(here, "first"), with_booklet(here, "second")
    upload(first, RECORD)
    before = whole(first), exported(first)["identity"]
    later = json.loads(json.dumps(RECORD).replace("BTS", "DUT").replace("Lefèvre", "Martin"))
    assert upload(second, later).status_code == 200
    assert (whole(first), exported(first)["identity"]) == before
    ids = [one["id"] for one in whole(second)["entries"]]
    assert ids == [one["id"] for one in before[0]["entries"]]
    assert whole(second)["entries"][0]["headline"] != before[0]["entries"][0]["headline"]


def test_of_imports_at_once_one_is_done(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    read = records.read_record

    def slowly(*given: Any, **named: Any) -> Any:
        time.sleep(0.05)  # time enough for another to find the booklet empty too
        return read(*given, **named)

    monkeypatch.setattr(records, "read_record", slowly)
    answers = at_once(*[lambda: upload(owner, RECORD).status_code] * 8)
    assert sorted(answers) == [200] + [409] * 7
    assert len(exported(owner)["entries"]) == 4


def test_the_same_file_under_one_key_is_imported_once_and_answered_the_same(owner: Caller) -> None:
    answers = at_once(*[lambda: upload(owner, RECORD, idempotency_key="one").content] * 8)
    assert len(set(answers)) == 1
    assert json.loads(answers[0])["imported"]["entries"] == 4
    before = whole(owner)
    other = upload(owner, RECORD | {"situation": None}, idempotency_key="one")
    assert other.status_code == 409
    assert other.json()["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_MISMATCH"
    assert upload(owner, RECORD, idempotency_key="two").status_code == 409
    assert whole(owner) == before


def test_the_same_mutation_under_one_key_is_done_once(owner: Caller) -> None:
    first = owner.do(IMPORT, record=RECORD, key="one")
    assert first["__typename"] == "BookletImported"
    assert owner.do(IMPORT, record=RECORD, key="one") == first
    assert owner.do(IMPORT, record={}, key="one")["__typename"] == "IdempotencyMismatch"
    assert owner.do(IMPORT, record=RECORD)["__typename"] == "BookletNotEmpty"


ENTRY = st.builds(
    lambda rubric, seconds, shareable, comment: (rubric, seconds, shareable, comment),
    st.sampled_from(sorted(LEAST)),
    st.integers(0, 10**9),
    st.booleans(),
    st.none() | st.text('aé’ «»\n\t🙂<&\\"', max_size=6),
)


def generated(drawn: list[Any]) -> dict[str, Any]:
    """A record of these entries, with every tie that can be."""
    entries = []
    for rubric, seconds, shareable, comment in drawn:
        name = "".join(f"_{each}" if each.isupper() else each for each in rubric).upper()
        if any(one["rubric"] == name == "DRIVING_LICENCE" for one in entries):
            continue
        at = f"2000-01-01T00:00:00.{seconds % 10**6:06d}Z"
        told = {"id": str(uuid.uuid4()), "rubric": name, "createdAt": at, "updatedAt": at}
        beside = {"shareable": shareable, "comment": comment, "content": LEAST[rubric]}
        entries.append(told | beside)
    kept = [one for one in entries if one["rubric"] in ("DIPLOMA", "TRAINING")]
    return {
        "format": "livret",
        "formatVersion": 1,
        "entries": entries,
        "links": [
            {"competence": one["id"], "target": target["id"], "relation": "ACQUIRED"}
            for one in entries
            if one["rubric"] == "COMPETENCE"
            for target in kept
        ],
        "evidence": [
            {"attachment": one["id"], "entry": proved["id"]}
            for one in entries
            if one["rubric"] == "ATTACHMENT"
            for proved in kept
        ],
    }


@given(st.lists(ENTRY, max_size=8))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_booklet_comes_back_equal(here: Here, drawn: list[Any]) -> None:
    here.deployment.empty()
    first, second = with_booklet(here, "first"), with_booklet(here, "second")
    record = generated(drawn)
    assert first.do(IMPORT, record=record)["__typename"] == "BookletImported"
    once = exported(first)
    assert {one["id"] for one in once["entries"]} == {one["id"] for one in record["entries"]}
    assert len(once["links"]) == len(record["links"])
    assert second.do(IMPORT, record=once)["__typename"] == "BookletImported"
    assert json.dumps(portable(exported(second))) == json.dumps(portable(once))
