"""Data that were put back from a backup are seen: the key store knows the last head of each booklet."""

import json
from typing import Any

import pytest

from graphql_api.callers.permissions import CallerRole
from graphql_api.operations import head_telling
from graphql_api.storage.content import booklet_repository
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.keys.known_heads import KnownHeads
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from schema.booklet import Booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import given
from tests.graphql_api.documents import ADD, added, entry
from tests.graphql_api.roles import Scene
from tests.graphql_api.roles import scene as scene
from tests.patience import PATIENCE_SECONDS, until

DAMAGED = "{ booklet { id damaged { kind id } entries { id } } }"
SHARED = "query($id: ID!) { sharedDossier(id: $id) { title } }"
REMOVE_DAMAGED = """mutation($id: ID!) { damagedPartRemove(kind: HEAD, id: $id) {
  __typename ... on Refusal { code } } }"""


class Watched:
    """The two booklets of the scene, and what the key store is told of their heads."""

    def __init__(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scene = scene
        self.here = scene.here
        self.owner = scene.callers[CallerRole.OWNER]
        self.other = scene.callers[CallerRole.OTHER_AGENT]
        self.ids = scene.owners
        self.booklet: str = scene.owners["booklet"]
        self.heads = self._of_the_service(monkeypatch)
        self.waits = self.heads.delay

    def _of_the_service(self, monkeypatch: pytest.MonkeyPatch) -> KnownHeads:
        """What the service under test notes heads in: a read of what nobody told notes one."""
        found, note = [], KnownHeads.note

        def noting(self: KnownHeads, *head: Any) -> None:
            found.append(self)
            note(self, *head)

        with monkeypatch.context() as watching:
            watching.setattr(KnownHeads, "note", noting)
            self.owner.ask(DAMAGED)
        found[0]._waiting.clear()  # what earlier tests left, of booklets that were put back since
        self.owner.ask(DAMAGED)
        return found[0]

    def tell(self) -> int:
        """Tell all that waits, as after half a minute."""
        self.heads.delay = -1
        told = self.heads.tell()
        self.heads.delay = self.waits
        return told

    def run(self, sql: str, *params: object, keys: bool = False) -> list[Any]:
        deployment = self.here.deployment
        store = deployment.key_store if keys else deployment.store
        marked = sql if self.here.kind == "sqlite" else sql.replace("?", "%s")
        cursor = store.database.execute_sql(marked, params)
        return list(cursor.fetchall()) if cursor.description else []

    def sections(self) -> list[Any]:
        query = "SELECT * FROM booklet_section WHERE booklet = ? ORDER BY section"
        return self.run(query, self.booklet)

    def put_back(self, rows: list[Any]) -> None:
        self.run("DELETE FROM booklet_section WHERE booklet = ?", self.booklet)
        for row in rows:
            self.run("INSERT INTO booklet_section VALUES (?, ?, ?, ?)", *row)

    def section(self, name: str) -> Any:
        (row,) = [one for one in self.sections() if one[1] == name]
        return row

    def replace_section(self, row: Any) -> None:
        query = (
            "UPDATE booklet_section SET version = ?, sealed = ? WHERE booklet = ? AND section = ?"
        )
        self.run(query, row[2], row[3], row[0], row[1])

    def known(self) -> int:
        query = "SELECT version FROM known_head WHERE booklet = ?"
        rows = self.run(query, self.booklet, keys=True)
        return int(rows[0][0]) if rows else 0


@pytest.fixture
def watched(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(scene, monkeypatch)


def test_a_booklet_that_was_put_back_is_seen_and_not_written_to(watched: Watched) -> None:
    former = watched.sections()
    new = added(watched.owner, "training")["id"]
    assert watched.tell() >= 1
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    watched.put_back(former)
    told = watched.owner.ask(DAMAGED)["booklet"]
    assert told["damaged"] == [{"kind": "HEAD", "id": watched.booklet}]
    assert new not in {one["id"] for one in told["entries"]}
    assert watched.owner.do(ADD, entry=entry("diploma"))["code"] == "DAMAGED"
    assert watched.owner.error(SHARED, id=watched.ids["dossier"]) == "DAMAGED"
    assert watched.sections() == former, "nothing was written over it"
    assert watched.other.ask(DAMAGED)["booklet"]["damaged"] == []


def test_a_kept_summary_of_a_booklet_that_was_put_back_is_not_read(watched: Watched) -> None:
    site = watched.scene.callers[CallerRole.SITE]
    page = "{ bookletSummaries { nodes { id trainingTitles { title } } withheld } }"
    id = given(watched.here, watched.owner, "TRAINING_TITLES")["id"]
    first = site.ask(page)["bookletSummaries"]
    assert [one["id"] for one in first["nodes"]] == [id]
    former = watched.sections(), watched.run("SELECT * FROM kept_summary")
    added(watched.owner, "training")
    watched.tell()
    watched.put_back(former[0])
    for row in former[1]:
        watched.run("INSERT INTO kept_summary VALUES (?, ?, ?, ?)", *row)
    assert site.ask(page)["bookletSummaries"] == {"nodes": [], "withheld": [id]}


def test_another_history_of_the_same_length_is_seen(watched: Watched) -> None:
    former = watched.sections()
    added(watched.owner, "training")
    watched.tell()
    present = watched.sections()
    watched.run("DELETE FROM known_head", keys=True)
    watched.put_back(former)
    added(watched.owner, "diploma")
    watched.heads.note(watched.booklet, 0, b"")  # which is older, and changes nothing
    watched.tell()
    watched.put_back(present)
    assert [one["kind"] for one in watched.owner.ask(DAMAGED)["booklet"]["damaged"]] == ["HEAD"]


def test_a_section_of_another_history_of_the_same_length_is_damaged(watched: Watched) -> None:
    """As one of a copy of the database that went another way: it opens, and its version is right."""
    former = watched.sections()
    added(watched.owner, "training")
    elsewhere = watched.section("FORMATIONS")
    watched.put_back(former)
    added(watched.owner, "diploma")
    here = watched.section("FORMATIONS")
    assert elsewhere[:3] == here[:3], "the booklet, the section and its version are the same"
    watched.replace_section(elsewhere)
    damaged = [{"kind": "FORMATIONS", "id": watched.booklet}]
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == damaged
    watched.replace_section(here)
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []


def test_its_owner_may_take_what_was_put_back_for_right(watched: Watched) -> None:
    former = watched.sections()
    added(watched.owner, "training")
    watched.tell()
    watched.put_back(former)
    answer = watched.owner.do(REMOVE_DAMAGED, id=watched.booklet)
    assert answer["__typename"] == "DamagedPartRemoved"
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    assert watched.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    watched.tell()
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []


def test_data_that_are_ahead_are_right_and_are_told_by_who_reads_them(watched: Watched) -> None:
    watched.tell()
    known = watched.known()
    added(watched.owner, "training")
    assert watched.heads.tell() == 0, "it waits until no operation reads older data"
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    assert watched.tell() == 1
    assert watched.known() == known + 1
    watched.run("DELETE FROM known_head", keys=True)  # as after a crash before it was told
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    watched.tell()
    assert watched.known() == known + 1
    assert watched.tell() == 0, "nothing is told twice"


def test_what_was_refused_is_not_told(watched: Watched) -> None:
    watched.tell()
    known = watched.known()
    assert watched.owner.do(ADD, entry=entry("diploma", title=None))["code"] == "INVALID_ENTRY"
    assert watched.owner.do(REMOVE_DAMAGED, id=watched.booklet)["code"] == "NOT_FOUND"
    watched.tell()
    assert watched.known() == known


def test_what_was_written_and_undone_is_not_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads what they have just written, and fails to commit it, has told nothing."""
    watched.tell()
    known = watched.known()
    whole = booklet_repository.booklet_of

    def reads_and_fails(op: Operation, loaded: LoadedBooklet) -> Booklet:
        if op.written_heads:
            again = LoadedBooklet(op, loaded.row, loaded.sealer)
            assert again.stored.head is not None
            assert again.stored.head.version == known + 1
            raise RuntimeError("undone")
        return whole(op, loaded)

    with monkeypatch.context() as failing:
        failing.setattr("graphql_api.entries.entries.booklet_of", reads_and_fails)
        assert watched.owner.error(ADD, entry=entry("training")) == "INTERNAL_ERROR"
    watched.tell()
    assert watched.known() == known
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []


def test_a_closed_booklet_is_not_remembered(watched: Watched) -> None:
    watched.tell()
    assert watched.known() > 0
    added(watched.owner, "training")
    assert close(watched.owner)["__typename"] == "BookletClosed"
    watched.tell()
    assert watched.known() == 0


def test_the_operator_is_told_how_many_are_older_and_accepts_them(
    watched: Watched, livret: Livret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.backup.comparing.time.sleep", lambda _seconds: None)
    former = watched.sections()
    added(watched.owner, "training")
    watched.other.ask(DAMAGED)
    watched.tell()
    assert older(livret) == []
    newer = watched.sections()
    watched.put_back(former)
    code, told, _ = livret("check", "--mend")
    assert (code, "--accept-older" in told) == (4, True)
    assert older(livret) == [watched.booklet]
    assert [one["kind"] for one in watched.owner.ask(DAMAGED)["booklet"]["damaged"]] == ["HEAD"]
    others = "SELECT * FROM known_head WHERE booklet <> ? ORDER BY booklet"
    known = watched.run(others, watched.booklet, keys=True)
    assert older(livret, "--accept-older") == []
    assert watched.run(others, watched.booklet, keys=True) == known != []
    assert watched.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    watched.put_back(newer)
    assert [one["kind"] for one in watched.owner.ask(DAMAGED)["booklet"]["damaged"]] == ["HEAD"]


def test_a_check_counts_another_history_and_a_head_that_is_gone(
    watched: Watched, livret: Livret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.backup.comparing.time.sleep", lambda _seconds: None)
    watched.tell()
    watched.run("UPDATE known_head SET tag = ?", b"another", keys=True)
    assert watched.booklet in older(livret)
    watched.run("DELETE FROM known_head", keys=True)
    watched.owner.ask(DAMAGED)
    watched.tell()
    assert older(livret) == []
    watched.run("DELETE FROM booklet_section WHERE section = 'HEAD'")
    assert watched.booklet in older(livret)


def older(livret: Livret, *words: str) -> list[str]:
    """The ids of the booklets that a check finds to be older than the key store knows."""
    ids: list[str] = json.loads(livret("check", "--json", *words)[1])["found"]["older_booklets"][
        "ids"
    ]
    return ids


def test_the_thread_of_the_service_tells_what_waited_and_ends_when_it_is_closed(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_telling, "LOOK_SECONDS", 0.01)
    key_store = Store(watched.here.deployment.settings.key_store_url, journal="delete")
    heads = KnownHeads(key_store, delay=-1)
    teller = head_telling.HeadTeller(heads, key_store)
    teller.start()
    heads.note(watched.booklet, 1_000, b"tag")
    until(lambda: watched.known() == 1_000)
    teller.close()
    assert not teller._thread.is_alive()
    monkeypatch.setattr(head_telling, "LOOK_SECONDS", PATIENCE_SECONDS)
    last = head_telling.HeadTeller(heads, key_store)
    last.start()
    heads.note(watched.booklet, 1_001, b"tag")
    last.close()
    assert watched.known() == 1_001, "what waited long enough is told at the end"
    key_store.close()
