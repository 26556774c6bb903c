"""Heavy operations give way: while others are at work, one of them runs at a time, and then rests.

Who asks for page after page always has something to compute, and of two threads that do each gets
half of a core. Here heavy operations get a fifth of it as long as anybody else asks, and all of it
otherwise.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from graphql_api.engine.workers import BusyError, WorkerPool

HEAVY_COST = 15_000  # as documents are estimated; a whole booklet costs about 10,000
REST = 4  # times as long as the last heavy operation took
MOST_REST_SECONDS = 0.5
MOST_WAITING = 32
MOST_WAITING_OF_ONE = 8  # of one address, so that nobody keeps all others out of the queue

T = TypeVar("T")


class HeavyOperations:
    """The heavy operations of one process, which run in its workers."""

    def __init__(self, workers: WorkerPool) -> None:
        self._workers = workers
        self._turn = asyncio.Lock()
        self._waiting: Counter[str | None] = Counter()  # by address
        self._rested_at = 0.0  # in the time of the loop
        self._asked = 0  # how many of the operations of the workers were heavy
        self._others = 0  # how many were not, when the heavy one that ended last had begun

    async def run(self, operation: Callable[[], T], address: str | None = None) -> T:
        """What a heavy `operation` returns or raises, at once or when others have had their time.

        `address` is that by which its caller is counted, if they are. Raises `BusyError` when too
        many wait already, there or in all, or the workers do.
        """
        if self._others_asked() == self._others:
            return await self._run(operation)
        of_one = 0 if address is None else self._waiting[address]
        if of_one >= MOST_WAITING_OF_ONE or self._waiting.total() >= MOST_WAITING:
            raise BusyError
        self._waiting[address] += 1
        try:
            async with self._turn:
                await asyncio.sleep(self._rested_at - asyncio.get_running_loop().time())
                return await self._run(operation)
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]

    async def _run(self, operation: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        began, others = loop.time(), self._others_asked()
        self._asked += 1
        try:
            return await self._workers.run(operation)
        finally:
            ended = loop.time()
            self._rested_at = ended + rest_after(ended - began)
            self._others = others  # who asked while it ran is still to be given way to

    def _others_asked(self) -> int:
        """Those that the workers refused count: they were refused where heavy ones have all places."""
        return self._workers.asked - self._asked


def rest_after(seconds: float) -> float:
    """For how many seconds heavy operations rest after one that took so many."""
    return min(REST * seconds, MOST_REST_SECONDS)
