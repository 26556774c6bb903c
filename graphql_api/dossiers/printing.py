"""Printing dossiers: processes apart that build them, and the queue before those.

Print processes have no power of their own: each request brings a token for one dossier, made when
its turn comes.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from graphql_api.dossiers.print_process import PrintProcess
from graphql_api.engine.workers import BusyError, WorkerPool
from graphql_api.scratch import scratch_folder

JOB_SECONDS = 30
LONGEST_WAIT_SECONDS = 600


class PrintFailedError(Exception):
    """A dossier could not be built; `message` is a French sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What to build: the dossier, the token that reads it, and the path of the result.

    `kind` is `folder`, `zip`, `html` or `pdf`; `path` is absolute.
    """

    dossier: str
    token: str
    kind: str
    path: Path


class PrintProcessPool:
    """A few print processes, each with one job at a time; a thread takes one that is free."""

    def __init__(
        self, url: str, *options: str, processes: int = 1, seconds: int = JOB_SECONDS
    ) -> None:
        """Read dossiers at `url`; `options` are those of `print_site worker`."""
        self._url = url
        self.processes = tuple(PrintProcess(seconds, *options) for _ in range(processes))
        self._free: SimpleQueue[PrintProcess] = SimpleQueue()
        for process in self.processes:
            self._free.put(process)

    @property
    def free(self) -> int:
        """The number of processes that have nothing to do."""
        return self._free.qsize()

    def start(self) -> None:
        """Start every process, so that the first request does not wait for one."""
        for process in self.processes:
            process.start()

    def build(self, request: PrintRequest) -> str:
        """Build a dossier, wait for it and return its fingerprint. Raises `PrintFailedError`."""
        job = {
            "id": request.dossier,
            "url": self._url,
            "token": request.token,
            "dossier": request.dossier,
            request.kind: str(request.path),
        }
        process = self._free.get()
        try:
            answer = process.run(job)
        finally:
            self._free.put(process)
        if not answer:
            raise PrintFailedError("PRINT_FAILED", "La mise en page du dossier n’a pas abouti.")
        if not answer.get("ok"):
            raise PrintFailedError(str(answer.get("code")), str(answer.get("message")))
        return str(answer["fingerprint"])

    def close(self) -> None:
        """Wait for the jobs under way, and stop every process."""
        for _ in self.processes:
            self._free.get().stop()


class PrintQueue:
    """A pool of print processes, the threads that wait for it, and a short queue before them."""

    def __init__(self, pool: PrintProcessPool, queue: int, expected_seconds: float) -> None:
        """At most `queue` dossiers wait; `expected_seconds` is for one, until some are measured."""
        self.pool = pool
        self._workers = WorkerPool(len(pool.processes), queue)
        self._average_seconds = expected_seconds

    @property
    def under_way(self) -> int:
        """The number of dossiers that are printed or wait."""
        return self._workers.under_way

    async def start(self) -> None:
        """Start the processes."""
        await asyncio.to_thread(self.pool.start)

    async def print_dossier(self, make_token: Callable[[], str], dossier: str, form: str) -> bytes:
        """Print a dossier in a form, and return the file.

        `make_token` is called when its turn comes, since tokens are short-lived. Raises
        `PrintFailedError`, and `BusyError` when the queue is full.
        """
        try:
            return await self._workers.run(partial(self._build, make_token, dossier, form))
        except BusyError:
            raise BusyError(self._seconds_to_empty()) from None

    async def close(self) -> None:
        """Finish the jobs under way, and stop the processes."""
        await self._workers.close()
        await asyncio.to_thread(self.pool.close)

    def _build(self, make_token: Callable[[], str], dossier: str, form: str) -> bytes:
        began = time.monotonic()  # a duration: how long a print takes
        with scratch_folder() as folder:
            path = folder / f"livret.{form}"
            self.pool.build(PrintRequest(dossier, make_token(), form, path))
            printed = path.read_bytes()
        self._average_seconds += (time.monotonic() - began - self._average_seconds) / 4
        return printed

    def _seconds_to_empty(self) -> int:
        """Estimate when all present requests are done: a sooner attempt would not get in."""
        seconds = self._average_seconds * self._workers.under_way / len(self.pool.processes)
        return min(max(math.ceil(seconds), 1), LONGEST_WAIT_SECONDS)
