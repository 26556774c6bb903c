"""The print workshop: processes apart that build dossiers, and the queue before them.

They have no power of their own: each job brings a token for one dossier, minted when it starts.
"""

import asyncio
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from graphql_api.dossiers.print_process import Printer
from graphql_api.engine.workers import Busy, Workers

JOB_SECONDS = 30
LONGEST_WAIT = 600


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


class PrintWorkshop:
    """A few processes that print, each one job at a time; whoever asks takes one that is free."""

    def __init__(
        self, url: str, *options: str, printers: int = 1, seconds: int = JOB_SECONDS
    ) -> None:
        """A workshop that reads dossiers at `url`; `options` are those of `print_site worker`."""
        self._url = url
        self.printers = tuple(Printer(seconds, *options) for _ in range(printers))
        self._free: SimpleQueue[Printer] = SimpleQueue()
        for printer in self.printers:
            self._free.put(printer)

    @property
    def free(self) -> int:
        """How many of the processes have nothing to do."""
        return self._free.qsize()

    def start(self) -> None:
        """Have every process get ready, for whoever asks first not to wait for it."""
        for printer in self.printers:
            printer.start()

    def build(self, order: PrintOrder) -> str:
        """Build a dossier and wait for it; its fingerprint. Raises `PrintFailed`."""
        job = {
            "id": order.dossier,
            "url": self._url,
            "token": order.token,
            "dossier": order.dossier,
            order.kind: str(order.path),
        }
        printer = self._free.get()
        try:
            answer = printer.ask(job)
        finally:
            self._free.put(printer)
        if not answer:
            raise PrintFailed("PRINT_FAILED", "La mise en page du dossier n’a pas abouti.")
        if not answer.get("ok"):
            raise PrintFailed(str(answer.get("code")), str(answer.get("message")))
        return str(answer["fingerprint"])

    def close(self) -> None:
        """Wait for what is under way, and end every process."""
        for _ in self.printers:
            self._free.get().end()


class Press:
    """A workshop, the threads that wait for it, and a short queue before them."""

    def __init__(self, workshop: PrintWorkshop, queue: int, expected: float) -> None:
        """At most `queue` dossiers wait; one is `expected` to take so many seconds, until seen."""
        self.workshop = workshop
        self._workers = Workers(len(workshop.printers), queue)
        self._each = expected

    async def start(self) -> None:
        """Have the processes get ready."""
        await asyncio.to_thread(self.workshop.start)

    async def printed(self, mint: Callable[[], str], dossier: str, form: str) -> bytes:
        """The dossier in a form. `mint` gives a token when its turn comes: tokens are short.

        Raises `PrintFailed`, and `Busy` when there is no place in the queue.
        """
        try:
            return await self._workers.run(partial(self._printed, mint, dossier, form))
        except Busy:
            raise Busy(self._seconds_to_empty()) from None

    async def close(self) -> None:
        """Finish what is under way, and end the processes."""
        await self._workers.close()
        await asyncio.to_thread(self.workshop.close)

    def _printed(self, mint: Callable[[], str], dossier: str, form: str) -> bytes:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="livret-print-") as folder:
            path = Path(folder) / f"livret.{form}"
            self.workshop.build(PrintOrder(dossier, mint(), form, path))
            printed = path.read_bytes()
        self._each += (time.monotonic() - began - self._each) / 4
        return printed

    def _seconds_to_empty(self) -> int:
        """How long all who are here now should take: whoever comes back sooner would not get in."""
        waited = self._each * self._workers.under_way / len(self.workshop.printers)
        return min(max(math.ceil(waited), 1), LONGEST_WAIT)
