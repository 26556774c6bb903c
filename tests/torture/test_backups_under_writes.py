"""`livret backup` while agents write and close, each restored elsewhere, in turn on either database."""

import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_application
from tests.client import TestClient
from tests.conftest import DATABASES, Caller, Here, open_booklet
from tests.graphql_api.booklets.closing import CLOSE, WORDS
from tests.graphql_api.documents import WHOLE, entry, whole
from tests.patience import PATIENCE_SECONDS, until
from tests.real.service import LIVRET, RealService
from tests.torture.figures import Figures
from tests.torture.stores import empty_pair, opened
from tests.torture.test_kills_while_writing import ADD, PARTS, caller, started, written

pytestmark = pytest.mark.torture

PAUSE_SECONDS = 0.1
WRITERS, MOST = 2, 300  # batches: a booklet has room for 1,000 entries


@dataclass
class Agent:
    """An agent who writes batches until told to stop; those that were answered are acknowledged.

    The pauses leave SQLite, which knows no queue, for the backups to begin and bookletClose to end.
    """

    name: str
    acknowledged: list[str] = field(default_factory=list)

    def write(self, service: RealService, stopped: threading.Event) -> None:
        """Write until told to stop."""
        with caller(service, self.name) as one:
            while not stopped.is_set() and len(self.acknowledged) < MOST:
                batch = f"{self.name} {len(self.acknowledged)}"
                sent = [entry("attachment", title=f"{batch} ({part})") for part in range(PARTS)]
                answer = one.post({"query": ADD, "variables": {"entries": sent, "key": batch}})
                if answer.status_code == 200:
                    assert answer.json()["data"]["entriesAdd"]["__typename"] == "EntriesAdded"
                    self.acknowledged.append(batch)
                else:
                    assert answer.status_code == 503, answer.text  # sent again, under its key
                stopped.wait(PAUSE_SECONDS)


def is_closed(one: Caller) -> bool:
    """Close the booklet of a caller, unless the service says that it is busy: then it is no later."""
    answer = one.post({"query": CLOSE, "variables": {"words": WORDS}})
    return answer.status_code == 200 and one.ask(WHOLE) == {"booklet": None}


def livret(service: RealService, *words: object, **settings: str) -> None:
    ended = subprocess.run(
        [LIVRET, *map(str, words)],
        cwd=service.folder,
        env={**service.environment, **settings},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ended.returncode == 0, ended.stderr


def test_each_backup_has_what_was_acknowledged_before_it_and_nothing_that_was_closed(
    real_service: RealService,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    agents = [Agent(f"agent {number}") for number in range(WRITERS)]
    backups, stopped = times(1, 10), threading.Event()
    closed: list[str] = []
    lost = halves = returned = acknowledged = 0
    with started(real_service), ThreadPoolExecutor(WRITERS) as pool:
        for name in (*(one.name for one in agents), *(f"leaving {n}" for n in range(backups))):
            with caller(real_service, name) as one:
                open_booklet(one, Here("sqlite", real_service.deployment, one.client))
        running = [pool.submit(one.write, real_service, stopped) for one in agents]
        try:
            for number in range(backups):
                enough = sum(len(one.acknowledged) for one in agents) + 4
                enough = min(enough, WRITERS * MOST)  # whose booklets are full wait for the end
                until(lambda at=enough: sum(len(one.acknowledged) for one in agents) >= at)
                files = [tmp_path / f"{part}-{number}" for part in ("data", "keys")]
                before = [list(one.acknowledged) for one in agents]
                leaving = f"leaving {number}"
                livret(real_service, "backup", "--data", files[0])
                with caller(real_service, leaving) as one:
                    closed.append(whole(one)["id"])
                    until(lambda one=one: is_closed(one))
                livret(real_service, "backup", "--keys", files[1])
                there, ids = restored(real_service, request, tmp_path, files, number, agents)
                for batches, found in zip(before, there, strict=True):
                    lost += len(set(batches) - found.keys())
                    halves += sum(parts != PARTS for parts in found.values())
                    acknowledged += len(batches)
                returned += len(ids & set(closed))
        finally:
            stopped.set()
        for each in running:
            each.result()
    figures.exactly("backups under writes, restored elsewhere", backups, backups)
    figures.size("acknowledged writes compared", acknowledged)
    figures.exactly("writes acknowledged before a backup and lost", lost, 0)
    figures.exactly("half transactions in a backup", halves, 0)
    figures.exactly("closed booklets that came back", returned, 0)


def restored(
    service: RealService,
    request: pytest.FixtureRequest,
    folder: Path,
    files: list[Path],
    number: int,
    agents: list[Agent],
) -> tuple[list[dict[str, int]], set[str]]:
    """What a restored service answers the agents, and the ids of its booklets."""
    kind = DATABASES[number % 2]
    create = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    data, keys = empty_pair(folder, create, f"{folder.name}-restored-{number}")
    names = {"LIVRET_DATABASE_URL": data, "LIVRET_KEY_STORE_URL": keys}
    livret(service, "restore", "--data", files[0], "--keys", files[1], **names)
    livret(service, "check", **names)
    settings = replace(service.settings, database_url=data, key_store_url=keys)
    with TestClient(create_application(settings), base_url=settings.public_url) as client:
        answers = [_asked(client, service, one.name) for one in agents]
    with opened(data) as (store,):
        ids = {id for (id,) in store.database.execute_sql("SELECT id FROM booklet").fetchall()}
    return [written(one) for one in answers], ids


def _asked(client: TestClient, service: RealService, name: str) -> Any:
    one: Caller = Here("sqlite", service.deployment, client).caller(name)
    return one.ask(WHOLE)["booklet"]
