"""What of a record is refused, at both doors: whole, with its place, and nothing half-written."""

import asyncio
import json
from typing import Any

import pytest

from graphql_api.app import create_application
from graphql_api.records.routes import RECORD_BYTES
from graphql_api.storage.content import booklet_writer
from schema import texts
from schema.description.bounds import MAX_ENTRIES
from tests.conftest import OPEN, Caller, Here, with_booklet
from tests.graphql_api.documents import added, entry, refused, whole
from tests.graphql_api.records.records import (
    EXPORT,
    IMPORT,
    authorized,
    download,
    exported,
    portable,
    told,
    upload,
)
from tests.schema.record.record_sample import ABSENT, RECORD, changed

TABLES = ("booklet_section", "dossier_index", "answer", "booklet")
SPOILT = [
    changed("format", "europass"),
    changed("entries.3.content.title", ""),
    changed("entries.3.id", "1"),
    changed("links.1.target", ABSENT),
    changed("evidence.0.entry", RECORD["entries"][3]["id"]),
    changed("dossiers.0.purpose", "CADEAU"),
    changed("identity.email", "x"),
    changed("situation", {"employerCity": "Pau"}),
    changed("plus", 1),
    changed("entries", [{}] * (MAX_ENTRIES + 1)),
]


def stored(here: Here) -> dict[str, Any]:
    """All rows of a booklet's tables, as they are."""
    database = here.deployment.store.database
    rows = {
        table: sorted(
            tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
            for row in database.execute_sql(f"SELECT * FROM {table}").fetchall()
        )
        for table in TABLES
    }
    if not here.deployment.store.is_sqlite:
        database.connection().rollback()
    return rows


def test_a_spoilt_record_is_refused_whole_at_both_doors(here: Here, owner: Caller) -> None:
    before = stored(here)
    for record in SPOILT:
        (problem, *others) = owner.do(IMPORT, record=record)["problems"]
        assert problem["path"].startswith("record.")
        response = upload(owner, record)
        first = response.json()["errors"][0]["extensions"]["problems"]
        assert [f"record.{each['path']}" for each in first] == [
            each["path"] for each in (problem, *others)
        ]
        assert stored(here) == before
    assert upload(owner, RECORD).status_code == 200
    assert stored(here) != before


def test_a_file_tells_the_line_of_each_problem(owner: Caller) -> None:
    record = changed("entries.0.content.awardedOn", "2999")
    del record["entries"][1]["content"]["title"]
    record["entries"][2]["plus"] = 1
    written = json.dumps(record, indent=2, ensure_ascii=False).splitlines()
    found = told(upload(owner, "\n".join(written).encode()))
    assert [(path, code) for path, code, _ in found] == [
        ("entries[0].content.awardedOn", "DATE_OUT_OF_RANGE"),
        ("entries[1].content.title", "REQUIRED"),
        ("entries[2].plus", "UNKNOWN_KEY"),
    ]
    assert [written[line - 1].split(":")[0].strip() for _, _, line in found] == [
        '"awardedOn"',
        '"content"',
        '"plus"',
    ]


def test_a_file_that_is_no_json_is_told_with_line_and_column(here: Here, owner: Caller) -> None:
    before = stored(here)
    response = upload(owner, b'{\n  "format": "livret",\n  "formatVersion": }')
    (problem,) = response.json()["errors"][0]["extensions"]["problems"]
    assert problem.pop("message")
    assert problem == {"path": "", "code": "NOT_JSON", "line": 3, "column": 20}
    for file, code in (
        (b"", "NOT_JSON"),
        (b"\xff\xfe{}", "NOT_JSON"),
        (b"[" * 100_000, "TOO_DEEP"),
        (b'{"a": NaN}', "NOT_JSON"),
        (b'{"format": "livret", "format": "livret"}', "DUPLICATE_KEY"),
        (b"9" * 100_000, "WRONG_TYPE"),
        (b'"\\ud800"', "WRONG_TYPE"),
        (b'{"\\ud800": 1}', "REQUIRED"),
    ):
        assert told(upload(owner, file))[-1][1] == code
    assert stored(here) == before


@pytest.mark.parametrize(
    "written",
    ["[]", "null", "1", '"x"', "{}", "9" * 5_000, "-1e999", "[" * 40 + "]" * 40, "{format: 9}"],
)
def test_whatever_is_written_into_a_document_is_refused_as_data_or_as_a_bad_argument(
    owner: Caller, written: str
) -> None:
    before = whole(owner)
    document = IMPORT.replace("$record: JSON!, ", "").replace("$record", written)
    body = owner.post({"query": document}).json()
    if "errors" in body:
        codes = {error["extensions"]["code"] for error in body["errors"]}
        assert codes <= {"BAD_USER_INPUT", "VALIDATION_FAILED", "TOO_DEEP", "PARSE_FAILED"}, body
    else:
        assert refused(body["data"]["bookletImport"])
    assert whole(owner) == before


