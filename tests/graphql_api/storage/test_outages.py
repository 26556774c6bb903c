"""Outages of a database that answers: said with 503, logged by their kind, over when they are over."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from graphql_api.app import create_application
from graphql_api.serving import build_service
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.conftest import Caller, Here
from tests.graphql_api.documents import ADD, entry
from tests.patience import until

READ = "{ booklet { version } }"
CANARY = "Canari-7f3a"
Outage = Callable[[str], Any]


@dataclass(frozen=True)
class Service:
    """The service of a deployment, in an application of its own that waits for nothing."""

    client: TestClient
    owner: Caller
    lines: Callable[[], list[logging.LogRecord]]

    def read(self) -> Any:
        return self.owner.post({"query": READ})

    def write(self) -> Any:
        written = entry("diploma", title=CANARY)
        return self.owner.post({"query": ADD, "variables": {"entry": written}})

    def kinds(self) -> list[dict[str, Any]]:
        """The outages that were logged."""
        return [
            vars(one)["facts"]
            for one in self.lines()
            if getattr(one, "event", "") == "store-unavailable"
        ]


@pytest.fixture
def service(
    here: Here,
    owner: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Service]:
    monkeypatch.setattr("graphql_api.serving.Store", partial(Store, timeout=0.3))
    monkeypatch.setattr(Store, "connect", connect)
    _PRAGMA.clear()
    with TestClient(
        create_application(here.deployment.settings), client=("127.0.0.1", 1)
    ) as client:
        assert client.get("/readyz").json() == {"ready": True}
        there = Caller(client, owner.token, owner.name)
        yield Service(client, there, lambda: caplog.records)


def sql(here: Here, statement: str, *, keys: bool = False) -> Any:
    """Run a statement as an administrator would, beside the service."""
    settings = here.deployment.settings
    url = settings.key_store_url if keys else settings.database_url
    if here.kind == "sqlite":
        with sqlite3.connect(urlsplit(url).path.removeprefix("/")) as one:
            return one.execute(statement).fetchall()
    writable = "-c default_transaction_read_only=off"
    with psycopg.connect(url, autocommit=True, options=writable) as other:
        return other.execute(statement)  # type: ignore[call-overload]  # no literal


@contextmanager
def failing_writes(here: Here, code: str) -> Iterator[None]:
    """The sections of PostgreSQL refuse every write with an error of the server's own."""
    sql(
        here,
        f"""CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no room for {CANARY}' USING ERRCODE = '{code}'; END $$""",
    )
    sql(here, "CREATE TRIGGER fails BEFORE INSERT ON booklet_section EXECUTE FUNCTION fails()")
    yield
    sql(here, "DROP TRIGGER fails ON booklet_section")
    sql(here, "DROP FUNCTION fails()")


@contextmanager
def full(here: Here) -> Iterator[None]:
    """The data store takes no more: SQLite gets no page, PostgreSQL says what it says then."""
    if here.kind == "postgresql":
        with failing_writes(here, "53100"):
            yield
        return
    sql(here, "VACUUM")  # the pages that other tests left empty are room too
    _PRAGMA[:] = ["max_page_count = 1"]
    yield
    _PRAGMA[:] = ["max_page_count = 4294967294"]


