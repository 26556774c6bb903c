"""Booklets of an earlier version read in their sections as they did in their rows, or not at all."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graphql_api.callers.permissions import CallerRole
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.former_content import carrying_over
from graphql_api.storage.former_content.former_tables import (
    NAMES,
    drop_former_tables,
    former_tables,
    make_former_tables,
)
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.documents import ADD, LINK_ALL, REMOVE, at_once, entry
from tests.graphql_api.roles import Scene
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.storage.former_rows import put_into_rows
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

RECORD = "{ bookletRecord }"
DAMAGED = "{ booklet { damaged { kind id rubric } } }"
REMOVE_DAMAGED = """mutation($kind: StoredKind!, $id: ID!) { damagedPartRemove(kind: $kind, id: $id) {
  __typename ... on Refusal { code } } }"""
CUT = (
    ("ENTRY", "entry", "id", "diploma"),
    ("COMPETENCE_LINK", "competence_link", "competence", "competence"),
    ("DOSSIER", "dossier", "id", "own dossier"),
)


class Former:
    """Two booklets that stand in rows, as an earlier version left them."""

    def __init__(self, scene: Scene) -> None:
        self.here = scene.here
        self.owner = scene.callers[CallerRole.OWNER]
        self.other = scene.callers[CallerRole.OTHER_AGENT]
        self.ids = scene.owners
        self.booklets = (scene.owners["booklet"], scene.others["booklet"])
        self.before = [self.told(caller) for caller in (self.owner, self.other)]
        store = self.here.deployment.store
        with store.writing():
            make_former_tables(store)
        put_into_rows(self.here, self.booklets)

    def told(self, caller: Any) -> Any:
        record = caller.ask(RECORD)["bookletRecord"]
        record.pop("exportedAt")
        return record, caller.ask(WHOLE_BOOKLET)

    def migrate(self) -> list[str]:
        return migrate_stores(self.here.deployment.service)

    def count(self, table: str, booklet: str) -> int:
        self.here.deployment.store.connect()  # a migration leaves it closed
        mark = "?" if self.here.kind == "sqlite" else "%s"
        query = f"SELECT COUNT(*) FROM {table} WHERE booklet = {mark}"
        return int(self.here.deployment.store.database.execute_sql(query, (booklet,)).fetchone()[0])

    def run(self, sql: str, *params: object) -> None:
        marked = sql if self.here.kind == "sqlite" else sql.replace("?", "%s")
        self.here.deployment.store.database.execute_sql(marked, params)


@pytest.fixture
def former(scene: Scene) -> Iterator[Former]:
    yield Former(scene)
    store = scene.here.deployment.store
    with store.writing():
        drop_former_tables(store)


def test_a_booklet_reads_in_its_sections_as_it_did_in_its_rows(former: Former) -> None:
    held = [former.count(name, former.booklets[0]) for name in NAMES]
    assert all(held), "it has rows of every kind"
    former.migrate()
    assert [former.told(caller) for caller in (former.owner, former.other)] == former.before
    assert [former.count(name, former.booklets[0]) for name in NAMES] == held, "the rows stay"
    assert former.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    written = former.told(former.owner)
    former.migrate()
    assert former.told(former.owner) == written, "what was carried over is not carried over again"


def test_what_did_not_open_does_not_open_in_its_section_and_is_kept(former: Former) -> None:
    for _, table, column, name in CUT:
        former.run(f"UPDATE {table} SET sealed = ? WHERE {column} = ?", b"cut", former.ids[name])
    former.migrate()
    told = former.owner.ask(DAMAGED)["booklet"]["damaged"]
    assert {one["kind"] for one in told} == {kind for kind, *_ in CUT}
    assert {one["rubric"] for one in told} == {"DIPLOMA", None}
    kept = {one["id"] for one in former.before[0][0]["entries"]} - {former.ids["diploma"]}
    assert {one["id"] for one in former.owner.ask(RECORD)["bookletRecord"]["entries"]} == kept
    assert former.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    assert former.owner.ask(DAMAGED)["booklet"]["damaged"] == told, "a write keeps it"
    refused = former.owner.do(REMOVE, id=former.ids["diploma"], version=1)
    assert refused["code"] == "DAMAGED"
    link = next(one["id"] for one in told if one["kind"] == "COMPETENCE_LINK")
    entries = former.owner.ask("{ booklet { entries { id version } } }")["booklet"]["entries"]
    for one in entries:
        if one["id"] in link:
            assert former.owner.do(LINK_ALL, **one, links=[])["code"] == "DAMAGED"
    for one in told:
        sent = {"kind": one["kind"], "id": one["id"]}
        assert former.owner.do(REMOVE_DAMAGED, **sent)["__typename"] == "DamagedPartRemoved"
    assert former.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    assert former.told(former.other) == former.before[1]


def test_an_identity_that_did_not_open_is_kept_as_it_is(former: Former) -> None:
    former.run(
        "UPDATE former_booklet SET identity = ? WHERE booklet = ?", b"cut", former.booklets[0]
    )
    former.migrate()
    told = former.owner.ask(DAMAGED)["booklet"]["damaged"]
    assert told == [{"kind": "IDENTITY", "id": former.booklets[0], "rubric": None}]
    mark = "?" if former.here.kind == "sqlite" else "%s"
    query = "SELECT sealed FROM booklet_section WHERE section = 'IDENTITY' AND booklet = " + mark
    found = former.here.deployment.store.database.execute_sql(query, (former.booklets[0],))
    assert bytes(found.fetchone()[0]) == b"cut"


def test_an_interruption_leaves_each_booklet_in_rows_or_in_sections(
    former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, seen = carrying_over._compare, []

    def fails(*arguments: Any) -> None:
        compare(*arguments)
        seen.append(arguments[1])
        if len(seen) == 2:
            raise RuntimeError("killed")

    monkeypatch.setattr(carrying_over, "_compare", fails)
    with pytest.raises(RuntimeError):
        former.migrate()
    assert [former.count("booklet_section", one) > 0 for one in sorted(seen)] == [True, False]
    monkeypatch.undo()
    former.migrate()
    assert [former.told(caller) for caller in (former.owner, former.other)] == former.before


def _loses_an_entry(document: dict[str, Any]) -> None:
    document["entries"].pop()


def _changes_a_title(document: dict[str, Any]) -> None:
    document["entries"][0][-1]["title"] = "autre"


@pytest.mark.parametrize("spoil", [_loses_an_entry, _changes_a_title])
def test_a_booklet_that_would_read_otherwise_is_not_carried_over(
    former: Former, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[dict[str, Any]], None]
) -> None:
    documents = carrying_over._documents

    def spoilt(found: Any) -> Any:
        made = documents(found)
        if not any(one.id == former.ids["diploma"] for one in found.entries):
            return made
        for document in made.values():
            if document.get("entries"):
                spoil(document)
                break
        return made

    monkeypatch.setattr(carrying_over, "_documents", spoilt)
    with pytest.raises(carrying_over.CarryingOverError, match=former.booklets[0]):
        former.migrate()
    assert former.told(former.other) == former.before[1], "the others are carried over"
    assert former.count("booklet_section", former.booklets[0]) == 0
    monkeypatch.undo()
    former.migrate()
    assert [former.told(caller) for caller in (former.owner, former.other)] == former.before


def test_a_booklet_that_is_still_in_rows_is_no_damage_but_a_migration_to_run(
    former: Former,
) -> None:
    removal = {"query": REMOVE_DAMAGED, "variables": {"kind": "HEAD", "id": former.booklets[0]}}
    for asked in ({"query": DAMAGED}, removal):
        assert former.owner.post(asked).status_code == 503
    former.migrate()
    assert former.told(former.owner) == former.before[0]


def test_two_that_migrate_at_once_carry_over_once(former: Former) -> None:
    services = [build_service(former.here.deployment.settings) for _ in range(2)]
    at_once(*(lambda service=one: migrate_stores(service) for one in services))
    for one in services:
        one.close()
    assert [former.told(caller) for caller in (former.owner, former.other)] == former.before


def test_closing_a_booklet_deletes_its_rows_too(former: Former) -> None:
    former.migrate()
    assert close(former.owner)["__typename"] == "BookletClosed"
    assert [former.count(name, former.booklets[0]) for name in NAMES] == [0] * len(NAMES)
    assert former.count("entry", former.booklets[1]) > 0


def test_the_former_tables_go_once_a_backup_was_read_and_nothing_waits(
    former: Former, livret: Livret, tmp_path: Path
) -> None:
    data, drop = tmp_path / "data", ("drop-former-tables", "--backup")
    assert livret("backup", "--data", str(data))[0] == 0
    code, _, error = livret(*drop, str(data))
    assert (code, "livret migrate" in error) == (1, True)
    code, told, _ = livret("migrate")
    assert (code, "livret drop-former-tables" in told) == (0, True)
    cut = tmp_path / "cut"
    cut.write_bytes(data.read_bytes()[:-40])
    keys = tmp_path / "keys"
    assert livret("backup", "--keys", str(keys))[0] == 0
    for refused in (cut, keys, tmp_path / "absent"):
        assert livret(*drop, str(refused))[0] == 1, refused
    assert former_tables(former.here.deployment.store) == sorted(NAMES)
    assert livret(*drop, str(data))[0] == 0
    assert former_tables(former.here.deployment.store) == []
    assert livret(*drop, str(data))[1].startswith("Rien à faire")
    assert [former.told(caller) for caller in (former.owner, former.other)] == former.before
