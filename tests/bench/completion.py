"""What compiled completion gains: a whole booklet by graphql-core alone against compiled.

`python -m tests.bench.completion` prints the figures that decision 0008 quotes. Time is the CPU
time of one thread, so that what else the machine does hardly counts.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql_api.demo.folder import DemoFolder
from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.encoding import encode
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.operations.service import Service
from graphql_api.serving import build_service
from graphql_api.storage.operation import Operation
from tests.bench.document import whole_booklet
from tests.bench.loading import load_agent_booklet

ROUNDS = 40
EACH = 5


def print_completion_figures(service: Service, token: str) -> None:
    """Measure one whole-booklet query both ways: reading, completing and encoding; and completing."""
    prepared = _prepared()

    def answer(*, compiled: bool) -> bytes:
        op = service.operation(service.credentials.actor(f"Bearer {token}"))
        with service.store.reading():
            return encode(run_document(GRAPHQL_SCHEMA, prepared, None, op, compiled=compiled)).body

    assert answer(compiled=True) == answer(compiled=True) == answer(compiled=False)
    op = service.operation(service.credentials.actor(f"Bearer {token}"))
    with service.store.reading():
        complete = _completing(op, _prepared())  # of its own: what runs it keeps its resolvers
        completing = _interleaved(lambda: complete(False), lambda: complete(True))
    whole = _interleaved(lambda: answer(compiled=False), lambda: answer(compiled=True))
    size = len(answer(compiled=True)) // 1000
    print(f"Whole booklet ({size} kB of JSON), CPU of one thread, graphql-core alone / compiled")
    print(f"  reading, completing, encoding   {_shown(whole)}")
    print(f"  completing alone                {_shown(completing)}")


def _prepared() -> PreparedOperation:
    prepared = DocumentCache(GRAPHQL_SCHEMA).prepare(whole_booklet())
    assert isinstance(prepared, PreparedOperation)
    return prepared


def _completing(op: Operation, prepared: PreparedOperation) -> Callable[[bool], Any]:
    """A function that completes one and the same loaded booklet, compiled or not."""
    booklet_field = GRAPHQL_SCHEMA.query_type.fields["booklet"]  # type: ignore[union-attr]  # it has one
    resolve = booklet_field.resolve
    assert resolve is not None
    loaded: list[Any] = []

    def once(source: Any, info: Any, **arguments: Any) -> Any:
        if not loaded:
            loaded.append(resolve(source, info, **arguments))
        return loaded[0]

    def complete(compiled: bool) -> Any:
        booklet_field.resolve = once
        try:
            return run_document(GRAPHQL_SCHEMA, prepared, None, op, compiled=compiled).data
        finally:
            booklet_field.resolve = resolve

    return complete


def _interleaved(first: Callable[[], object], second: Callable[[], object]) -> list[list[float]]:
    """Milliseconds that each takes, round by round."""
    times: list[list[float]] = [[], []]
    for round_number in range(ROUNDS + 1):
        for one, kept in zip((first, second), times, strict=True):
            began = time.thread_time()
            for _ in range(EACH):
                one()
            if round_number > 0:  # the first warms up
                kept.append((time.thread_time() - began) * 1000 / EACH)
    return times


def _shown(times: list[list[float]]) -> str:
    ratio = statistics.median(first / second for first, second in zip(*times, strict=True))
    alone, compiled = (statistics.median(one) for one in times)
    return f"{ratio:.2f} ({alone:.1f} ms / {compiled:.1f} ms, median of {ROUNDS} rounds)"


def main() -> None:
    """Load the demo's booklet, measure and print."""
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        place = DemoFolder(Path(folder))
        token = load_agent_booklet(place, 8000)
        service = build_service(place.settings())
        print_completion_figures(service, token)
        service.close()


if __name__ == "__main__":
    main()
