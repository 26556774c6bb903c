"""Migrations: whole or not at all, once, whoever else tries, whatever interrupts them."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import peewee
import pytest

import graphql_api
from graphql_api.storage import tables
from graphql_api.storage.migrating import is_current, migrate
from graphql_api.storage.store import Store, StoreUnavailableError
from tests.conftest import DATABASES
from tests.patience import PATIENCE_SECONDS, until

HERE = Path(graphql_api.__file__).parent / "storage"
ALL = [
    f"{folder}/{file.stem}"
    for folder in ("migrations", "key_migrations")
    for file in sorted((HERE / folder).glob("[0-9]*.py"))
]
CHANGES = """
    db.execute_sql("CREATE TABLE added (id INTEGER)")
    db.execute_sql("INSERT INTO added (id) VALUES (1)")
    db.execute_sql("ALTER TABLE person ADD COLUMN extra INTEGER")
    db.execute_sql("UPDATE person SET created_at = 0")
"""


@dataclass
class Place:
    """Two empty databases and a home of migrations that a test may add to."""

    urls: tuple[str, str]
    home: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def stores(self, timeout: float = 5.0) -> tuple[Store, Store]:
        return Store(self.urls[0], timeout=timeout), Store(self.urls[1], timeout=timeout)

    def migrate(self, timeout: float = 5.0) -> list[str]:
        stores = self.stores(timeout)
        try:
            return migrate(*stores, home=self.home)
        finally:
            for store in stores:
                store.close()

    def is_current(self) -> bool:
        stores = self.stores()
        try:
            return is_current(*stores, home=self.home)
        finally:
            for store in stores:
                store.close()

    def add(self, name: str, body: str) -> None:
        """A migration of the data's store that runs these lines."""
        text = f"import os, time\n\n\ndef up(migrator, db):\n    {body.strip()}\n"
        (self.home / "migrations" / f"{name}.py").write_text(text, encoding="utf-8")

    def state(self) -> tuple[Any, ...]:
        """The tables with their columns, and the rows of those that this file writes to."""
        store, _ = self.stores()
        store.connect()
        database = store.database
        names = sorted(database.get_tables())
        columns = [(name, database.get_columns(name)) for name in names]
        rows = [
            database.execute_sql(f"SELECT * FROM {name}").fetchall()
            for name in ("person", "schema_migration")
            if name in names
        ]
        store.close()
        return names, columns, rows

    def start(self) -> subprocess.Popen[str]:
        """A process that migrates and prints what it applied."""
        script = (
            "import sys, json; from pathlib import Path;"
            "from graphql_api.storage.migrating import migrate; from graphql_api.storage.store import Store;"
            "print(json.dumps(migrate(Store(sys.argv[1]), Store(sys.argv[2]),"
            " home=Path(sys.argv[3]))))"
        )
        command = [sys.executable, "-W", "error", "-c", script, *self.urls, str(self.home)]
        process = subprocess.Popen(
            command,
            cwd=HERE.parents[1],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Whatever happened, no process and no pipe outlives a test."""
        for process in self.started:
            process.kill()
            with process:
                pass


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Two fresh databases of each kind in turn."""
    home = tmp_path / "home"
    for folder in ("migrations", "key_migrations"):
        shutil.copytree(HERE / folder, home / folder, ignore=shutil.ignore_patterns("__*"))
    urls = (f"sqlite:///{tmp_path}/livret.db", f"sqlite:///{tmp_path}/keys.db")
    if request.param == "postgresql":
        create: Callable[[str], str] = request.getfixturevalue("postgresql")
        urls = (create(f"data-{uuid4()}"), create(f"keys-{uuid4()}"))
    place = Place(urls, home)
    yield place
    place.end()


@pytest.fixture
def filled(place: Place) -> Iterator[Place]:
    """The same, migrated, with somebody in it."""
    place.migrate()
    store, _ = place.stores()
    with store.writing():
        store.run(tables.PersonTable.insert(id="someone", created_at=1234))
    store.close()
    return place


def test_a_fresh_database_becomes_what_the_tables_say(place: Place) -> None:
    assert not place.is_current()
    assert place.migrate() == ALL
    assert place.is_current()
    models = [
        value
        for value in vars(tables).values()
        if isinstance(value, type) and issubclass(value, peewee.Model) and value is not peewee.Model
    ]
    assert len(models) >= 10
    for model in models:
        in_key_store = model in (
            tables.BookletKeyTable,
            tables.ClosingTable,
            tables.KnownHeadTable,
            tables.ServiceKeyTable,
        )
        store = place.stores()[in_key_store]
        store.connect()
        found = store.database.get_columns(model._meta.table_name)
        wanted = [
            (field.column_name, bool(field.null), field.name in _primary(model))
            for field in model._meta.sorted_fields
        ]
        assert sorted((each.name, each.null, each.primary_key) for each in found) == sorted(wanted)
        indexes = {
            tuple(index.columns) for index in store.database.get_indexes(model._meta.table_name)
        }
        for column in model._meta.sorted_fields:
            if column.index or column.unique:
                assert (column.column_name,) in indexes, (model, column)
        store.close()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_postgresql_does_not_compress_what_is_compressed_and_sealed(place: Place) -> None:
    place.migrate()
    store, _ = place.stores()
    store.connect()
    query = """SELECT attrelid::regclass::text FROM pg_attribute
        WHERE attname = 'sealed' AND attstorage = 'e' AND attrelid::regclass::text = ANY(%s)"""
    names = ["booklet_section", "kept_summary"]
    found = store.database.execute_sql(query, (names,)).fetchall()
    store.close()
    assert sorted(name for (name,) in found) == names


def _primary(model: type[peewee.Model]) -> tuple[str, ...]:
    key = model._meta.primary_key
    return tuple(key.field_names) if isinstance(key, peewee.CompositeKey) else (key.name,)


def test_migrating_again_does_nothing(filled: Place) -> None:
    before = filled.state()
    assert filled.migrate() == []
    assert filled.state() == before


def test_a_pending_migration_is_applied_on_top_of_the_data(filled: Place) -> None:
    filled.add("9002_more", CHANGES)
    assert not filled.is_current()
    assert filled.migrate() == ["migrations/9002_more"]
    assert filled.is_current()
    assert filled.state()[2][0] == [("someone", 0, None)]


def test_an_exception_midway_leaves_schema_and_data_as_before(filled: Place) -> None:
    before = filled.state()
    filled.add("9002_bad", CHANGES + '    raise RuntimeError("midway")')
    for _ in range(2):
        with pytest.raises(RuntimeError, match="midway"):
            filled.migrate()
        assert filled.state() == before
        assert not filled.is_current()
    filled.add("9002_bad", CHANGES)
    assert filled.migrate() == ["migrations/9002_bad"]


def test_a_failure_keeps_the_migrations_that_came_before_it(filled: Place) -> None:
    filled.add("9002_good", 'db.execute_sql("CREATE TABLE added (id INTEGER)")')
    filled.add("9003_bad", 'db.execute_sql("CREATE TABLE too (id INTEGER)"); 1 / 0')
    with pytest.raises(ZeroDivisionError):
        filled.migrate()
    assert {"added", "too"} & set(filled.state()[0]) == {"added"}


def test_a_process_killed_midway_leaves_schema_and_data_as_before(
    filled: Place, tmp_path: Path
) -> None:
    before = filled.state()
    mark = tmp_path / "midway"
    filled.add("9002_slow", f"{CHANGES}    open({str(mark)!r}, 'w').close(); time.sleep(60)")
    process = filled.start()
    wait_for(mark.exists, process)
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    filled.add("9002_slow", CHANGES)
    assert filled.state() == before
    assert not filled.is_current()
    assert filled.migrate() == ["migrations/9002_slow"]
    assert "added" in filled.state()[0]


def test_processes_that_start_at_once_apply_everything_once(place: Place) -> None:
    place.add("9002_slow", f"{CHANGES.strip()}\n    time.sleep(0.2)")
    processes = [place.start() for _ in range(3)]
    answers = []
    for process in processes:
        out, complaints = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, complaints
        answers += json.loads(out)
    assert sorted(answers) == sorted([*ALL, "migrations/9002_slow"])
    assert len(place.state()[2][1]) == len([name for name in answers if "key" not in name])
    assert place.is_current()


def test_a_migration_may_take_longer_than_a_statement_of_the_service(filled: Place) -> None:
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000)"
        " SELECT count(*) FROM n"
    )
    filled.add("9002_slow", f'db.execute_sql("{slow}").fetchone()')
    assert filled.migrate(timeout=0.05) == ["migrations/9002_slow"]


def test_waiting_for_another_process_does_not_use_up_the_time(
    filled: Place, tmp_path: Path
) -> None:
    mark = tmp_path / "midway"
    filled.add("9002_slow", f"open({str(mark)!r}, 'w').close(); time.sleep(0.4)")
    process = filled.start()
    wait_for(mark.exists, process)
    filled.add("9003_more", CHANGES)
    assert filled.migrate(timeout=0.05) == ["migrations/9003_more"]
    assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/x.db", "postgresql://127.0.0.1:1/x"])
def test_a_database_that_cannot_be_reached_is_said_so(url: str) -> None:
    with pytest.raises(StoreUnavailableError):
        migrate(Store(url), Store(url))


def wait_for(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    until(lambda: true() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
