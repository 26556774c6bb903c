"""What all tests share: a service on either database, people with tokens, and one way to ask."""

import gc
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from joserfc.jwk import ECKey

from graphql_api import app
from graphql_api.app import create_application
from graphql_api.codes.codes import issue
from graphql_api.configuration.settings import Settings
from graphql_api.dossiers.printing import PrintProcessPool
from graphql_api.identity_provider.authenticated_tables import APPLICATION_ROWS
from graphql_api.identity_provider.oauth.client import SECRET
from graphql_api.identity_provider.oauth.scopes import MACHINE_SCOPES
from graphql_api.identity_provider.tables import ClientTable
from graphql_api.operations.head_telling import HeadTeller
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage import store as stores
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.store import Store
from graphql_api.web.logs import TRUSTED
from tests.client import TestClient
from tests.clock import Clock
from tests.copies import Copies
from tests.instants import (  # noqa: F401 - hooks of pytest, which finds them here
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtestloop,
    pytest_terminal_summary,
)
from tests.postgresql import server
from tests.signing import access_token, signing_key
from tests.statements import Watch

hypothesis_settings.register_profile("livret", deadline=None)  # a loaded machine is no fault
hypothesis_settings.load_profile("livret")

SERVICE = "https://livret.test"
DATABASES = ("sqlite", "postgresql")
# Emptied for no test: what was migrated, the marks of the stores, and the keys of the service.
KEPT_TABLES = {"schema_migration", "idp_signing_key", "store_mark", "service_key"}


def pytest_sessionstart() -> None:
    """Keep what is compiled: else each child compiles the service, and each run these tests, anew."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_finish() -> None:
    """Have no garbage collection look through what was imported and collected: it stays."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI is set, a check of a real part, or a torture case, that is skipped has failed."""
    report = yield
    counts = item.get_closest_marker("real") or item.get_closest_marker("torture")
    if report.skipped and os.environ.get("CI") and counts:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


@dataclass
class Deployment:
    """A service that runs on one kind of database as long as the tests, and its two stores."""

    settings: Settings
    service: Service
    key: ECKey
    clock: Clock = field(default_factory=Clock)
    client: TestClient | None = None

    def __post_init__(self) -> None:
        self.copies = Copies(self.store, self.key_store)

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def key_store(self) -> Store:
        return self.service.key_store

    @cached_property
    def tables(self) -> list[str]:
        """The tables of the store that tests write to: all but those that are kept."""
        return _tables_of(self.store)

    @cached_property
    def key_tables(self) -> list[str]:
        """The tables of the key store."""
        return _tables_of(self.key_store)

    def empty(self) -> None:
        for store, tables in ((self.store, self.tables), (self.key_store, self.key_tables)):
            deletions = [f"DELETE FROM {table}" for table in tables]
            with store.writing():  # at once: each commit waits for the disk
                for one in deletions if store.is_sqlite else [";".join(deletions)]:
                    store.database.execute_sql(one)
        self.clock.reset()

    def close(self) -> None:
        if self.client is not None:
            self.client.__exit__()
        self.service.close()


def _tables_of(store: Store) -> list[str]:
    return sorted(set(store.database.get_tables()) - KEPT_TABLES)


@pytest.fixture(scope="session", autouse=True)
def _no_commit_waits_for_the_disk() -> Iterator[None]:
    """Under test no machine loses its power: of what a process wrote, a kill takes nothing."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(stores.PRAGMAS, "synchronous", "off")
        yield


class _SilentTeller(HeadTeller):
    """Tells nothing: booklets are put back as they were from one test to the next (`Copies`)."""

    def start(self) -> None:
        """Start nothing."""


@pytest.fixture(scope="session", autouse=True)
def _heads_are_told_by_the_tests_that_are_about_them() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("graphql_api.app.HeadTeller", _SilentTeller)
        yield


@pytest.fixture(scope="session")
def watch() -> Iterator[Watch]:
    """An eye on the statements that the service runs."""
    with pytest.MonkeyPatch.context() as patched:
        yield Watch(patched)


@pytest.fixture(autouse=True)
def _each_statement_names_its_owner(watch: Watch) -> Iterator[None]:
    """What would be asked of every machine, were the booklets spread, is listed with its reason."""
    yield
    unlisted, watch.unlisted = watch.unlisted, []
    assert not unlisted, "these name neither a booklet nor a person: see tests/statements.py"


class _IdlePool(PrintProcessPool):
    """Starts its processes with their first jobs: most services under test print nothing."""

    def start(self) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def _no_process_gets_ready_to_print() -> Iterator[None]:
    """`dossiers.downloads.serving` starts a service whose processes get ready."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "PrintProcessPool", _IdlePool)
        yield


