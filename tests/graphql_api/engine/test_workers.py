"""Operations run in few threads with a bounded queue, and no place is ever lost."""

import asyncio
import contextvars
import gc
import threading
import weakref
from collections.abc import Awaitable, Callable
from functools import partial
from threading import Event
from typing import Any, TypeVar

import httpx2
import pytest

from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from tests.graphql_api.engine.toy import blocking, endpoint, execute
from tests.patience import PATIENCE_SECONDS

T = TypeVar("T")


def with_workers(use: Callable[[WorkerPool], Awaitable[T]], threads: int = 2, queue: int = 1) -> T:
    """What `use` gives, with a pool that is closed afterwards and must then be empty."""

    async def run() -> T:
        async with WorkerPool(threads, queue) as workers:
            given = await use(workers)
        assert workers.under_way == 0
        return given

    return asyncio.run(run())


def test_an_operation_runs_in_a_thread_and_gives_its_result() -> None:
    async def use(workers: WorkerPool) -> str:
        return await workers.run(lambda: threading.current_thread().name)

    assert with_workers(use).startswith("operation")


def test_an_operation_sees_the_context_of_the_request() -> None:
    request = contextvars.ContextVar("request", default="none")

    async def use(workers: WorkerPool) -> str:
        request.set("42")
        return await workers.run(request.get)

    assert with_workers(use) == "42"


def test_an_exception_of_the_operation_reaches_the_caller_and_frees_the_place() -> None:
    def fail() -> None:
        raise LookupError("not here")

    async def use(workers: WorkerPool) -> int:
        for _ in range(10):
            with pytest.raises(LookupError):
                await workers.run(fail)
        return workers.under_way

    assert with_workers(use) == 0


def test_an_iterator_that_ends_too_soon_is_a_failure_like_others() -> None:
    async def use(workers: WorkerPool) -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await workers.run(partial(next, iter(())))

    with_workers(use)


