"""When a database cannot be reached, is slow, or is busy: said at once, and over when it is over."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from peewee import SQL

from graphql_api.app import create_application
from graphql_api.booklets import booklets
from graphql_api.configuration.settings import Settings
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ADD,
    added,
    entry,
    whole,
)
from tests.patience import PATIENCE_SECONDS, until
from tests.signing import access_token, signing_key

READ = "{ booklet { version } }"
SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


@contextmanager
def serving(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_application(settings)) as client:
        yield client


def elsewhere(here: Here, **changes: Any) -> Settings:
    return replace(here.deployment.settings, **changes)


def check_unavailable(client: TestClient, caller: Caller, code: str = "UNAVAILABLE") -> None:
    """The service is up, not ready, and says so on every path that needs a database."""
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False})
    there = Caller(client, caller.token, caller.name)
    for document, variables in ((READ, {}), (ADD, {"entry": entry("diploma")})):
        answer = there.post({"query": document, "variables": variables})
        assert answer.status_code == 503
        assert set(answer.json()) == {"errors"}
        assert answer.json()["errors"][0]["extensions"] == {"code": code}
        assert int(answer.headers["retry-after"]) > 0
    download = client.get(
        f"/dossiers/{uuid4()}.zip", headers={"authorization": f"Bearer {caller.token}"}
    )
    assert download.status_code == 503
    assert download.json()["errors"][0]["extensions"] == {"code": code}
    assert int(download.headers["retry-after"]) > 0


def broken_places(here: Here, tmp_path: Path) -> list[str]:
    """Addresses at which no database answers."""
    if here.kind == "postgresql":
        server = here.deployment.settings.database_url.rpartition("?")[2]
        return ["postgresql://127.0.0.1:1/livret", f"postgresql://postgres:@/nowhere?{server}"]
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "rubbish.db").write_text("not a database, " * 100)
    names = ("missing/x.db", "folder.db", "file/x.db", "rubbish.db")
    return [f"sqlite:///{tmp_path}/{name}" for name in names]


@pytest.mark.parametrize("which", ["database_url", "key_store_url"])
def test_a_database_that_does_not_answer_is_said_so_at_once(
    here: Here, owner: Caller, which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits for as long as a statement may take, which is longer than a test waits."""
    monkeypatch.setattr("graphql_api.serving.Store", partial(Store, timeout=3600))

    def ask(url: str) -> None:
        with serving(elsewhere(here, **{which: url})) as client:
            check_unavailable(client, owner)

    for url in broken_places(here, tmp_path):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(ask, url).result(PATIENCE_SECONDS)


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_the_service_is_back_when_its_file_is_back(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "livret.db"
    settings = replace(here.deployment.settings, database_url=f"sqlite:///{path}")
    path.mkdir()
    caller = here.caller("agent")
    with serving(settings) as client:
        check_unavailable(client, caller)
        path.rmdir()
        service = build_service(settings)
        migrate_stores(service)
        key = signing_key(service)  # a new file has a key of its own
        service.close()
        assert client.get("/readyz").status_code == 200
        token = access_token(key, settings, subject="agent", scope="livret:read")
        assert Caller(client, token, "agent").ask(READ) == {"booklet": None}


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_the_service_survives_a_restart_of_its_server(here: Here, owner: Caller) -> None:
    written = []
    for round_ in range(2):
        written.append(added(owner, "diploma", title=f"Tour {round_}")["id"])
        assert disconnect_everybody(here) > 0
        assert owner.ask(READ)["booklet"]["version"] > 0
        assert disconnect_everybody(here) > 0
        assert here.client.get("/readyz").status_code == 200
    assert disconnect_everybody(here) > 0
    assert {one["id"] for one in whole(owner)["entries"]} == set(written)


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_no_write_is_acknowledged_and_lost_when_connections_die(here: Here) -> None:
    """Writers go on while every connection is killed again and again."""
    callers = [with_booklet(here, f"agent {number}") for number in range(3)]
    enough = threading.Event()
    acknowledged: dict[str, set[str]] = {caller.name: set() for caller in callers}
    statuses: list[int] = []

    def write(caller: Caller) -> None:
        while not enough.is_set():
            answer = caller.post({"query": ADD, "variables": {"entry": entry("attachment")}})
            statuses.append(answer.status_code)
            if answer.status_code == 200:
                acknowledged[caller.name].add(answer.json()["data"]["entryAdd"]["entry"]["id"])

    killed = 0
    with ThreadPoolExecutor(len(callers)) as pool:
        writers = [pool.submit(write, caller) for caller in callers]
        end = time.monotonic() + PATIENCE_SECONDS
        while killed <= 10 or any(len(ids) <= 3 for ids in acknowledged.values()):
            if time.monotonic() > end:
                break
            time.sleep(0.03)
            killed += disconnect_everybody(here)
        enough.set()
        for writer in writers:
            writer.result()
    assert killed > 10
    assert set(statuses) <= {200, 503}
    for caller in callers:
        kept = {one["id"] for one in whole(caller)["entries"]}
        assert acknowledged[caller.name] <= kept
        assert len(acknowledged[caller.name]) > 3
        assert len(kept) - len(acknowledged[caller.name]) <= statuses.count(503)


def disconnect_everybody(here: Here) -> int:
    """Kill the connections of the service to both databases, as a restart does."""
    killed = 0
    settings = here.deployment.settings
    for url in (settings.database_url, settings.key_store_url):
        with psycopg.connect(url, autocommit=True) as connection:
            own = "pid <> pg_backend_pid() AND datname = current_database()"
            rows = connection.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {own}"
            ).fetchall()
            killed += len(rows)
    for store in (here.deployment.store, here.deployment.key_store):
        store.disconnect()
        store.connect()
    return killed


