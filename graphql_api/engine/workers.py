"""The threads in which operations run: few, with a bounded queue before them.

One operation runs from beginning to end in one thread. Where an operation may run without limit,
the database is what stops it (a statement timeout), so that nothing here has to kill a thread.
"""

import asyncio
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
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
    """A pool of `threads` threads before which at most `queue` operations wait.

    Threads start when they are needed. They end with the pool, whether or not it is closed.
    """

    def __init__(self, threads: int = 6, queue: int = 64) -> None:
        self._most_threads = threads
        self._capacity = threads + queue
        self._taken = 0
        self._asked = 0
        self._closed = False
        self._lock = Lock()
        self._waiting: _Queue = SimpleQueue()
        self._threads: list[Thread] = []
        self._answers: _Answers | None = None
        weakref.finalize(self, _end, self._waiting, self._threads)

    async def run(self, operation: Callable[[], T]) -> T:
        """What `operation` returns or raises, run in a thread with the caller's context.

        Raises `BusyError` at once when there is no place. When the caller is cancelled, an operation
        that waits never runs; one that runs goes on to its end and keeps its place until then.
        """
        answers = self._answers_to(asyncio.get_running_loop())
        job = _Job(self, operation, copy_context(), answers, answers.loop.create_future())
        self._enter(job)
        try:
            return await job.answer  # type: ignore[no-any-return]  # what the operation returns
        except asyncio.CancelledError:
            self._leave_queue(job)
            raise
        finally:
            del job  # what is raised keeps this frame, and the job would keep what is raised

    @property
    def under_way(self) -> int:
        """The number of operations that run or wait."""
        return self._taken

    @property
    def asked(self) -> int:
        """The number of operations for which a place was ever asked, refused ones included."""
        return self._asked

    async def close(self) -> None:
        """Refuse new operations, and return once those under way are done."""
        with self._lock:
            self._closed = True
        await asyncio.to_thread(self._end_threads)

    async def __aenter__(self) -> "WorkerPool":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _enter(self, job: "_Job") -> None:
        """Take a place for an operation, and let a thread have it. Raises `BusyError`."""
        with self._lock:
            self._asked += 1
            if self._closed or self._taken >= self._capacity:
                raise BusyError
            if len(self._threads) <= min(self._taken, self._most_threads - 1):
                self._start_thread()
            self._taken += 1
            self._waiting.put(job)

    def begin(self, job: "_Job") -> bool:
        """Whether an operation is to run now: its caller still waits for it."""
        with self._lock:
            if job.was_left:
                return False
            job.has_begun = True
            return True

    def free(self) -> None:
        """Free the place of an operation that has run."""
        with self._lock:
            self._taken -= 1

    def _leave_queue(self, job: "_Job") -> None:
        with self._lock:
            if not job.has_begun:
                job.was_left = True
                self._taken -= 1

    def _start_thread(self) -> None:
        name = f"operation-{len(self._threads)}"
        # A daemon: `close` waits for what is under way, and a pool that nobody closed holds up nothing.
        thread = Thread(target=_work, args=(self._waiting,), name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no thread left
            raise BusyError from None
        self._threads.append(thread)

    def _end_threads(self) -> None:
        _end(self._waiting, self._threads)
        for thread in self._threads:
            thread.join()

    def _answers_to(self, loop: asyncio.AbstractEventLoop) -> "_Answers":
        answers = self._answers
        if answers is None or answers.loop is not loop:
            answers = self._answers = _Answers(loop)
        return answers


class _Answers:
    """What threads have to tell the callers of one event loop.

    Waking a loop costs as much as a small operation: a loop that was woken and has not looked yet
    is not woken again.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._told: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._is_woken = False

    def tell(self, answer: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        """From a thread: have the caller told what the operation returned, or raised."""
        self._told.append((answer, result, error))
        if not self._is_woken:
            self._is_woken = True
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._tell_all)

    def _tell_all(self) -> None:
        self._is_woken = False  # first, so that what comes from now on wakes the loop again
        while self._told:
            answer, result, error = self._told.popleft()
            if answer.done():  # its caller was cancelled
                continue
            if error is None:
                answer.set_result(result)
            else:
                answer.set_exception(error)


@dataclass(slots=True, eq=False)
class _Job:
    """An operation with its caller's context, and the future by which its caller waits for it."""

    pool: WorkerPool
    operation: Callable[[], Any]
    context: Context
    answers: _Answers
    answer: asyncio.Future[Any]
    has_begun: bool = False
    was_left: bool = False


def _outcome(context: Context, operation: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """What an operation returns or raises. The frame of this function stays with what it raises."""
    try:
        return context.run(operation), None
    except StopIteration as error:  # which a future does not take
        return None, RuntimeError(f"an operation raised {error!r}")
    except BaseException as error:  # noqa: BLE001 - it is the caller's
        return None, error


_Queue = SimpleQueue[_Job | None]


def _work(waiting: _Queue) -> None:
    """Run what waits, one after the other, until there is None."""
    while _run_next(waiting):
        pass


def _run_next(waiting: _Queue) -> bool:
    job = waiting.get()
    if job is None:
        return False
    if job.pool.begin(job):
        result, error = _outcome(job.context, job.operation)
        job.pool.free()
        job.answers.tell(job.answer, result, error)
        del error
    del job  # both, for the traceback of an exception keeps the frames that led to it
    return True


def _end(waiting: _Queue, threads: list[Thread]) -> None:
    """Have threads end once nothing waits."""
    for _ in threads:
        waiting.put(None)
