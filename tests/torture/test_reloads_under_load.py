"""Workers renewed under requests: whoever connects is answered, and nothing acknowledged is lost."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.graphql_api.documents import ADD, entry
from tests.patience import PATIENCE_SECONDS, until
from tests.processes import wait_until
from tests.real.service import LIVRET, RealService, prepared
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture

AGENTS, WORKERS = 2, 2


@contextmanager
def workers(service: RealService) -> Iterator["subprocess.Popen[bytes]"]:
    """`livret serve --workers`, which must end well."""
    log = service.folder / "service.log"
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [LIVRET, "serve", "--workers", str(WORKERS)],
            env=dict(service.environment),
            stderr=errors,
        ) as parent,
    ):
        try:
            wait_until(parent, service.is_ready)
            yield parent
        finally:
            parent.terminate()
            code = parent.wait(PATIENCE_SECONDS)
            print(log.read_text("utf-8"))
    assert code == 0


def add_until(service: RealService, name: str, enough: threading.Event) -> tuple[int, int, int]:
    """Add entries, each over a connection of its own; how many were acknowledged, failed, are there."""
    acknowledged = failed = 0
    with service.owner(name) as owner:
        headers = {"authorization": f"Bearer {owner.token}", "connection": "close"}
        sent = {"query": ADD, "variables": {"entry": entry("diploma")}}
        while not enough.is_set():
            try:
                answer = httpx2.post(
                    f"{service.url}/graphql",
                    json=sent,
                    headers=headers,
                    trust_env=False,
                    timeout=PATIENCE_SECONDS,
                )
            except httpx2.TransportError:
                failed += 1
                continue
            failed += answer.status_code != 200
            acknowledged += '"EntryAdded"' in answer.text
        there = owner.ask("{ booklet { entries { id } } }")["booklet"]["entries"]
    return acknowledged, failed, len(there)


def test_reloads_refuse_nobody(
    tmp_path: Path, figures: Figures, times: Callable[[int, int], int]
) -> None:
    reloads = times(1, 8)
    with prepared(tmp_path, LIVRET_LOG="json") as service, workers(service) as parent:
        enough = threading.Event()
        with ThreadPoolExecutor(AGENTS) as agents:
            adding = [
                agents.submit(add_until, service, f"agent {number}", enough)
                for number in range(AGENTS)
            ]
            try:
                for done in range(reloads):
                    parent.send_signal(signal.SIGHUP)
                    until(partial(has_renewed, service, done + 1))
            finally:
                enough.set()
            told = [one.result() for one in adding]
    figures.size("reloads", reloads)
    figures.size("entries acknowledged meanwhile", sum(one[0] for one in told))
    figures.exactly("requests that were refused or cut", sum(one[1] for one in told), 0)
    figures.exactly("acknowledged entries that are lost", sum(one[0] - one[2] for one in told), 0)


def has_renewed(service: RealService, times: int) -> bool:
    log = (service.folder / "service.log").read_text("utf-8")
    return log.count('"event": "workers-renewed"') == times
