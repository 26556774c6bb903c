"""When closing cannot be done it says so and has closed nothing; what a crash leaves is finished."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import peewee
import pytest

from graphql_api.app import create_application
from graphql_api.commands import cli
from graphql_api.configuration.settings import OWN_ISSUER, Settings
from graphql_api.storage import cleanup
from graphql_api.storage.store import Store
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import (
    ACCOUNT_WORDS,
    CLOSE,
    CLOSE_ACCOUNT,
    WORDS,
    close,
    destroyed,
    everything,
    full_booklet,
    rows,
    tables_with_rows_of,
)
from tests.graphql_api.documents import WHOLE, added, whole
from tests.graphql_api.storage.test_unavailable import broken_places
from tests.patience import PATIENCE_SECONDS

MASTER_KEY = bytes(range(32))
CRASH = f"""
import os, signal, sys
from datetime import datetime
from graphql_api.storage.actors import Agent
from graphql_api.serving import build_service
from graphql_api.booklets.closing import close_booklet
from graphql_api.configuration.settings import Settings
from schema.typography import typeset

data, keys, now = sys.argv[1:]
clock = lambda: datetime.fromisoformat(now)
service = build_service(Settings(data, keys, bytes(range(32))), clock)
agent = Agent("{OWN_ISSUER}", "owner", frozenset(), int(service.clock().timestamp()))
op = service.operation(agent)
with op.after_commit, service.store.writing():
    close_booklet(op, agent, "{WORDS}")
    op.after_commit.callback(os.kill, os.getpid(), signal.SIGKILL)