def test_deep_variables_are_refused(owner: Caller) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = {"a": [deep]}
    for record in (deep, {"format": "livret", "formatVersion": 1, "account": deep}):
        assert refused(owner.do(IMPORT, record=record, key="one")) == [("record", "TOO_DEEP")]


def test_only_an_empty_booklet_takes_a_record(here: Here, owner: Caller) -> None:
    added(owner, "diploma")
    before = stored(here)
    answer = owner.do(IMPORT, record=RECORD)
    assert (answer["__typename"], answer["code"]) == ("BookletNotEmpty", "BOOKLET_NOT_EMPTY")
    assert answer["entries"] == 1
    response = upload(owner, RECORD)
    assert response.status_code == 409
    assert response.json()["errors"][0]["extensions"] == {"code": "BOOKLET_NOT_EMPTY"}
    assert stored(here) == before


def test_saved_dossiers_make_a_booklet_not_empty(owner: Caller) -> None:
    head = {"format": "livret", "formatVersion": 1}
    assert upload(owner, head | {"dossiers": RECORD["dossiers"]}).status_code == 200
    assert upload(owner, RECORD).status_code == 409
    assert exported(owner)["entries"] == []


def test_only_an_open_booklet_takes_a_record(here: Here) -> None:
    nothing = here.caller("nothing")
    assert owner_state(nothing) == "NONE"
    assert upload(nothing, RECORD).status_code == 409
    assert download(nothing).status_code == 404
    assert nothing.ask(EXPORT) == {"bookletRecord": None}
    early = here.caller("early")
    early.do(OPEN, code=here.code())
    assert owner_state(early) == "CODE_GIVEN"
    assert exported(early)["entries"] == []


def owner_state(caller: Caller) -> str:
    answer = caller.do(IMPORT, record=RECORD)
    assert answer["__typename"] == "WrongState"
    return str(answer["state"])


