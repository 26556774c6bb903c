"""The print workshop: a process apart that builds dossiers, started by command.

Pelican changes its whole process (locale, logging, signals), so it never runs in this one. The
process has no power of its own: each job brings a token for one dossier, minted when it starts.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from graphql_api.workers import Workers

JOB_SECONDS = 30.0
PDF_SECONDS = 150.0


class PrintFailed(Exception):  # noqa: N818 - an answer to a job, not a fault of this process
    """A dossier could not be built; `message` is a French sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What to build: the dossier, the token that reads it, and where it is to stand.

    `kind` is `folder`, `zip`, `html` or `pdf`; `path` is absolute.
    """

    dossier: str
    token: str
    kind: str
    path: Path


@dataclass(frozen=True, slots=True)
class Press:
    """A workshop and the threads that wait for it: few, with a short queue before them."""

    workshop: "PrintWorkshop"
    workers: Workers

    async def printed(self, mint: Callable[[], str], dossier: str, form: str) -> bytes:
        """The dossier in a form. `mint` gives a token when its turn comes: tokens are short.

        Raises `PrintFailed`, and `Busy` when there is no place in the queue.
        """
        return await self.workers.run(partial(self._printed, mint, dossier, form))

    async def close(self) -> None:
        """Finish what is under way, and end the worker."""
        await self.workers.close()
        self.workshop.close()

    def _printed(self, mint: Callable[[], str], dossier: str, form: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="livret-print-") as folder:
            path = Path(folder) / f"livret.{form}"
            self.workshop.build(PrintOrder(dossier, mint(), form, path))
            return path.read_bytes()


class PrintWorkshop:
    """One worker process, which does one job at a time; replaced when it retires or fails."""

    def __init__(self, url: str, *, seconds: float = JOB_SECONDS) -> None:
        """A workshop that reads dossiers at `url`; nothing starts before the first job."""
        self._url = url
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def build(self, order: PrintOrder) -> str:
        """Build a dossier and wait for it; its fingerprint. Raises `PrintFailed`."""
        job = {
            "id": order.dossier,
            "url": self._url,
            "token": order.token,
            "dossier": order.dossier,
            order.kind: str(order.path),
        }
        with self._turn:
            answer = self._ask(json.dumps(job).encode() + b"\n")
        if not answer.get("ok"):
            raise PrintFailed(str(answer.get("code")), str(answer.get("message")))
        return str(answer["fingerprint"])

    def close(self) -> None:
        """End the worker."""
        with self._turn:
            self._end()

    def _ask(self, job: bytes) -> dict[str, Any]:
        worker = self._worker()
        try:
            _pipe(worker.stdin).write(job)
            _pipe(worker.stdin).flush()
            ready, _, _ = select.select([_pipe(worker.stdout)], [], [], self._seconds)
            line = _pipe(worker.stdout).readline() if ready else b""
            answer: dict[str, Any] = json.loads(line) if line else {}
        except (OSError, ValueError):
            answer = {}
        if not answer:
            self._end()
            raise PrintFailed("PRINT_FAILED", "La mise en page du dossier n’a pas abouti.")
        if answer.get("last"):
            self._end()
        return answer

    def _worker(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it died between two jobs: its pipes are still to be closed
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "print_site", "worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            _pipe(process.stdin).close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()


# No LIVRET_ setting is passed on: the worker knows what its jobs tell it.
_PASSED_ON = frozenset({"PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "PYTHONPATH", "TZ"})


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("the worker has no pipe")
    return pipe
