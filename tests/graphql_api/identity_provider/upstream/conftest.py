"""Accounts with two upstream providers, and the token issuer, over HTTP on each database."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from graphql_api import storage
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.identity_provider.app import IdentityProvider
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings
from graphql_api.identity_provider.signing_keys import ensure_key
from graphql_api.identity_provider.upstream.routes import upstream_logins_for, upstream_logout_of
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
from tests.graphql_api.identity_provider.upstream.upstream_site import (
    UpstreamSite,
    clients_of,
    provider,
)
from tests.keys import master_keys, service_keys


@pytest.fixture(autouse=True)
def _hashing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", HASHER)


@pytest.fixture(scope="session")
def account_keys(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Store]]:
    """A key store on a kind of database, once a test session."""
    made: dict[str, Store] = {}

    def make(kind: str) -> Store:
        if kind not in made:
            folder: Path = tmp_path_factory.mktemp(f"upstream-{kind}")
            create = request.getfixturevalue("postgresql") if kind == "postgresql" else None
            url = create("upstream-keys") if create else f"sqlite:///{folder}/keys.db"
            made[kind] = Store(url, journal="delete")
            made[kind].row_key = lambda _name: bytes(32)
            migrate_one(made[kind], Path(storage.__file__).parent / "key_migrations")
        made[kind].connect()
        return made[kind]

    yield make
    for one in made.values():
        one.close()


@pytest.fixture(params=DATABASES)
def upstream_site(
    request: pytest.FixtureRequest,
    provider_store: Callable[[str], Store],
    account_keys: Callable[[str], Store],
) -> Iterator[UpstreamSite]:
    """Accounts without a session, and two honest upstream providers."""
    store, key_store = provider_store(request.param), account_keys(request.param)
    clock = Clock()
    moment = int(clock().timestamp() * 1_000_000)
    with store.writing():
        for table in (*TABLES, "idp_arrival", "idp_signing_key"):
            store.database.execute_sql(f"DELETE FROM {table}")
        ensure_key(store, service_keys, moment)
    with key_store.writing():
        key_store.database.execute_sql("DELETE FROM account_key")
    op, other = provider("op", clock), provider("other", clock)
    clients = clients_of(op, other, clock)
    signed_out = list[str]()
    workers = WorkerPool(8, 32)
    accounts = Accounts(
        store=store,
        key_store=key_store,
        master_key=master_keys(),
        service_keys=service_keys,
        public_url=SITE,
        workers=workers,
        providers=tuple((name, one.provider.label) for name, one in clients.items()),
        issuers=tuple((one.provider.issuer, one.provider.label) for one in clients.values()),
        signed_out=lambda _desk, account: signed_out.append(account),
        upstream_logout=upstream_logout_of(clients, service_keys, SITE),
        clock=clock,
    )
    settings = IssuerSettings(issuer=SITE, audience=f"{SITE}/graphql", service_keys=service_keys)
    issuer = IdentityProvider(settings, store, accounts.sign_in_step(), workers, clock)
    upstream = upstream_logins_for(clients, accounts.endpoints(), service_keys, SITE)
    application = Starlette(
        routes=[*issuer.routes(), *accounts.routes(), *upstream.routes()],
    )
    yield UpstreamSite(AccountsSite(accounts, application, clock, signed_out=signed_out), op, other)
    asyncio.run(workers.close())
    store.close()
    key_store.close()