@pytest.fixture(autouse=True)
def _no_log_outlives_its_test() -> Iterator[None]:
    """A command that is run in this process logs on a standard error that its test closes."""
    root, ends = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    threading.excepthook = ends
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
        logging.captureWarnings(capture=False)
        for name in TRUSTED:
            logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Makes databases on a real PostgreSQL server that lives as long as the tests."""
    with server(tmp_path_factory.mktemp("runtime")) as create:
        yield create


@pytest.fixture(scope="session")
def deploy(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Deployment]]:
    """Deploys a service on a kind of database, once a test session."""
    made: dict[str, Deployment] = {}

    def deployed(kind: str) -> Deployment:
        if kind not in made:
            made[kind] = _deployment(kind, tmp_path_factory.mktemp(kind), request)
        return made[kind]

    yield deployed
    for one in made.values():
        one.close()


def _deployment(kind: str, folder: Path, request: pytest.FixtureRequest) -> Deployment:
    if kind == "sqlite":
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("livret", "keys")]
    else:
        create = request.getfixturevalue("postgresql")
        urls = [create("livret"), create("keys")]
    settings = Settings(
        database_url=urls[0],
        key_store_url=urls[1],
        master_key=bytes(range(32)),
        public_url=SERVICE,
        internal_url=SERVICE,
        token_issuer=SERVICE,
        mail_folder=folder / "mail",
        threads=4,
    )
    clock = Clock()
    service = build_service(settings, clock)
    migrate_stores(service)
    service.store.connect()
    service.key_store.connect()
    client = TestClient(create_application(settings, clock), base_url=SERVICE)
    client.__enter__()
    return Deployment(settings, service, signing_key(service), clock, client)


@dataclass
class Caller:
    """Someone with a token, and the one way in which tests ask the service."""

    client: TestClient
    token: str | None
    name: str
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, body: object) -> Any:
        headers = {"accept": "application/graphql-response+json", **self.headers}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        return self.client.post("/graphql", json=body, headers=headers)

    def ask(self, document: str, **variables: object) -> Any:
        """The data of an answer that must be without errors."""
        answer = self.post({"query": document, "variables": variables})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]

    def do(self, document: str, **variables: object) -> Any:
        """The only field of a mutation's answer."""
        (only,) = self.ask(document, **variables).values()
        return only

    def error(self, document: str, **variables: object) -> str:
        """The code of the first top-level error."""
        return str(
            self.post({"query": document, "variables": variables}).json()["errors"][0][
                "extensions"
            ]["code"]
        )


@dataclass
class Here:
    """A service on one database, with an empty store and people to call it."""

    kind: str
    deployment: Deployment
    client: TestClient
    clock: Clock = field(default_factory=Clock)

    def caller(
        self,
        name: str,
        scope: str = "livret:read livret:write",
        signed_in_at: int | None = None,
    ) -> Caller:
        token = access_token(
            self.deployment.key,
            self.deployment.settings,
            subject=name,
            scope=scope,
            signed_in_at=signed_in_at,
            clock=self.clock,
        )
        return Caller(self.client, token, name)

    def machine(self, name: str, scope: str = "livret:summary") -> Caller:
        """A registered program with a token of its own, by its client id."""
        self.register(name)
        token = access_token(
            self.deployment.key,
            self.deployment.settings,
            subject=name,
            scope=scope,
            client=name,
            clock=self.clock,
        )
        return Caller(self.client, token, name)

    def register(self, client: str) -> None:
        """Register a machine under that id, unless it is registered."""
        row = {
            "id": client,
            "name": client,
            "authentication": SECRET,
            "scopes": json.dumps(MACHINE_SCOPES),
            "created_at": 0,
            **dict.fromkeys(("redirect_uris", "post_logout_redirect_uris", "origins"), "[]"),
        }
        store = self.deployment.store
        with store.writing():
            signed = APPLICATION_ROWS.signed(store, row)
            store.run(ClientTable.insert(signed).on_conflict_ignore())

    def nobody(self) -> Caller:
        return Caller(self.client, None, "nobody")

    def code(self) -> str:
        """A fresh authorization code."""
        service = self.deployment.service
        with service.store.writing():
            (made,) = issue(service.operation(Anonymous()), "21330063500017", 1).codes
        return made.code


@pytest.fixture(params=DATABASES)
def here(request: pytest.FixtureRequest, deploy: Callable[[str], Deployment]) -> Here:
    """The service over HTTP, on each database in turn, beginning empty."""
    deployment = deploy(request.param)
    deployment.empty()
    assert deployment.client is not None
    return Here(request.param, deployment, deployment.client, deployment.clock)


CHARTER = 'mutation { charterAccept(version: "1") { __typename } }'
OPEN = (
    "mutation($code: String!) { bookletOpen(code: $code) { __typename ... on Refusal { code } } }"
)
IDENTIFY = """mutation($identity: IdentityInput!, $version: Int!) {
  identityRevise(identity: $identity, version: $version) {
    __typename
    ... on Refusal { code message }
    ... on InvalidEntry { problems { path code message } }
    ... on IdentityRevised { booklet { id state version identity { version lastName email } } }
  }
}"""
IDENTITY = {
    "civility": "MME",
    "lastName": "Lefèvre",
    "firstName": "Maëlle",
    "email": "maelle@example.org",
    "emailConfirmation": "maelle@example.org",
    "birthDate": "1980-04-12",
}


@pytest.fixture
def owner(here: Here) -> Caller:
    """An agent with an open, empty booklet."""
    return with_booklet(here, "owner")


def with_booklet(here: Here, name: str) -> Caller:
    """An agent of that name, whose booklet was opened the guide's way."""
    caller = here.caller(name)
    opening = partial(open_booklet, caller, here)
    here.deployment.copies.of(("booklet", name), here.clock(), opening)
    return caller


def open_booklet(caller: Caller, here: Here) -> None:
    """Open the caller's booklet the guide's way: a code, the charter, who the holder is."""
    assert caller.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    assert caller.do(CHARTER)["__typename"] == "CharterAccepted"
    assert caller.do(IDENTIFY, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