def test_a_new_charter_is_asked_for_first(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CHARTER", texts.load_text("charter-1", "2"))
    before = stored(here)
    assert owner.do(IMPORT, record=RECORD)["__typename"] == "OutdatedCharter"
    response = upload(owner, RECORD)
    assert response.status_code == 409
    assert response.json()["errors"][0]["extensions"]["code"] == "OUTDATED_CHARTER"
    assert stored(here) == before


def test_nobody_else_reads_or_writes_it(here: Here, owner: Caller) -> None:
    upload(owner, RECORD)
    id, before = whole(owner)["id"], whole(owner)
    reader, writer = here.caller("owner", "livret:read"), here.caller("owner", "livret:write")
    for caller, status, code in (
        (here.nobody(), 401, "UNAUTHENTICATED"),
        (Caller(here.client, "x.y.z", "forger"), 401, "INVALID_TOKEN"),
        (here.caller("officer", "rh:codes"), 403, "INSUFFICIENT_SCOPE"),
    ):
        for response in (download(caller), upload(caller, RECORD)):
            assert response.status_code == status
            assert response.json()["errors"][0]["extensions"]["code"] == code
            assert response.headers["cache-control"] == "no-store"
            assert ("www-authenticate" in response.headers) is (status == 401)
    assert download(writer).status_code == upload(reader, RECORD).status_code == 403
    assert writer.error(EXPORT) == reader.error(IMPORT, record={}) == "INSUFFICIENT_SCOPE"
    assert here.nobody().error(EXPORT) == "UNAUTHENTICATED"
    other = with_booklet(here, "other")
    assert other.ask(EXPORT, id=id) == other.ask(EXPORT, id=ABSENT) == {"bookletRecord": None}
    assert other.ask(EXPORT)["bookletRecord"]["entries"] == []
    assert whole(owner) == before


def test_a_refused_caller_is_answered_before_the_body_is_taken_in(here: Here) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("the body was asked for")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", b"7000000")]
    scope = {"type": "http", "method": "POST", "path": "/booklet.json", "headers": headers}
    asked = scope | {"query_string": b"", "root_path": ""}
    asyncio.run(create_application(here.deployment.settings)(asked, receive, send))
    assert sent[0]["status"] == 401


def test_a_body_has_its_bounds(here: Here, owner: Caller) -> None:
    within = json.dumps(RECORD).encode().ljust(RECORD_BYTES)
    response = upload(owner, within + b" ")
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
    for headers in (
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ):
        refusal = here.client.post(
            "/booklet.json", content=b"{}", headers=authorized(owner) | headers
        )
        assert refusal.status_code == 415
    cookie = {"cookie": "session=1", "content-type": "application/json"}
    assert here.client.post("/booklet.json", content=b"{}", headers=cookie).status_code == 403
    assert here.client.put("/booklet.json", headers=authorized(owner)).status_code == 405
    assert exported(owner)["entries"] == []
    assert upload(owner, within).status_code == 200


def test_a_full_booklet_passes_where_graphql_takes_no_more(here: Here, owner: Caller) -> None:
    content = entry("training", content="é" * (1_000_000 // MAX_ENTRIES))["training"]
    entries = [
        {"id": f"{number:08x}{ABSENT[8:]}", "rubric": "TRAINING", "content": content}
        for number in range(MAX_ENTRIES)
    ]
    record = {"format": "livret", "formatVersion": 1, "entries": entries}
    assert owner.post({"query": IMPORT, "variables": {"record": record}}).status_code == 413
    assert upload(owner, record).json()["imported"]["entries"] == MAX_ENTRIES
    other = with_booklet(here, "other")
    assert upload(other, download(owner).content).status_code == 200
    assert portable(exported(other)) == portable(exported(owner))


@pytest.mark.parametrize("step", ["write_sections", "_save_dossier_ids"])
def test_a_fault_in_the_middle_leaves_nothing(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before, write = stored(here), getattr(booklet_writer, step)

    def failing(*arguments: Any) -> None:
        write(*arguments)
        raise RuntimeError("canary")

    monkeypatch.setattr(booklet_writer, step, failing)
    response = upload(owner, RECORD, idempotency_key="one")
    assert response.status_code == 500
    assert "canary" not in response.text
    assert owner.error(IMPORT, record=RECORD) == "INTERNAL_ERROR"
    assert stored(here) == before
    monkeypatch.undo()
    assert upload(owner, RECORD, idempotency_key="one").status_code == 200


def test_a_key_is_checked_as_everywhere(owner: Caller) -> None:
    assert told(upload(owner, RECORD, idempotency_key="x" * 101)) == [
        ("idempotencyKey", "TOO_LONG", 1)
    ]
    assert refused(owner.do(IMPORT, record=RECORD, key="")) == [("idempotencyKey", "REQUIRED")]
    assert exported(owner)["entries"] == []


def test_what_was_brought_in_is_sealed(here: Here, owner: Caller) -> None:
    canaries = json.dumps(RECORD).replace("BTS", "Canari").replace("Mutation", "Canari")
    assert upload(owner, canaries.encode()).status_code == 200
    assert "Canari" in json.dumps(exported(owner))
    assert b"Canari" not in repr(stored(here)).encode()


TRY = """mutation($record: JSON!, $key: String) {
  bookletImport(record: $record, dryRun: true, idempotencyKey: $key) {
    ... on BookletImported { booklet { closing { entries ties dossiers } identity { lastName } } }
    ... on Refusal { code message }
    ... on InvalidEntry { problems { path code } }
  }
}"""


def test_a_record_that_is_only_tried_shows_what_it_would_bring_and_writes_nothing(
    here: Here, owner: Caller
) -> None:
    before = stored(here)
    told_first = owner.do(TRY, record=RECORD, key="k")["booklet"]
    assert told_first["identity"]["lastName"] == RECORD["identity"]["lastName"]
    assert told_first["closing"] == {
        "entries": len(RECORD["entries"]),
        "ties": len(RECORD["links"]) + len(RECORD["evidence"]),
        "dossiers": len(RECORD["dossiers"]),
    }
    assert stored(here) == before
    assert owner.do(IMPORT, record=RECORD)["__typename"] == "BookletImported"
    assert whole(owner)["identity"]["lastName"] == told_first["identity"]["lastName"]
    assert owner.do(TRY, record=RECORD)["code"] == "BOOKLET_NOT_EMPTY"


def test_a_spoilt_record_that_is_only_tried_is_refused_as_it_would_be(
    here: Here, owner: Caller
) -> None:
    before = stored(here)
    answer = owner.do(TRY, record=SPOILT[1])
    assert (answer["code"], answer["problems"][0]["path"]) == (
        "INVALID_ENTRY",
        "record.entries[3].content.title",
    )
    assert stored(here) == before
