"""An installation on two databases of its own: settings, services, booklets, and what is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from graphql_api.booklets.opening import open_booklet
from graphql_api.codes.codes import issue
from graphql_api.configuration.settings import OWN_ISSUER, Settings
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.keys.store_marks import StoreLead, compare, read_mark
from graphql_api.storage.store import Store

MASTER, OTHER = bytes(range(32)), bytes(range(1, 33))


@dataclass(frozen=True)
class Installation:
    """Two databases and the settings that name them."""

    settings: Settings

    def other(self, **changes: Any) -> "Installation":
        """The same with other settings."""
        return Installation(replace(self.settings, **changes))

    @contextmanager
    def service(self) -> Iterator[Service]:
        """The service, without HTTP; closed afterwards."""
        service = build_service(self.settings)
        try:
            yield service
        finally:
            service.close()

    def migrate(self) -> list[str]:
        with self.service() as service:
            return migrate_stores(service)

    def open(self, name: str) -> str:
        """Begin a booklet for somebody; its id."""
        with self.service() as service:
            return self.open_with(service, name)

    def open_with(self, service: Service, name: str) -> str:
        """Begin a booklet by a service that runs; its id."""
        with service.store.writing():
            (code,) = issue(service.operation(Anonymous()), "21330063500017", 1).codes
        agent = Agent(OWN_ISSUER, name, frozenset())
        op = service.operation(agent)
        with op.after_commit, service.store.writing():
            return str(open_booklet(op, agent, code.code).id)

    def lead(self) -> StoreLead:
        """Which store is ahead."""
        with self.service() as service:
            data, keys = read_mark(service.store), read_mark(service.key_store)
        assert data is not None
        assert keys is not None
        return compare(data, keys)

    def written(self) -> list[dict[str, list[tuple[Any, ...]]]]:
        """Everything that stands in both databases; nothing for a file that is not there."""
        urls = (self.settings.database_url, self.settings.key_store_url)
        return [_rows(url) for url in urls]

    def environment(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        """Name this installation in the environment, as an operator does."""
        folder.mkdir(exist_ok=True)
        key = _key_file(folder / "master.key", self.settings.master_key)
        before = self.settings.previous_master_key
        previous = _key_file(folder / "previous.key", before) if before else ""
        patch.setenv("LIVRET_PREVIOUS_MASTER_KEY_FILE", str(previous))
        patch.setenv("LIVRET_DATABASE_URL", self.settings.database_url)
        patch.setenv("LIVRET_KEY_STORE_URL", self.settings.key_store_url)
        patch.setenv("LIVRET_MASTER_KEY_FILE", str(key))
        patch.setenv("LIVRET_PROFILE", "development")
        patch.setenv("LIVRET_MAIL_FOLDER", str(folder))


def _key_file(path: Path, key: bytes) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key.hex())
    return path


def installation(urls: tuple[str, str], folder: Path, master_key: bytes = MASTER) -> Installation:
    """An installation on two databases that need not be there yet."""
    return Installation(
        Settings(
            database_url=urls[0],
            key_store_url=urls[1],
            master_key=master_key,
            mail_folder=folder,
            threads=2,
        )
    )


def _rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:///")).exists():
        return {}
    store = Store(url)
    try:
        with store.reading():
            return {
                table: sorted(
                    store.database.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr
                )
                for table in store.database.get_tables()
            }
    finally:
        store.close()
