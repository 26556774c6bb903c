"""The threads in which operations run: few, with a bounded queue before them.

One operation runs from beginning to end in one thread. Where an operation may run without limit,
the database is what stops it (a statement timeout), so that nothing here has to kill a thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Every thread is busy and the queue is full, or the pool is closing: try again later."""

    def __init__(self, seconds: int = 5) -> None:
        """`seconds` is an estimate of how long to wait before trying again."""
        super().__init__(seconds)
        self.seconds = seconds


class UnavailableError(Exception):
    """Something that the operation needs, such as the database, cannot be reached: try again later."""


class WorkerPool:
    """A pool of `threads` threads before which at most `queue` operations wait."""

    def __init__(self, threads: int = 6, queue: int = 64) -> None:
        self._capacity = threads + queue
        self._taken = 0
        self._closed = False
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="operation")

    async def run(self, operation: Callable[[], T]) -> T:
        """What `operation` returns or raises, run in a thread with the caller's context.

        Raises `BusyError` at once when there is no place. When the caller is cancelled, an operation
        that waits never runs; one that runs goes on to its end and keeps its place until then.
        """
        self._take()
        try:
            future = self._threads.submit(copy_context().run, operation)
        except RuntimeError:  # the pool closed in between
            self._free()
            raise BusyError from None
        future.add_done_callback(self._free)
        return await asyncio.wrap_future(future)

    @property
    def under_way(self) -> int:
        """The number of operations that run or wait."""
        return self._taken

    async def close(self) -> None:
        """Refuse new operations, and return once those under way are done."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)

    async def __aenter__(self) -> "WorkerPool":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _take(self) -> None:
        with self._lock:
            if self._closed or self._taken >= self._capacity:
                raise BusyError
            self._taken += 1

    def _free(self, _: Future[Any] | None = None) -> None:
        with self._lock:
            self._taken -= 1