@contextmanager
def read_only(here: Here) -> Iterator[None]:
    """The data store may be read and not written."""
    if here.kind == "sqlite":
        _PRAGMA[:] = ["query_only = 1"]
        yield
        _PRAGMA[:] = ["query_only = 0"]
        return
    name = urlsplit(here.deployment.settings.database_url).path.removeprefix("/")
    sql(here, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    sql(here, KILL)
    yield
    sql(here, f'ALTER DATABASE "{name}" RESET ALL')
    sql(here, KILL)


KILL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_PRAGMA: list[str] = []  # what every connection to SQLite is told when it is used
_connect = Store.connect


def connect(self: Store) -> None:
    _connect(self)
    if self.name == "data store" and self.is_sqlite:
        for pragma in _PRAGMA:
            self.database.execute_sql(f"PRAGMA {pragma}")


def check_refused(answer: Any) -> None:
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert int(answer.headers["retry-after"]) > 0


def check_all_is_well(service: Service) -> None:
    assert service.write().json()["data"]["entryAdd"]["__typename"] == "EntryAdded"
    assert service.client.get("/readyz").json() == {"ready": True}


@pytest.mark.parametrize(("outage", "kind"), [(full, "disk full"), (read_only, "read-only")])
def test_a_store_that_cannot_be_written_to_is_told(
    here: Here, service: Service, outage: Any, kind: str
) -> None:
    with outage(here):
        answers = (service.write() for _ in range(100))  # the last page may have room
        check_refused(next(one for one in answers if one.status_code != 200))
        assert {"store": "data store", "kind": kind} in service.kinds()
        assert service.read().status_code == 200
        if kind == "read-only":  # a disk that is really full: tests/torture
            not_ready = service.client.get("/readyz")
            assert not_ready.status_code == 503
            assert not_ready.json() == {"ready": False, "notReady": ["data store"]}
            assert int(not_ready.headers["retry-after"]) > 0
        assert service.client.get("/healthz").status_code == 200
    check_all_is_well(service)
    told = json.dumps([str(vars(line)) for line in service.lines()])
    assert CANARY not in told


@pytest.mark.parametrize("keys", [False, True])
def test_a_store_that_somebody_locks_is_told(here: Here, service: Service, keys: bool) -> None:
    name = "key store" if keys else "data store"
    settings = here.deployment.settings
    url = settings.key_store_url if keys else settings.database_url
    locking: Any
    if here.kind == "sqlite":
        locking = sqlite3.connect(urlsplit(url).path.removeprefix("/"), isolation_level=None)
        locking.execute("BEGIN EXCLUSIVE")
    else:
        locking = psycopg.connect(url)
        table = "booklet_key" if keys else "booklet"
        locking.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    try:
        if here.kind == "sqlite":
            answer = service.client.get("/readyz")
            assert answer.json() == {"ready": False, "notReady": [name]}
        check_refused(service.write())
        assert {"store": name, "kind": "locked"} in service.kinds()
    finally:
        locking.rollback() if here.kind == "postgresql" else locking.execute("ROLLBACK")
        locking.close()
    check_all_is_well(service)


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_a_killed_backend_is_told_and_replaced(here: Here, service: Service) -> None:
    with psycopg.connect(here.deployment.settings.database_url) as locking:
        locking.execute("LOCK TABLE booklet_section IN ACCESS EXCLUSIVE MODE")
        answers: list[Any] = []
        asking = Thread(target=lambda: answers.append(service.write()))
        asking.start()
        until(lambda: answers or _waits(here))
        sql(here, KILL.replace("AND pid <>", "AND wait_event_type = 'Lock' AND pid <>"))
        asking.join()
    check_refused(answers[0])
    assert service.kinds()[0]["kind"] in ("connection lost", "locked")  # by the time of a lock
    check_all_is_well(service)
    sql(here, KILL)
    check_all_is_well(service)


def test_strangers_do_not_learn_what_is_not_ready(here: Here, service: Service) -> None:
    with read_only(here):
        service.write()
        for headers in ({"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}):
            assert service.client.get("/readyz", headers=headers).json() == {"ready": False}
        stranger = TestClient(service.client.app, client=("192.0.2.7", 1))
        assert stranger.get("/readyz").json() == {"ready": False}
    not_ready = [one for one in service.lines() if getattr(one, "event", "") == "not-ready"]
    assert len(not_ready) == 3
    assert vars(not_ready[0])["facts"] == {"notReady": ("data store",)}


def test_a_store_has_its_name_in_the_log(here: Here) -> None:
    service = build_service(here.deployment.settings)
    assert (service.store.name, service.key_store.name) == ("data store", "key store")
    service.close()


def _waits(here: Here) -> bool:
    found = here.deployment.settings.database_url
    with psycopg.connect(found) as one:
        waiting = one.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        )
        return bool(waiting.fetchone()[0])  # type: ignore[index]  # one row
