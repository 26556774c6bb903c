"""The processes that print: ready before they are asked, side by side, bounded, and never left over."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest

from graphql_api.dossiers import print_process
from graphql_api.dossiers.printing import PrintProcessPool
from graphql_api.web.logs import JsonFormatter
from tests.conftest import Deployment
from tests.graphql_api.documents import whole
from tests.graphql_api.dossiers.downloads import is_running, owner_of, page_of, serving
from tests.patience import PATIENCE_SECONDS, until

HOLDING = """
import time
from graphql_api.dossiers.printing import PrintProcessPool
pool = PrintProcessPool("http://127.0.0.1:1", processes=2)
pool.start()
print(*(process.pid for process in pool.processes), flush=True)
time.sleep(60)
"""


@contextmanager
def stopped(process: int | None) -> Iterator[None]:
    """A process that takes a job and does not go on with it until the block ends."""
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


def test_the_processes_are_there_before_the_first_dossier(alone: Deployment) -> None:
    with serving(alone, "sqlite", printers=2) as served:
        ready = [process.pid for process in served.pool.processes]
        assert len(set(ready) - {None}) == 2
        if served.pdf_pool:
            assert [process.pid for process in served.pdf_pool.processes] == [None]
        page_of(served.download(*owner_of(served)))
        assert [process.pid for process in served.pool.processes] == ready


def test_two_dossiers_are_printed_side_by_side(alone: Deployment) -> None:
    with serving(alone, "sqlite", printers=2) as served, ThreadPoolExecutor(1) as pool:
        owner, dossier = owner_of(served)
        with stopped(served.pool.processes[0].pid):
            waiting = pool.submit(served.download, owner, dossier)
            until(lambda: served.pool.free == 1)
            page_of(served.download(owner, dossier))
            assert not waiting.done()
        page_of(waiting.result(PATIENCE_SECONDS))


def test_a_pdf_makes_no_page_of_html_wait(alone: Deployment) -> None:
    with serving(alone, "sqlite") as served, ThreadPoolExecutor(1) as pool:
        owner, dossier = owner_of(served)
        assert served.pdf_pool
        served.pdf_pool.start()
        slow = served.pdf_pool.processes[0].pid
        with stopped(slow):
            waiting = pool.submit(served.download, owner, dossier, form="pdf")
            until(lambda: served.pdf_pool is not None and served.pdf_pool.free == 0)
            assert served.download(owner, dossier, form="html").status_code == 200
            assert not waiting.done()
            assert slow
            os.kill(slow, signal.SIGKILL)  # a PDF takes long, and others test what is in it
        assert waiting.result(PATIENCE_SECONDS).status_code == 502


def test_whoever_finds_the_queue_full_is_told_when_to_come_back(alone: Deployment) -> None:
    with serving(alone, "sqlite", print_queue=2) as served, ThreadPoolExecutor(12) as pool:
        owner, dossier = owner_of(served)
        with stopped(served.worker):
            asked = [pool.submit(served.download, owner, dossier) for _ in range(12)]
            refused = finished(asked, 9)
            for answer in refused:
                assert answer.status_code == 503
                assert answer.json()["errors"][0]["extensions"] == {"code": "BUSY"}
                assert answer.headers["retry-after"] == "2"  # three of half a second, so it thinks
            assert whole(owner)["dossiers"], "GraphQL does not wait for printing"
            assert sum(one.done() for one in asked) == 9
        answers = [one.result(PATIENCE_SECONDS) for one in asked]
        assert sorted(one.status_code for one in answers) == [200] * 3 + [503] * 9
        page_of(served.download(owner, dossier))
        last = served.worker
    assert not is_running(last)


def finished(asked: list[Future[httpx2.Response]], how_many: int) -> list[httpx2.Response]:
    done: set[Future[Any]] = set()
    while len(done) < how_many:
        some = wait(
            [one for one in asked if one not in done], PATIENCE_SECONDS, FIRST_COMPLETED
        ).done
        assert some
        done |= some
    return [one.result() for one in done]


def test_a_worker_that_retires_is_replaced(alone: Deployment) -> None:
    def brief(url: str, *options: str, **bounds: int) -> PrintProcessPool:
        return PrintProcessPool(url, "--jobs", "1", *options, **bounds)

    with serving(alone, "sqlite", brief) as served:
        owner, dossier = owner_of(served)
        processes = []
        for _ in range(3):
            processes.append(served.worker)
            page_of(served.download(owner, dossier))
        processes.append(served.worker)
        assert len(set(processes)) == 4
        assert [is_running(one) for one in processes] == [False, False, False, True]
    assert not is_running(processes[-1])


def test_a_job_that_takes_too_long_costs_its_worker(alone: Deployment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # who asks it waits for ever

        def impatient(_url: str, *options: str, **_bounds: int) -> PrintProcessPool:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            return PrintProcessPool(url, *options, seconds=1)

        with serving(alone, "sqlite", impatient) as served:
            slow = served.worker
            answer = served.download(*owner_of(served))
            assert answer.status_code == 502
            assert answer.json()["errors"][0]["extensions"] == {"code": "TOO_LONG"}
            assert not is_running(slow)
            assert is_running(served.worker)


def test_a_print_process_has_its_faults_in_the_log_and_nothing_of_what_it_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    says = """import sys
sys.stderr.write("print_site: KeyError\\nCANARY of a library\\n")
raise ValueError("CANARY")"""
    monkeypatch.setattr(print_process, "_COMMAND", (sys.executable, "-c", says))
    process = print_process.PrintProcess(1)
    try:
        assert process.run({"id": "x"}) == {}
        until(lambda: len(caplog.records) >= 2)
    finally:
        process.stop()
    told = [json.loads(JsonFormatter().format(one)) for one in caplog.records]
    assert [(one["event"], one["message"]) for one in told][:2] == [
        ("print-fault", "a print process: KeyError"),
        ("print-fault", "a print process: ValueError"),
    ]
    assert "CANARY" not in caplog.text


def test_no_worker_outlives_a_service_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING], stdout=subprocess.PIPE) as service:
        assert service.stdout
        workers = [int(word) for word in service.stdout.readline().split()]
        assert len(workers) == 2
        assert all(is_running(worker) for worker in workers)
        service.kill()
    until(lambda: not any(is_running(worker) for worker in workers))
