"""How often each kind of request waits for PostgreSQL, as libpq itself tells what it exchanged."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_application
from graphql_api.engine.stored_queries import hash_of
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.storage.postgresql import PipelinedDatabase
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import added
from tests.graphql_api.site import Site

# BEGIN, COMMIT and the key store count. A booklet's row, its owner, who is locked with it, and the
# sections that will be asked for are read in one, its key in another; what is written goes with the
# COMMIT. Nobody waits for the end of a transaction that only read. A browser is found by its session.
ROUND_TRIPS = {"guide": 0, "unchanged": 1, "small": 2, "content": 2, "entryAdd": 3}
SMALL = "{ booklet { id version } }"
CONTENT = "{ booklet { identity { lastName } entries { id headline } dossiers { title } } }"
GUIDE = "{ rubrics { label } }"
WARM = 3  # a statement is prepared at its second use
_ANSWERED = re.compile(r"[^\t]*\t([FB])\t.*\n", re.ASCII)  # a line of a trace, and who sent it


@dataclass(frozen=True)
class Traced:
    """A service whose exchanges with PostgreSQL are traced, a file for each connection."""

    client: TestClient
    folder: Path

    def waits(self) -> int:
        """How often an answer of the server was read after something was sent to it."""
        return sum(
            _ANSWERED.sub(r"\1", one.read_text()).count("FB") for one in self.folder.iterdir()
        )

    def count(self, ask: Callable[[], Any]) -> int:
        """The round trips of a request that was made before."""
        for _ in range(WARM):
            ask()
        before = self.waits()
        ask()
        return self.waits() - before


@pytest.fixture
def traced(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traced]:
    connect = PipelinedDatabase._connect
    files: list[Any] = []
    traces = tmp_path / "traces"
    traces.mkdir()

    def traced(self: PipelinedDatabase) -> Any:
        connection = connect(self)
        files.append((traces / f"{len(files)}.trace").open("wb", buffering=0))
        connection.pgconn.trace(files[-1].fileno())
        return connection

    monkeypatch.setattr(PipelinedDatabase, "_connect", traced)
    monkeypatch.setattr(MailSender, "start", lambda _self: None)  # who looks for letters
    queries = tmp_path / "queries"
    queries.mkdir()
    (queries / "content.graphql").write_text(CONTENT)
    settings = replace(
        here.deployment.settings, threads=1, queries=queries
    )  # one connection a store
    here.clock.stop(here.clock())
    with TestClient(create_application(settings, here.clock)) as client:
        yield Traced(client, traces)
    for file in files:
        file.close()


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_requests_wait_for_postgresql_as_often_as_is_written_down(
    here: Here, traced: Traced
) -> None:
    site = Site(here, traced.client)
    agent = with_booklet(here, site.account("owner"))
    owner = Caller(traced.client, agent.token, agent.name)
    browser = site.browser()
    browser.sign_in("owner")
    page = browser.caller()

    def unchanged(caller: Caller) -> None:
        token = {"authorization": f"Bearer {caller.token}"} if caller.token else {}
        headers, path = caller.headers | token, f"/q/{hash_of(CONTENT)}"
        if caller.name not in tags:
            tags[caller.name] = caller.client.get(path, headers=headers).headers["etag"]
        answer = caller.client.get(path, headers=headers | {"if-none-match": tags[caller.name]})
        assert answer.status_code == 304

    tags: dict[str, str] = {}

    def costs(caller: Caller) -> dict[str, int]:
        return {
            "guide": traced.count(lambda: caller.ask(GUIDE)),
            "unchanged": traced.count(lambda: unchanged(caller)),
            "small": traced.count(lambda: caller.ask(SMALL)),
            "content": traced.count(lambda: caller.ask(CONTENT)),
            "entryAdd": traced.count(lambda: added(caller, "diploma")),
        }

    assert [costs(owner), costs(page)] == [
        ROUND_TRIPS,
        ROUND_TRIPS | {"guide": 1, "content": 3, "entryAdd": 4},
    ]


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_published_keys_and_registered_clients_are_read_in_one_round_trip_once_a_second(
    here: Here, traced: Traced
) -> None:
    agent = Caller(traced.client, here.caller("agent").token, "agent")

    def a_second_later() -> None:
        here.clock.moved += timedelta(seconds=1)
        agent.ask(GUIDE)

    assert traced.count(a_second_later) == 1
    assert traced.count(lambda: agent.ask(GUIDE)) == 0
