"""Accounts over HTTP, on each database in turn."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from graphql_api import storage
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.storage.migrating import migrate_one
from graphql_api.storage.store import Store
from tests.clock import Clock
from tests.conftest import DATABASES
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    HASHER,
    SITE,
    TABLES,
    AccountsSite,
)
from tests.keys import master_keys, service_keys


@pytest.fixture(autouse=True)
def _hashing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", HASHER)


@pytest.fixture(scope="session")
def both_stores(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    provider_store: Callable[[str], Store],
) -> Iterator[Callable[[str], tuple[Store, Store]]]:
    """The provider's store and a key store on a kind of database, once a test session."""
    made: dict[str, Store] = {}

    def make(kind: str) -> tuple[Store, Store]:
        store = provider_store(kind)
        if kind not in made:
            folder: Path = tmp_path_factory.mktemp(f"accounts-{kind}")
            create = request.getfixturevalue("postgresql") if kind == "postgresql" else None
            url = create("account-keys") if create else f"sqlite:///{folder}/keys.db"
            made[kind] = Store(url, journal="delete")
            made[kind].row_key = lambda _name: bytes(32)
            migrate_one(made[kind], Path(storage.__file__).parent / "key_migrations")
        made[kind].connect()
        return store, made[kind]

    yield make
    for one in made.values():
        one.close()


@pytest.fixture(params=DATABASES)
def accounts_site(
    request: pytest.FixtureRequest, both_stores: Callable[[str], tuple[Store, Store]]
) -> Iterator[AccountsSite]:
    """Accounts over HTTP that nobody has visited yet."""
    store, key_store = both_stores(request.param)
    with store.writing():
        for table in TABLES:
            store.database.execute_sql(f"DELETE FROM {table}")
    with key_store.writing():
        key_store.database.execute_sql("DELETE FROM account_key")
    workers, clock, signed_out = WorkerPool(8, 32), Clock(), list[str]()
    accounts = Accounts(
        store=store,
        key_store=key_store,
        master_key=master_keys(),
        service_keys=service_keys,
        public_url=SITE,
        workers=workers,
        signed_out=lambda _desk, account: signed_out.append(account),
        clock=clock,
    )
    application = Starlette(routes=accounts.routes())
    yield AccountsSite(accounts, application, clock, signed_out=signed_out)
    asyncio.run(workers.close())
    store.close()
    key_store.close()
