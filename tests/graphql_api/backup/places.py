"""Places of a service for tests of backups: empty stores of either kind, and the commands on them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from graphql_api.app import create_application
from graphql_api.commands import cli
from graphql_api.configuration.settings import Settings
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.clock import Clock
from tests.conftest import Caller


@dataclass(frozen=True)
class Place:
    """Two databases for a service, and a folder for files."""

    kind: str
    settings: Settings
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a command that works here."""
        key, previous = self.folder / "master.key", self.folder / "master.key.before"
        written = [(key, self.settings.master_key)]
        if self.settings.previous_master_key is not None:
            written.append((previous, self.settings.previous_master_key))
        for file, content in written:
            file.touch(0o600)
            file.write_text(content.hex())
        return {
            "LIVRET_DATABASE_URL": self.settings.database_url,
            "LIVRET_KEY_STORE_URL": self.settings.key_store_url,
            "LIVRET_MASTER_KEY_FILE": str(key),
            "LIVRET_PREVIOUS_MASTER_KEY_FILE": str(previous) if len(written) > 1 else "",
            "LIVRET_PROFILE": "development",
        }

    def livret(self, *words: object) -> tuple[int, str, str]:
        """Run a command here: its exit code, its output, its errors."""
        for name, value in self.environment.items():
            self.monkeypatch.setenv(name, value)
        self.capsys.readouterr()
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capsys.readouterr()
        return code, said.out.replace("\u202f", " ").replace("\xa0", " "), said.err

    @contextmanager
    def serving(self, clock: Clock) -> Iterator[TestClient]:
        """The service that runs here."""
        with TestClient(create_application(self.settings, clock)) as client:
            yield client

    @contextmanager
    def stores(self) -> Iterator[tuple[Store, Store]]:
        """The data and the keys, as they stand here."""
        stores = (
            Store(self.settings.database_url),
            Store(self.settings.key_store_url, journal="delete"),
        )
        try:
            for store in stores:
                store.connect()
            yield stores
        finally:
            for store in stores:
                store.close()

    def rows(self, table: str, *, keys: bool = False) -> list[tuple[Any, ...]]:
        """All rows of a table."""
        with self.stores() as stores:
            found = stores[keys].database.execute_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2')
            return list(found.fetchall())

    def put_back(self, table: str, rows: list[Any], *, keys: bool = False) -> None:
        """Have a table hold these rows, and no others."""
        with self.stores() as stores, stores[keys].writing():
            mark, run = "?" if stores[keys].is_sqlite else "%s", stores[keys].database.execute_sql
            run(f'DELETE FROM "{table}"')
            for row in rows:
                run(f'INSERT INTO "{table}" VALUES ({", ".join([mark] * len(row))})', row)

    def tables(self) -> tuple[list[str], list[str]]:
        """The tables of the data and of the keys."""
        with self.stores() as (data, keys):
            return data.database.get_tables(), keys.database.get_tables()

    def lose_data(self) -> None:
        """Lose the database of the data, and make an empty one in its place."""
        with self.stores() as (store, _):
            if store.is_sqlite:
                for file in self.folder.glob("livret.db*"):
                    file.unlink()
            else:
                store.database.execute_sql("DROP SCHEMA public CASCADE")
                store.database.execute_sql("CREATE SCHEMA public")

    def files(self) -> list[str]:
        """What stands in the folder, hidden or not, but for the databases and the key."""
        return sorted(
            file.name
            for file in self.folder.iterdir()
            if not file.name.startswith(("livret.db", "keys.db", "master.key"))
        )


def record(client: TestClient, caller: Caller) -> bytes:
    """The whole record of a caller, as the service answers it."""
    answer = client.get("/booklet.json", headers={"authorization": f"Bearer {caller.token}"})
    assert answer.status_code == 200, answer.text
    return answer.content


def place_of(
    kind: str,
    settings: Settings,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    create: Callable[[str], str] | None,
) -> Place:
    """A place with two empty databases; `create` makes those of PostgreSQL."""
    folder.mkdir()
    if create is None:
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("livret", "keys")]
    else:
        urls = [create(f"{name}-{uuid4()}") for name in ("livret", "keys")]
    there = replace(settings, database_url=urls[0], key_store_url=urls[1])
    return Place(kind, there, folder, monkeypatch, capsys)
