"""Checks of received dossiers: a process apart, as printing has, and a short queue before it.

The file may come from anyone. It lies in a folder of its own while it is checked, and nowhere else.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from graphql_api.dossiers.print_process import PrintProcess
from graphql_api.engine.workers import WorkerPool
from graphql_api.scratch import scratch_folder

SECONDS = 30  # as a print: the dossier is laid out again
WAITING = 4


class Verdict(Enum):
    """What a check found."""

    SAME = "the data are intact, and the pages are those that this service lays out"
    INTACT = "the data are intact; the pages are of another edition, and were not compared"
    ANOTHER = "the file agrees with itself, and has not the fingerprint that was given"
    MISTYPED = "what was given is no fingerprint"
    ALTERED = "something was changed"
    FOREIGN = "it is no dossier, or cannot be read"
    UNDONE = "the check could not be done"


_VERDICTS = {
    "ALTERED": Verdict.ALTERED,
    "BAD_FINGERPRINT": Verdict.MISTYPED,
    "UNREADABLE": Verdict.FOREIGN,
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A verdict with its French sentences.

    `is_compared`: the pages are those that this service lays out. `fingerprint`, `as_of` and `verify_at` are what the data say of themselves: their fingerprint,
    their day, and where the service that laid them out verifies dossiers.
    """

    verdict: Verdict
    sentences: tuple[str, ...]
    is_compared: bool = False
    fingerprint: str = ""
    as_of: str = ""
    verify_at: str = ""


class CheckQueue:
    """Checks dossiers one at a time; at most a few wait."""

    def __init__(self, *options: str, seconds: int = SECONDS, waiting: int = WAITING) -> None:
        """`options` are those of `print_site worker`: how this service's dossiers look."""
        self._process = PrintProcess(seconds, *options)
        self._workers = WorkerPool(1, waiting)

    async def check(self, content: bytes, expected: str) -> CheckResult:
        """Check a file, and that it is the one whose fingerprint is `expected`, if that is given.

        Raises `BusyError` when the queue is full.
        """
        return await self._workers.run(partial(self._check, content, expected))

    async def close(self) -> None:
        """Finish the checks under way, and stop the process."""
        await self._workers.close()
        await asyncio.to_thread(self._process.stop)

    def _check(self, content: bytes, expected: str) -> CheckResult:
        with scratch_folder() as folder:
            file = folder / "dossier"
            file.write_bytes(content)
            answer = self._process.run({"id": "check", "verify": str(file), "expected": expected})
        return result_of(answer)


def result_of(answer: dict[str, Any]) -> CheckResult:
    """What a worker's answer means; an empty one is that of a process that died."""
    if answer.get("ok"):
        agreed = Verdict.SAME if answer["compared"] else Verdict.INTACT
        return CheckResult(
            Verdict.ANOTHER if answer["isAnother"] else agreed,
            tuple(answer["sentences"]),
            answer["compared"],
            answer["fingerprint"],
            answer["asOf"],
            answer["verifyAt"],
        )
    verdict = _VERDICTS.get(str(answer.get("code")), Verdict.UNDONE)
    message = str(answer.get("message") or "La vérification n’a pas abouti.")
    return CheckResult(verdict, (message,))
