"""What is personal is sealed: nowhere in clear, and opened in its own place with its own key only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from graphql_api.app import create_application
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.canaries import MARK, canaries_in, sow, stored
from tests.graphql_api.documents import (
    ADD,
    LINK,
    REMOVE,
    WHOLE,
    added,
    entry,
    seen,
    whole,
)

FEW = ("diploma", "training", "competence", "attachment", "recommendation")
TAMPERED = (
    ("booklet_section", False),
    ("booklet", False),
    ("booklet_key", True),
)
DAMAGED = "{ booklet { damaged { kind id rubric label } } }"
SHARED = "query($id: ID!) { sharedDossier(id: $id) { title holder { lastName } } }"


def test_nothing_personal_is_stored_in_clear(here: Here) -> None:
    caller, made = sow(here)
    told = str(whole(caller))
    assert told.lower().count(MARK) > 60
    places = list(stored(here.deployment))
    booklet = whole(caller)["id"].encode()
    assert [name for name, raw in places if booklet in raw], "the search finds what is there"
    for name, raw in places:
        assert canaries_in(raw) == [], name
        assert b"Livret individuel de formation" not in raw, name
    columns = {name for name, _ in places}
    assert {"booklet_section.sealed", "answer.sealed", "booklet_key.wrapped"} <= columns
    assert len(made) == 12


def test_equal_contents_leave_nothing_equal_behind(here: Here) -> None:
    """Whoever holds a copy of the data cannot check a guess about it."""
    kept: list[set[bytes]] = []
    for name in ("first", "second"):
        caller = with_booklet(here, name)
        answer = caller.do(ADD, entry=entry("diploma"), key="once")
        assert answer["__typename"] == "EntryAdded"
        booklet = whole(caller)["id"]
        rows = here.deployment.store.database.execute_sql(
            "SELECT key_hash, request_hash, sealed FROM answer WHERE booklet = "
            + ("?" if here.kind == "sqlite" else "%s"),
            (booklet,),
        ).fetchall()
        kept.append({str(value).encode() for value in rows[0]})
    assert kept[0] & kept[1] == set()


def test_a_repeated_request_gets_its_sealed_answer(here: Here) -> None:
    caller, _ = sow(here)
    before = whole(caller)
    again = {"entry": entry("attachment"), "key": "again"}
    first, second = caller.do(ADD, **again), caller.do(ADD, **again)
    assert first == second
    assert len(whole(caller)["entries"]) == len(before["entries"]) + 1
    assert caller.do(ADD, entry=entry("diploma"), key="again")["code"] == "IDEMPOTENCY_MISMATCH"


class Two:
    """Two booklets, of which the first is tampered with."""

    def __init__(self, here: Here) -> None:
        self.here = here
        self.mine, self.entries = sow(here, rubrics=FEW)
        self.other = with_booklet(here, "other")
        self.strange = added(self.other, "diploma")["id"]
        self.booklet = whole(self.mine)["id"]
        self.other_booklet = whole(self.other)["id"]
        self.dossier = whole(self.mine)["dossiers"][0]["id"]

    def run(self, sql: str, *params: object, keys: bool = False) -> Any:
        store = self.here.deployment.key_store if keys else self.here.deployment.store
        marked = sql if self.here.kind == "sqlite" else sql.replace("?", "%s")
        return store.database.execute_sql(marked, params)

    def rows(self, table: str, *, keys: bool = False) -> list[Any]:
        return list(self.run(f"SELECT * FROM {table} ORDER BY 1, 2", keys=keys).fetchall())

    def put_back(self, table: str, rows: list[Any], *, keys: bool) -> None:
        self.run(f"DELETE FROM {table}", keys=keys)
        for row in rows:
            self.run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row, keys=keys)

    def value(self, sql: str, *params: object, keys: bool = False) -> Any:
        return self.run(sql, *params, keys=keys).fetchone()[0]


@pytest.fixture
def two(here: Here) -> Two:
    return Two(here)


def another_section(two: Two) -> None:
    _put(two, "FORMATIONS", *_stored(two, "ATTACHMENTS"))


def another_version(two: Two) -> None:
    """What an old backup would put back: a section of the booklet itself, under its own version."""
    former = _stored(two, "FORMATIONS")
    revise = """mutation($id: ID!, $entry: EntryInput!) {
      entryRevise(id: $id, version: 1, entry: $entry) { __typename } }"""
    answer = two.mine.do(revise, id=two.entries["diploma"]["id"], entry=entry("diploma"))
    assert answer["__typename"] == "EntryRevised"
    _put(two, "FORMATIONS", *former)


def another_versions_number(two: Two) -> None:
    _, sealed = _stored(two, "FORMATIONS")
    _put(two, "FORMATIONS", 1_000, sealed)


def another_booklets_section(two: Two) -> None:
    _put(two, "FORMATIONS", *_stored(two, "FORMATIONS", two.other_booklet))


def a_whole_row_of_another_booklet(two: Two) -> None:
    two.run("DELETE FROM booklet_section WHERE booklet = ? AND section = 'FORMATIONS'", two.booklet)
    two.run(
        "UPDATE booklet_section SET booklet = ? WHERE booklet = ? AND section = 'FORMATIONS'",
        two.booklet, two.other_booklet,
    )  # fmt: skip


def a_section_taken_away(two: Two) -> None:
    two.run(
        "DELETE FROM booklet_section WHERE booklet = ? AND section = 'COMPETENCES'", two.booklet
    )


def another_identity(two: Two) -> None:
    _put(two, "IDENTITY", *_stored(two, "IDENTITY", two.other_booklet))


def another_dossier(two: Two) -> None:
    _put(two, "DOSSIERS", *_stored(two, "DOSSIERS", two.other_booklet))


def a_former_head(two: Two) -> None:
    former = _stored(two, "HEAD")
    id, target = two.entries["competence"]["id"], two.entries["training"]["id"]
    answer = two.mine.do(LINK, id=id, version=2, target=target, relation="ACQUIRED")
    assert answer["__typename"] == "TieWritten", answer
    _put(two, "HEAD", *former)


def no_head(two: Two) -> None:
    two.run("DELETE FROM booklet_section WHERE booklet = ? AND section = 'HEAD'", two.booklet)


def another_key(two: Two) -> None:
    key = "SELECT wrapped FROM booklet_key WHERE booklet = ?"
    wrapped = two.value(key, two.other_booklet, keys=True)
    two.run("UPDATE booklet_key SET wrapped = ? WHERE booklet = ?", wrapped, two.booklet, keys=True)


def a_key_cut_short(two: Two) -> None:
    two.run("UPDATE booklet_key SET wrapped = ?", b"short", keys=True)


def one_bit(two: Two) -> None:
    version, sealed = _stored(two, "FORMATIONS")
    _put(two, "FORMATIONS", version, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def nothing_at_all(two: Two) -> None:
    _put(two, "FORMATIONS", 1, b"")


def plain_text(two: Two) -> None:
    _put(two, "FORMATIONS", 1, b'{"shape": 1, "entries": []}')


def _stored(two: Two, section: str, booklet: str | None = None) -> tuple[int, bytes]:
    query = "SELECT version, sealed FROM booklet_section WHERE booklet = ? AND section = ?"
    version, sealed = two.run(query, booklet or two.booklet, section).fetchone()
    return version, bytes(sealed)


def _put(two: Two, section: str, version: int, sealed: bytes) -> None:
    two.run(
        "UPDATE booklet_section SET version = ?, sealed = ? WHERE booklet = ? AND section = ?",
        version, sealed, two.booklet, section,
    )  # fmt: skip


TAMPERINGS: tuple[Callable[[Two], None], ...] = (
    another_section,
    another_version,
    another_versions_number,
    another_booklets_section,
    a_whole_row_of_another_booklet,
    a_section_taken_away,
    another_identity,
    another_dossier,
    a_former_head,
    no_head,
    another_key,
    a_key_cut_short,
    one_bit,
    nothing_at_all,
    plain_text,
)


KEYS = (another_key, a_key_cut_short)


def test_a_value_that_is_not_in_its_place_does_not_open(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    kept = [(table, keys, two.rows(table, keys=keys)) for table, keys in TAMPERED]
    before = whole(two.mine)
    for tamper in TAMPERINGS:
        tamper(two)
        caplog.clear()
        check_unreadable(two, tamper in KEYS)
        assert "damaged: " in caplog.text, tamper
        assert canaries_in(caplog.text) == []
        for table, keys, rows in kept:
            two.put_back(table, rows, keys=keys)
        assert whole(two.mine) == before, tamper


def check_unreadable(two: Two, of_key: bool) -> None:
    """What does not open is told and not shown; without the key nothing is read or written."""
    entries = two.rows("booklet_section")
    if of_key:
        removing = {"id": two.entries["recommendation"]["id"], "version": 1}
        for document, variables in (
            (WHOLE, {}),
            (REMOVE, removing),
            (ADD, {"entry": entry("diploma")}),
        ):
            assert two.mine.error(document, **variables) == "DAMAGED"
    else:
        assert two.mine.ask(DAMAGED)["booklet"]["damaged"]
        assert two.mine.ask(WHOLE)["booklet"]
    assert two.mine.error(SHARED, id=two.dossier) == "DAMAGED"
    download = two.here.client.get(
        f"/dossiers/{two.dossier}.zip", headers={"authorization": f"Bearer {two.mine.token}"}
    )
    assert download.status_code == 403
    assert download.json()["errors"][0]["extensions"]["code"] == "DAMAGED"
    assert canaries_in(download.text) == []
    assert two.rows("booklet_section") == entries


def test_what_is_wrong_with_one_booklet_does_not_touch_another(two: Two) -> None:
    one_bit(two)
    assert seen(two.other, two.strange)["headline"]
    assert two.other.ask(DAMAGED) == {"booklet": {"damaged": []}}


def test_the_answer_of_one_idempotency_key_does_not_open_under_another(two: Two) -> None:
    for key in ("one", "two"):
        assert two.mine.do(ADD, entry=entry("attachment"), key=key)["entry"]
    sealed = two.value("SELECT sealed FROM answer ORDER BY created_at DESC LIMIT 1")
    two.run("UPDATE answer SET sealed = ?", sealed)
    answer = two.mine.do(ADD, entry=entry("attachment"), key="one")
    assert (answer["__typename"], answer["code"]) == ("Damaged", "DAMAGED")
    assert len(whole(two.mine)["entries"]) == len(FEW) + 2


def test_under_another_master_key_nothing_opens_and_nothing_is_said_to_be_damaged(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which a service meets that went on while its master key was replaced."""
    caller, _ = sow(here)
    before = whole(caller)
    settings = replace(here.deployment.settings, master_key=bytes(32))
    monkeypatch.setattr("graphql_api.app.recover_and_clean_up", lambda _service: None)
    with TestClient(create_application(settings)) as client:
        stranger = Caller(client, caller.token, caller.name)
        for document, variables in ((WHOLE, {}), (ADD, {"entry": entry("diploma")})):
            answer = stranger.post({"query": document, "variables": variables})
            assert answer.status_code == 503
    assert whole(caller) == before


def test_destroying_its_key_makes_a_booklet_unreadable_for_ever(two: Two) -> None:
    two.run("DELETE FROM booklet_key WHERE booklet = ?", two.booklet, keys=True)
    assert two.mine.ask(WHOLE) == {"booklet": None}
    assert two.mine.ask(SHARED, id=two.dossier) == {"sharedDossier": None}
    assert two.mine.do(ADD, entry=entry("diploma"))["code"] == "WRONG_STATE"
    held = "SELECT count(*) FROM booklet_section WHERE booklet = ? AND section = 'FORMATIONS'"
    assert two.value(held, two.booklet) == 1
    places = list(stored(two.here.deployment))
    assert [name for name, raw in places if two.booklet.encode() in raw]
    for name, raw in places:
        assert canaries_in(raw) == [], name
    assert seen(two.other, two.strange)["headline"]