"""


class FailingStore(Store):
    """A store whose transactions fail, when told to, at their beginning or at their commit."""

    fails_at = ""

    @contextmanager
    def writing(self) -> Iterator[None]:
        with super().writing():
            if self.fails_at == "beginning":
                raise peewee.OperationalError("database or disk is full")
            yield
            if self.fails_at == "commit":
                raise peewee.OperationalError("database or disk is full")


@contextmanager
def serving(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_application(settings)) as client:
        yield client


@pytest.fixture
def stores(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TestClient, list[FailingStore]]]:
    """The same service on stores that fail when told to: the data, then the keys."""
    made: list[FailingStore] = []

    def opened(url: str, **options: Any) -> Store:
        made.append(FailingStore(url, **options))
        return made[-1]

    monkeypatch.setattr("graphql_api.serving.Store", opened)
    with serving(here.deployment.settings) as client:
        yield client, made


def check_unavailable(answer: Any) -> None:
    """503, and not a word of what is wrong, nor any receipt."""
    assert answer.status_code == 503
    assert set(answer.json()) == {"errors"}
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert int(answer.headers["retry-after"]) > 0


def test_with_a_key_store_that_does_not_answer_nothing_is_closed(
    here: Here, tmp_path: Path
) -> None:
    owner = full_booklet(here)
    booklet, before = whole(owner), everything(here.deployment)
    for url in broken_places(here, tmp_path):
        settings = replace(here.deployment.settings, key_store_url=url)
        with serving(settings) as client:
            there = Caller(client, owner.token, "owner")
            for document, words in ((CLOSE, WORDS), (CLOSE_ACCOUNT, ACCOUNT_WORDS)):
                check_unavailable(there.post({"query": document, "variables": {"words": words}}))
        assert everything(here.deployment) == before, url
        assert whole(owner) == booklet
    assert close(owner)["__typename"] == "BookletClosed"


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_with_a_key_store_that_cannot_be_written_nothing_is_closed(here: Here) -> None:
    owner = full_booklet(here)
    booklet, before = whole(owner), everything(here.deployment)
    journal = Path(f"{here.deployment.key_store.database.database}-journal")
    journal.mkdir()  # SQLite cannot make its own there
    (journal / "file").touch()
    try:
        check_unavailable(owner.post({"query": CLOSE, "variables": {"words": WORDS}}))
    finally:
        (journal / "file").unlink()
        journal.rmdir()
    assert everything(here.deployment) == before
    assert whole(owner) == booklet
    assert close(owner)["__typename"] == "BookletClosed"


@pytest.mark.parametrize(("which", "moment"), [(0, "commit"), (1, "beginning")])
def test_a_store_that_fails_before_the_data_are_committed_closes_nothing(
    here: Here, stores: tuple[TestClient, list[FailingStore]], which: int, moment: str
) -> None:
    owner = full_booklet(here)
    booklet, before = whole(owner), everything(here.deployment)
    client, made = stores
    made[which].fails_at = moment
    there = Caller(client, owner.token, "owner")
    for document, words in ((CLOSE, WORDS), (CLOSE_ACCOUNT, ACCOUNT_WORDS)):
        check_unavailable(there.post({"query": document, "variables": {"words": words}}))
        assert everything(here.deployment) == before
        assert whole(there) == booklet
    made[which].fails_at = ""
    assert added(there, "diploma")
    assert close(there)["receipt"]["entriesDeleted"] == 13


def test_a_key_that_outlives_its_booklet_gives_no_receipt_and_is_swept(
    here: Here, stores: tuple[TestClient, list[FailingStore]]
) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    booklet, theirs = whole(owner)["id"], whole(other)
    client, made = stores
    made[1].fails_at = "commit"
    there = Caller(client, owner.token, "owner")
    check_unavailable(there.post({"query": CLOSE, "variables": {"words": WORDS}}))
    check_half_closed(here, booklet)
    made[1].fails_at = ""
    assert there.ask(WHOLE) == {"booklet": None}
    assert close(there)["state"] == "NONE"
    assert cleanup.finish_interrupted_closings(made[0], made[1]) == 1
    check_closed(here, booklet)
    assert cleanup.finish_interrupted_closings(made[0], made[1]) == 0
    assert whole(other) == theirs


def check_half_closed(here: Here, booklet: str) -> None:
    """The data are gone, the key is not, and the tombstone says so."""
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "booklet_key"}
    assert not destroyed(here.deployment, booklet)


def check_closed(here: Here, booklet: str) -> None:
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
    assert destroyed(here.deployment, booklet)


def put_key(here: Here, booklet: str, wrapped: bytes) -> None:
    mark = "?" if here.kind == "sqlite" else "%s"
    insert = f"INSERT INTO booklet_key VALUES ({mark}, {mark})"
    here.deployment.key_store.database.execute_sql(insert, (booklet, wrapped))


def crash(here: Here) -> None:
    """Close the owner's booklet in a process that is killed between the two commits."""
    settings, now = here.deployment.settings, here.clock().isoformat()
    killed = subprocess.run(
        [sys.executable, "-c", CRASH, settings.database_url, settings.key_store_url, now],
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    assert killed.returncode == -9, killed.stderr


def test_a_closing_that_was_killed_is_finished_when_the_service_starts(here: Here) -> None:
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    crash(here)
    check_half_closed(here, booklet)
    assert owner.ask(WHOLE) == {"booklet": None}
    fresh = whole(with_booklet(here, "owner"))["id"]
    with serving(here.deployment.settings) as client:
        check_closed(here, booklet)
        assert whole(Caller(client, owner.token, "owner"))["id"] == fresh


def test_a_mark_that_fails_does_not_undo_a_closing(
    here: Here, stores: tuple[TestClient, list[FailingStore]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full by then: the booklet and its key are gone, which is what was asked."""
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    client, made = stores

    def failing(store: Store, booklet: str) -> None:
        made[0].fails_at = "beginning"
        with made[0].writing():
            raise AssertionError

    monkeypatch.setattr("graphql_api.storage.erasing.mark_key_destroyed", failing)
    assert close(Caller(client, owner.token, "owner"))["__typename"] == "BookletClosed"
    made[0].fails_at = ""
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
    assert not destroyed(here.deployment, booklet)
    assert cleanup.finish_interrupted_closings(made[0], made[1]) == 1
    check_closed(here, booklet)


def sweep(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *options: str
) -> Callable[[], int]:
    key = tmp_path / "master-key"
    key.write_text(MASTER_KEY.hex())
    settings = here.deployment.settings
    monkeypatch.setenv("LIVRET_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LIVRET_KEY_STORE_URL", settings.key_store_url)
    monkeypatch.setenv("LIVRET_MASTER_KEY_FILE", str(key))
    monkeypatch.setenv("LIVRET_PROFILE", "development")
    return lambda: cli.main(["sweep", *options])


def test_the_command_sweep_finishes_and_tells(
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # no folder of another test
    owner = with_booklet(here, "owner")
    booklet = whole(owner)["id"]
    (key,) = rows(here.deployment.key_store, "booklet_key")
    assert close(owner)["__typename"] == "BookletClosed"
    here.deployment.store.database.execute_sql("UPDATE tombstone SET key_destroyed = FALSE")
    here.deployment.key_store.database.execute_sql("DELETE FROM closing")
    put_key(here, *key)
    check_half_closed(here, booklet)
    run = sweep(here, monkeypatch, tmp_path)
    assert run() == 0
    assert typeset("Fermetures achevées : 1\n") in capsys.readouterr().out
    check_closed(here, booklet)
    assert run() == 0
    assert capsys.readouterr().out == typeset("Rien à supprimer.\n")