@pytest.fixture
def impatient(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The same service with one thread, whose statements are stopped after a fifth of a second."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("graphql_api.serving.Store", partial(Store, timeout=0.2))
        settings = replace(here.deployment.settings, threads=1, queue=4)
        with serving(settings) as client:
            yield client


def check_the_thread_is_free(impatient: TestClient, owner: Caller) -> None:
    """The service reads and writes again, on a slow machine after a few tries."""
    there = Caller(impatient, owner.token, "owner")
    written = {"query": ADD, "variables": {"entry": entry("diploma"), "key": "again"}}
    for asked in ({"query": READ}, written):
        until(lambda asked=asked: there.post(asked).status_code == 200)
    assert [one["version"] for one in whole(owner)["entries"]] == [1]


@pytest.mark.parametrize("kind", ["query", "longer query", "mutation"])
def test_a_statement_that_takes_too_long_is_stopped_and_frees_its_thread(
    here: Here, owner: Caller, impatient: TestClient, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = whole(owner)
    real = booklets.row_of_caller

    def slow(op: Any) -> Any:
        op.store.look_up("slow", SQL(SLOW[here.kind]))
        return real(op)

    there = Caller(impatient, owner.token, "owner")
    asked = {
        "query": {"query": READ},  # in no transaction
        "longer query": {"query": "{ booklet { identity { lastName } } }"},
        "mutation": {"query": ADD, "variables": {"entry": entry("diploma")}},
    }[kind]
    monkeypatch.setattr(booklets, "row_of_caller", slow)
    answer = there.post(asked)
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.undo()
    assert whole(owner) == before
    check_the_thread_is_free(impatient, owner)


def test_a_writer_that_is_locked_out_gives_up_in_time(
    here: Here, owner: Caller, impatient: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Caller(impatient, owner.token, "owner")
    until(lambda: there.post({"query": READ}).status_code == 200)  # it has keys and a connection
    before = whole(owner)
    begun: list[object] = []
    begin = Store.begin

    def noting(store: Store, mode: object) -> Any:
        if threading.current_thread().name.startswith("operation"):  # others tell heads meanwhile
            begun.append(mode)
        return begin(store, mode)

    with held_by_another(here):
        monkeypatch.setattr(Store, "begin", noting)
        answer = there.post({"query": ADD, "variables": {"entry": entry("diploma")}})
        assert begun.count(begun[0]) == 1, "who has waited in vain does not wait again"
        monkeypatch.undo()
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
        assert whole(owner) == before
    check_the_thread_is_free(impatient, owner)


@contextmanager
def held_by_another(here: Here) -> Iterator[None]:
    """Another process holds what a writer needs."""
    store = here.deployment.store
    with store.writing():
        store.database.execute_sql("UPDATE booklet SET version = version")
        yield


def test_a_full_queue_is_said_at_once_and_empties(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, inside = threading.Event(), threading.Event()
    real = booklets.row_of_caller

    def waiting(op: Any) -> Any:
        inside.set()
        assert release.wait(PATIENCE_SECONDS)
        return real(op)

    settings = replace(here.deployment.settings, threads=1, queue=0)
    with serving(settings) as client, ThreadPoolExecutor(1) as pool:
        there = Caller(client, owner.token, "owner")
        monkeypatch.setattr(booklets, "row_of_caller", waiting)
        first = pool.submit(there.ask, READ)
        assert inside.wait(PATIENCE_SECONDS)
        check_unavailable(client, owner, "BUSY")
        release.set()
        assert first.result()["booklet"]["version"] > 0
        assert there.ask(READ) == first.result()
        assert client.get("/readyz").status_code == 200
