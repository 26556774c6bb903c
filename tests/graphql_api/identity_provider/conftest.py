"""The provider over HTTP, on each database in turn, beginning with one key and one front end."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api import storage
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider.app import IdentityProvider
from graphql_api.identity_provider.migrating import migrate_provider
from graphql_api.identity_provider.signing_keys import ensure_key
from graphql_api.storage.migrating import migrate_one
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.clock import Clock
from tests.conftest import DATABASES
from tests.graphql_api.identity_provider.issuer import (
    BEGIN,
    ISSUER,
    SETTINGS,
    TABLES,
    Accounts,
    ProviderSite,
)
from tests.graphql_api.identity_provider.mail_outbox import MailQueue
from tests.graphql_api.web.mail_catcher import Catcher, catcher


@pytest.fixture(scope="session")
def provider_store(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Store]]:
    """A migrated store on a kind of database, once a test session."""
    made: dict[str, Store] = {}

    def make(kind: str) -> Store:
        if kind not in made:
            folder: Path = tmp_path_factory.mktemp(f"issuer-{kind}")
            create = request.getfixturevalue("postgresql") if kind == "postgresql" else None
            made[kind] = Store(create("issuer") if create else f"sqlite:///{folder}/issuer.db")
            made[kind].row_key = lambda _name: bytes(32)
            migrate_one(made[kind], Path(storage.__file__).parent / "migrations")
            migrate_provider(made[kind])
        made[kind].connect()
        return made[kind]

    yield make
    for one in made.values():
        one.close()


@pytest.fixture(params=DATABASES)
def provider_site(
    request: pytest.FixtureRequest, provider_store: Callable[[str], Store]
) -> Iterator[ProviderSite]:
    """A provider with one key and one public front end."""
    store = provider_store(request.param)
    clock, accounts = Clock(stopped_at=BEGIN), Accounts()
    workers = WorkerPool(12, 32)
    provider = IdentityProvider(SETTINGS, store, accounts.step(), workers, clock)
    client = TestClient(provider.application(), base_url=ISSUER)
    with client:
        provider_site = ProviderSite(request.param, store, client, clock, accounts)
        with store.writing():  # at once: each commit waits for the disk
            for table in TABLES:
                store.database.execute_sql(f"DELETE FROM idp_{table}")
            ensure_key(store, SETTINGS.service_keys, provider_site.moment)
            provider_site.front_end = provider_site.register().client_id
        yield provider_site
    asyncio.run(workers.close())
    store.close()


@pytest.fixture(params=DATABASES)
def queue(
    request: pytest.FixtureRequest, provider_store: Callable[[str], Store]
) -> Iterator[MailQueue]:
    """An empty outbox, whose senders stop after the test."""
    store = provider_store(request.param)
    store.database.execute_sql("DELETE FROM idp_letter")
    queue = MailQueue(store)
    yield queue
    for mail_sender in queue.senders:
        mail_sender.close()
    store.database.execute_sql("DELETE FROM idp_letter")


@pytest.fixture
def server() -> Iterator[Catcher]:
    """A real mail server that keeps what it is handed."""
    with catcher() as one:
        yield one
