"""Worker processes: replaced when they die, renewed without a refused request, stopped together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.graphql_api.web.http.sockets import answer_of
from tests.graphql_api.web.http.worker import BROKEN
from tests.patience import PATIENCE_SECONDS, until

PARENT = """
import asyncio, logging, socket, sys
from graphql_api.web.http.worker_processes import WorkerProcesses
logging.basicConfig(level="INFO")
worker = [sys.executable, "-m", "tests.graphql_api.web.http.worker", sys.argv[2]]
listening = socket.socket(fileno=int(sys.argv[1]))
sys.exit(asyncio.run(WorkerProcesses(worker, listening, int(sys.argv[3])).run()))
"""
WHO = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SLOW = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{"


@dataclass
class Parent:
    """A parent of workers in a process of its own; they begin unless the file `broken` is there."""

    folder: Path
    listening: socket.socket
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def broken(self) -> Path:
        return self.folder / "broken"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self, workers: int) -> None:
        descriptor = self.listening.fileno()
        words = [str(descriptor), str(self.broken), str(workers)]
        with (self.folder / "log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-c", PARENT, *words],
                    cwd=Path(__file__).parents[4],
                    pass_fds=(descriptor,),
                    stderr=log,
                )
            )

    def signal(self, number: int) -> None:
        self.processes[-1].send_signal(number)

    def end(self) -> int:
        return self.processes[-1].wait(PATIENCE_SECONDS)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.listening.getsockname(), timeout=PATIENCE_SECONDS)

    def who(self) -> int:
        """The number of the process that answers a new connection."""
        (process,) = self.told(WHO)
        return process

    def told(self, request: bytes) -> list[int]:
        """The numbers that a worker answers."""
        with self.connect() as one:
            one.sendall(request)
            return [int(word) for word in answer_of(one).rpartition(b"\r\n")[2].split()]


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Parent]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Parent(tmp_path, listening)
        yield one
        for process in one.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        print(one.log)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that ended, and for which nobody asked, does not."""
    with suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def test_workers_are_replaced_renewed_and_stopped(parent: Parent) -> None:
    parent.start(2)
    first = parent.who()
    os.kill(first, signal.SIGKILL)
    until(lambda: f"a worker ended: process {first}, code -9" in parent.log)
    until(lambda: parent.log.count("a worker serves") == 3)
    # What has begun is answered by who took it, after new workers have taken its place.
    with parent.connect() as slow:
        slow.sendall(SLOW)
        old = {parent.who() for _ in range(20)}
        parent.signal(signal.SIGHUP)
        until(lambda: "the workers are new" in parent.log)
        until(lambda: parent.who() not in old)
        slow.sendall(b"}")
        answer = answer_of(slow)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert not answer.endswith(b"stopping")  # the service goes on: no proxy may leave it out
    until(lambda: not any(is_alive(one) for one in old))
    # New workers that do not begin change nothing.
    last = {parent.who() for _ in range(20)}
    parent.broken.touch()
    parent.signal(signal.SIGHUP)
    until(lambda: "a new worker does not serve" in parent.log)
    assert parent.who() in last
    parent.signal(signal.SIGTERM)
    assert parent.end() == 0
    assert not any(is_alive(one) for one in last)


def test_a_process_that_serves_collects_what_requests_make_and_not_what_its_start_made(
    parent: Parent,
) -> None:
    parent.start(1)
    frozen, looked_at, young = parent.told(WHO.replace(b" / ", b" /frozen "))
    assert frozen > 10 * looked_at > 0
    assert young > 5_000, "a request makes hundreds of objects: few requests are held up"
    parent.signal(signal.SIGTERM)
    assert parent.end() == 0


def test_workers_that_cannot_begin_end_the_parent_with_their_code(parent: Parent) -> None:
    parent.broken.touch()
    parent.start(2)
    assert parent.end() == BROKEN


def test_workers_end_with_their_parent(parent: Parent) -> None:
    parent.start(1)
    worker = parent.who()
    parent.signal(signal.SIGKILL)
    parent.end()
    until(lambda: not is_alive(worker))
