"""How the service opens a SQLite file, and how its threads share it."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.tables import PersonTable
from tests.patience import PATIENCE_SECONDS

PRAGMAS = """
import json, sys
from graphql_api.storage.store import Store
store = Store(sys.argv[1], journal=sys.argv[2])
store.connect()
names = ("synchronous", "journal_mode", "secure_delete", "foreign_keys", "cache_size")
asked = (store.database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names)
print(json.dumps(list(asked)))
store.close()
"""
FULL = 2


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_outside_the_tests_a_commit_waits_for_the_disk_and_a_deletion_overwrites(
    journal: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    command = [sys.executable, "-W", "error", "-c", PRAGMAS, url, journal]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    assert json.loads(done.stdout) == [FULL, journal, 1, 1, -512]


def test_threads_take_turns_to_write_and_none_finds_sqlite_locked(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/x.db", timeout=PATIENCE_SECONDS)
    with store.writing():
        store.database.execute_sql("CREATE TABLE writes (number INTEGER)")

    def write(number: int) -> None:
        store.connect()
        store.database.execute_sql("PRAGMA busy_timeout = 0")  # SQLite itself waits for nobody
        with store.writing():
            store.database.execute_sql("INSERT INTO writes VALUES (?)", (number,))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(400))) == [None] * 400
    with store.reading():
        assert store.database.execute_sql("SELECT count(*) FROM writes").fetchone() == (400,)
    store.close()


def test_a_thread_whose_turn_does_not_come_says_that_the_store_is_locked(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/x.db", timeout=0.05)

    def write() -> None:
        with store.writing():
            pass

    with ThreadPoolExecutor(1) as another:
        with store.writing(), pytest.raises(StoreUnavailableError, match="locked"):
            another.submit(write).result()
        another.submit(write).result()  # and once the other is done, it comes
        another.submit(store.disconnect).result()
    store.close()


def test_two_queries_of_one_name_are_told_apart(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/data.sqlite3")
    one = PersonTable.select(PersonTable.id).where(PersonTable.id == "id").tuples()
    same = PersonTable.select(PersonTable.id).where(PersonTable.id == "id").tuples()
    other = PersonTable.select(PersonTable.id).where(PersonTable.created_at == "id").tuples()
    with store.writing():
        store.database.execute_sql("CREATE TABLE person (id TEXT, created_at TEXT)")
        assert store.rows_of("person", one, "a") == store.rows_of("person", same, "a") == []
        with pytest.raises(ValueError, match="two queries are called person"):
            store.rows_of("person", other, "a")
    store.close()