def test_what_is_above_threads_and_queue_is_refused_at_once() -> None:
    gate = Event()

    async def use(workers: WorkerPool) -> list[object]:
        tasks = [asyncio.create_task(workers.run(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        assert workers.under_way == 3
        with pytest.raises(BusyError):
            await workers.run(gate.wait)
        gate.set()
        return [*await asyncio.gather(*tasks), await workers.run(gate.wait)]

    assert with_workers(use) == [True] * 4


def test_a_waiting_operation_whose_caller_is_gone_never_runs() -> None:
    gate, ran = Event(), Event()

    async def use(workers: WorkerPool) -> None:
        running = asyncio.create_task(workers.run(gate.wait))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(workers.run(ran.set))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert workers.under_way == 1
        gate.set()
        await running

    with_workers(use, threads=1)
    assert not ran.is_set()


def test_a_running_operation_keeps_its_place_after_its_caller_is_gone() -> None:
    gate, started = Event(), Event()

    def operation() -> None:
        started.set()
        gate.wait(PATIENCE_SECONDS)

    async def use(workers: WorkerPool) -> None:
        task = asyncio.create_task(workers.run(operation))
        await asyncio.to_thread(started.wait, PATIENCE_SECONDS)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert workers.under_way == 1
        with pytest.raises(BusyError):
            await workers.run(gate.wait)
        gate.set()

    with_workers(use, threads=1, queue=0)


def test_many_cancelled_callers_leak_no_place() -> None:
    async def use(workers: WorkerPool) -> int:
        gate = Event()
        for _ in range(50):
            tasks = [asyncio.create_task(workers.run(lambda: gate.wait(0.001))) for _ in range(3)]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            while workers.under_way:
                await asyncio.sleep(0.001)
        return await workers.run(lambda: 7)

    assert with_workers(use) == 7


def test_closing_waits_for_what_runs_and_takes_nothing_more() -> None:
    gate, done = Event(), Event()

    def operation() -> None:
        gate.wait(PATIENCE_SECONDS)
        done.set()

    async def run() -> None:
        workers = WorkerPool(1, 1)
        task = asyncio.create_task(workers.run(operation))
        await asyncio.sleep(0)
        closing = asyncio.create_task(workers.close())
        await asyncio.sleep(0.01)
        with pytest.raises(BusyError):
            await workers.run(gate.wait)
        assert not closing.done()
        gate.set()
        await closing
        assert done.is_set()
        await task

    asyncio.run(run())


def test_what_many_operations_answer_at_once_reaches_each_caller() -> None:
    async def use(workers: WorkerPool) -> list[int]:
        return await asyncio.gather(*(workers.run(partial(int, n)) for n in range(200)))

    assert with_workers(use, threads=6, queue=200) == list(range(200))


def test_an_idle_thread_keeps_nothing_of_its_last_operation() -> None:
    class Answer:
        pass

    def fail() -> None:
        answer = Answer()
        seen.append(weakref.ref(answer))
        raise LookupError

    seen: list[weakref.ref[Answer]] = []

    async def use(workers: WorkerPool) -> None:
        seen.append(weakref.ref(await workers.run(Answer)))
        with pytest.raises(LookupError):
            await workers.run(fail)
        await workers.run(gc.isenabled)

    gc.disable()  # nothing waits for a collection
    try:
        with_workers(use, threads=1)
    finally:
        gc.enable()
    assert [one() for one in seen] == [None, None]


def test_threads_serve_on_when_the_loop_of_a_caller_has_ended() -> None:
    gate, started = Event(), Event()

    def operation() -> None:
        started.set()
        gate.wait(PATIENCE_SECONDS)

    async def leave(workers: WorkerPool) -> None:
        task = asyncio.create_task(workers.run(operation))
        await asyncio.to_thread(started.wait, PATIENCE_SECONDS)
        task.cancel()

    async def stay(workers: WorkerPool) -> int:
        gate.set()
        async with workers:
            return await workers.run(lambda: 7)

    workers = WorkerPool(1, 2)
    asyncio.run(leave(workers))
    assert asyncio.run(stay(workers)) == 7
    assert workers.under_way == 0


def test_the_threads_of_a_pool_that_nobody_closed_end_with_it() -> None:
    async def use() -> threading.Thread:
        return await WorkerPool(1, 1).run(threading.current_thread)

    thread = asyncio.run(use())
    gc.collect()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


# --- the same over HTTP


async def ask(app: Any, query: str = "{ context }") -> httpx2.Response:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://livret.test") as client:
        return await client.post("/graphql", json={"query": query})


def check_try_again(response: httpx2.Response, code: str) -> None:
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["errors"][0]["extensions"] == {"code": code}


def test_a_full_service_says_to_try_again() -> None:
    gate = Event()

    async def use(workers: WorkerPool) -> None:
        app = endpoint(workers, blocking(gate))
        app.documents.prepare("{ context }")
        tasks = [asyncio.create_task(ask(app)) for _ in range(3)]
        while workers.under_way < 3:
            await asyncio.sleep(0.001)
        check_try_again(await ask(app), "BUSY")
        gate.set()
        assert [answer.status_code for answer in await asyncio.gather(*tasks)] == [200] * 3
        assert (await ask(app)).status_code == 200

    with_workers(use)


def test_a_service_without_its_database_says_to_try_again() -> None:
    async def use(workers: WorkerPool) -> httpx2.Response:
        return await ask(endpoint(workers, execute), "query Offline { context }")

    check_try_again(with_workers(use), "UNAVAILABLE")


def test_unavailable_can_be_raised_by_a_subclass() -> None:
    class DatabaseDownError(UnavailableError):
        pass

    def run(*_: Any) -> Any:
        raise DatabaseDownError

    async def use(workers: WorkerPool) -> httpx2.Response:
        return await ask(endpoint(workers, run))

    check_try_again(with_workers(use), "UNAVAILABLE")


def test_slow_operations_leave_the_service_open_for_others() -> None:
    gate = Event()

    async def use(workers: WorkerPool) -> None:
        slow = asyncio.create_task(ask(endpoint(workers, blocking(gate))))
        while not workers.under_way:
            await asyncio.sleep(0.001)
        assert (await ask(endpoint(workers))).json() == {"data": {"context": "nobody {}"}}
        assert not slow.done()
        gate.set()
        await slow

    with_workers(use)
