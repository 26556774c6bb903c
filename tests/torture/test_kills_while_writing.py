"""`livret serve`, killed (SIGKILL) while three agents write: what was acknowledged is there, whole and once."""

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from tests.conftest import Caller, Here, open_booklet
from tests.graphql_api.documents import entry, whole
from tests.patience import PATIENCE_SECONDS, until
from tests.processes import wait_until
from tests.real.service import LIVRET, RealService
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture

PARTS = 3  # entries of one write
ADD = """mutation($entries: [EntryInput!]!, $key: String) {
  entriesAdd(entries: $entries, idempotencyKey: $key) { __typename ... on EntriesAdded { entries { id } } }
}"""


@dataclass
class Writer:
    """An agent who writes batches of entries, each under a key of its own, until nobody answers."""

    name: str
    acknowledged: set[str] = field(default_factory=set)
    unanswered: str = ""
    batches: int = 0

    def write(self, caller: Caller) -> None:
        """Send again what was not answered, then more, until the connection breaks."""
        try:
            while True:
                batch = self.unanswered
                if not batch:
                    self.batches += 1
                    batch = self.unanswered = f"{self.name} {self.batches}"
                sent = [entry("attachment", title=f"{batch} ({part})") for part in range(PARTS)]
                answer = caller.post({"query": ADD, "variables": {"entries": sent, "key": batch}})
                if answer.status_code == 200:
                    assert answer.json()["data"]["entriesAdd"]["__typename"] == "EntriesAdded"
                    self.acknowledged.add(batch)
                    self.unanswered = ""
        except httpx2.TransportError:
            return


@contextmanager
def started(service: RealService) -> Iterator["subprocess.Popen[bytes]"]:
    """`livret serve` until the block ends, which kills it."""
    with (
        (service.folder / "service.log").open("ab") as log,
        subprocess.Popen(
            [LIVRET, "serve"],
            cwd=service.folder,
            env=dict(service.environment),
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_until(process, service.is_ready)
            yield process
        finally:
            process.kill()


@contextmanager
def caller(service: RealService, name: str) -> Iterator[Caller]:
    with httpx2.Client(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        yield Here("", service.deployment, client).caller(name)


def here_of(service: RealService, one: Caller) -> Here:
    """The service as a caller over HTTP has it."""
    return Here("", service.deployment, one.client)


def written(answer: Any) -> dict[str, int]:
    """How many entries of each batch are there."""
    found: dict[str, int] = {}
    for one in answer["entries"]:
        batch = one["headline"].rpartition(" (")[0]
        found[batch] = found.get(batch, 0) + 1
    return found


def test_what_was_acknowledged_before_a_kill_is_there_whole_and_once(
    real_service: RealService, figures: Figures, times: Callable[[int, int], int]
) -> None:
    chance = random.Random(29)
    writers = [Writer(f"agent {number}") for number in range(3)]
    kills = times(2, 30)
    for attempt in range(kills):
        with started(real_service) as process, ThreadPoolExecutor(len(writers)) as pool:
            for writer in writers:
                with caller(real_service, writer.name) as one:
                    if attempt == 0:
                        open_booklet(one, here_of(real_service, one))
            enough = sum(len(one.acknowledged) for one in writers) + 6
            running = [pool.submit(write, real_service, writer) for writer in writers]
            until(lambda at=enough: sum(len(one.acknowledged) for one in writers) >= at)
            time.sleep(chance.uniform(0, 0.03))  # anywhere within a write
            process.kill()
            for each in running:
                each.result()
    lost = halves = twice = 0
    with started(real_service):
        for writer in writers:
            with caller(real_service, writer.name) as one:
                there = written(whole(one))
            lost += len(writer.acknowledged - there.keys())
            halves += sum(parts < PARTS for parts in there.values())
            twice += sum(parts > PARTS for parts in there.values())
    figures.exactly("kills", kills, kills)
    figures.size("acknowledged writes", sum(len(one.acknowledged) for one in writers))
    figures.exactly("acknowledged writes lost", lost, 0)
    figures.exactly("half transactions", halves, 0)
    figures.exactly("writes done twice after being sent again", twice, 0)


def write(service: RealService, writer: Writer) -> None:
    with caller(service, writer.name) as one:
        writer.write(one)
