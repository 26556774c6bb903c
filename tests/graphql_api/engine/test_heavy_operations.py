"""Heavy operations give way to others: while others are at work, one runs at a time, and then rests."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from threading import Barrier, Event, Lock
from typing import Any

import httpx2
import pytest

from graphql_api.commands.copies.pull_command import DOCUMENT as PAGE_DOCUMENT
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.heavy_operations import (
    HEAVY_COST,
    MOST_REST_SECONDS,
    MOST_WAITING,
    MOST_WAITING_OF_ONE,
    REST,
    HeavyOperations,
    rest_after,
)
from graphql_api.engine.workers import BusyError, WorkerPool
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.graphql_api.engine.toy import blocking, endpoint
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET
from tests.patience import PATIENCE_SECONDS

WORK_SECONDS = 0.02
HEAVY = "query Heavy { works(first: 3000) { ... on Novel { author { works { title } } } } }"


def with_heavy(use: Callable[[WorkerPool, HeavyOperations], Awaitable[None]]) -> None:
    """Have `use` run operations, heavy ones and others, in four threads."""

    async def run() -> None:
        async with WorkerPool(4) as workers:
            await use(workers, HeavyOperations(workers))

    asyncio.run(run())


class Observed:
    """A heavy operation: when it began and ended each time, and how many of it ran at once."""

    def __init__(self, seconds: float = WORK_SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._running = 0
        self.most = 0
        self.times: list[tuple[float, float]] = []

    def __call__(self) -> None:
        began = time.monotonic()
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
        time.sleep(self._seconds)
        with self._lock:
            self._running -= 1
            self.times.append((began, time.monotonic()))

    @property
    def rests(self) -> list[float]:
        """The seconds between the end of each time and the beginning of the next."""
        return [
            after - end for (_, end), (after, _) in zip(self.times, self.times[1:], strict=False)
        ]


async def ask(app: Any, query: str = "{ context }") -> httpx2.Response:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://livret.test") as client:
        return await client.post("/graphql", json={"query": query})


async def other(workers: WorkerPool) -> None:
    """An operation of somebody else."""
    await workers.run(lambda: None)


def test_heavy_operations_run_side_by_side_as_long_as_nobody_else_asks() -> None:
    together = Barrier(3)

    async def use(_workers: WorkerPool, heavy: HeavyOperations) -> None:
        waiting = [heavy.run(lambda: together.wait(PATIENCE_SECONDS)) for _ in range(3)]
        assert sorted(await asyncio.gather(*waiting)) == [0, 1, 2]

    with_heavy(use)


def test_while_others_ask_one_runs_at_a_time_and_rests_for_a_multiple_of_what_it_took() -> None:
    operation = Observed()

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        async def ask_again_and_again() -> None:
            while len(operation.times) < 4:
                await other(workers)
                await asyncio.sleep(0.001)

        await heavy.run(operation)
        await other(workers)
        asking = asyncio.create_task(ask_again_and_again())
        await asyncio.gather(*(heavy.run(operation) for _ in range(3)))
        await asking

    with_heavy(use)
    assert operation.most == 1
    assert all(rest >= REST * WORK_SECONDS for rest in operation.rests), operation.rests


def test_who_asked_while_a_heavy_operation_ran_is_given_way_to() -> None:
    operation = Observed()

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        for _ in range(3):
            running = asyncio.create_task(heavy.run(operation))
            while not workers.under_way:
                await asyncio.sleep(0.001)
            await other(workers)
            await running

    with_heavy(use)
    assert all(rest >= REST * WORK_SECONDS for rest in operation.rests), operation.rests


def test_who_is_refused_because_heavy_operations_have_all_places_is_given_way_to() -> None:
    gate = Event()

    async def run() -> None:
        async with WorkerPool(2, queue=0) as workers:
            heavy = HeavyOperations(workers)
            running = [asyncio.create_task(heavy.run(gate.wait)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                await other(workers)
            gate.set()
            await asyncio.gather(*running)
            operation = Observed()
            await asyncio.gather(*(heavy.run(operation) for _ in range(2)))
            assert operation.most == 1

    asyncio.run(run())


def test_after_a_long_operation_the_rest_is_bounded() -> None:
    assert rest_after(0.010) == pytest.approx(0.010 * REST)
    assert rest_after(30.0) == MOST_REST_SECONDS


def test_a_heavy_operation_that_fails_lets_the_next_one_in() -> None:
    def fail() -> None:
        raise LookupError("not here")

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        for _ in range(3):
            with pytest.raises(LookupError):
                await heavy.run(fail)
            await other(workers)
        assert await heavy.run(lambda: "served") == "served"

    with_heavy(use)


def test_one_whose_caller_is_gone_while_it_waits_never_runs_and_holds_up_nobody() -> None:
    gate, ran = Event(), Event()

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        running = asyncio.create_task(heavy.run(gate.wait))
        await asyncio.sleep(0)
        await other(workers)
        await asyncio.sleep(0)
        holds = asyncio.create_task(heavy.run(gate.wait))
        gone = asyncio.create_task(heavy.run(ran.set))
        await asyncio.sleep(0)
        gone.cancel()
        gate.set()
        assert await running
        assert await holds
        await asyncio.gather(gone, return_exceptions=True)
        await other(workers)
        assert await heavy.run(lambda: "served") == "served"

    with_heavy(use)
    assert not ran.is_set()


def test_too_many_that_wait_are_refused() -> None:
    gate = Event()

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        await other(workers)
        waiting = [asyncio.create_task(heavy.run(gate.wait)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await heavy.run(gate.wait)
        gate.set()
        for one in waiting[2:]:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    with_heavy(use)


def test_one_address_does_not_keep_others_from_waiting() -> None:
    gate = Event()

    async def use(workers: WorkerPool, heavy: HeavyOperations) -> None:
        for address in ("192.0.2.1", "192.0.2.1", None):  # once more, as all have left
            await other(workers)
            many = MOST_WAITING_OF_ONE
            waiting = [asyncio.create_task(heavy.run(gate.wait, address)) for _ in range(many)]
            await asyncio.sleep(0)
            if address is not None:
                with pytest.raises(BusyError):
                    await heavy.run(gate.wait, address)
            another = asyncio.create_task(heavy.run(lambda: "served", "192.0.2.2"))
            gate.set()
            for one in waiting[2:]:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            assert await another == "served"

    with_heavy(use)


def test_a_page_of_summaries_is_heavy_and_a_whole_booklet_is_not() -> None:
    documents = DocumentCache(GRAPHQL_SCHEMA)

    def cost(text: str) -> int:
        prepared = documents.prepare(text)
        assert isinstance(prepared, PreparedOperation)
        return prepared.cost

    assert cost(WHOLE_BOOKLET) < HEAVY_COST < cost(PAGE_DOCUMENT)


def test_over_http_heavy_queries_wait_for_one_another_and_others_do_not_wait_for_them() -> None:
    gate = Event()

    async def use(workers: WorkerPool, _heavy: HeavyOperations) -> None:
        others, app = endpoint(workers), endpoint(workers, blocking(gate))
        prepared = app.documents.prepare(HEAVY)
        assert isinstance(prepared, PreparedOperation)
        assert prepared.cost > HEAVY_COST
        await ask(others)
        pages = [asyncio.create_task(ask(app, HEAVY)) for _ in range(3)]
        while not workers.under_way:
            await asyncio.sleep(0.001)
        assert (await ask(others)).status_code == 200
        assert workers.under_way == 1
        gate.set()
        assert [(await page).status_code for page in pages] == [200] * 3

    with_heavy(use)
