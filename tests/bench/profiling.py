"""`python -m tests.bench.profiling`: where the processor time of each row of the bench goes.

One thread runs an operation again and again on SQLite while a timer of processor time looks, every
millisecond, in which function of which module it is. What a module in C does counts for the function
that calls it. Looking so costs nothing and favours nobody, unlike a profiler that counts calls.
"""

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from starlette.requests import HTTPConnection

import graphql_api
from graphql_api.commands.copies.pull_command import DOCUMENT
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.execution import execute
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.operations.service import Service
from graphql_api.serving import build_service
from tests.bench.contenders import yesterday
from tests.bench.databases import sqlite_urls
from tests.bench.deployments import (
    ADD_DOCUMENT,
    ENTRY,
    PAGE_SIZE,
    SMALL_DOCUMENT,
    Deployment,
    deploy,
)
from tests.bench.document import whole_booklet
from tests.bench.goals import ADD, PAGE, PAGE_ANEW, SMALL, WHOLE

SECONDS = 6.0
BOOKLETS = 400
_SHOWN = 12
_HOME = str(Path(graphql_api.__file__).parents[1]) + "/"
_OURS = (*(f"{_HOME}{room}/" for room in ("graphql_api", "schema")), "<compiled")


def profile(run: Callable[[], object]) -> tuple[float, Counter[str]]:
    """The milliseconds of processor time of a run, and in how many looks each function was met."""
    seen: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        while frame is not None and not frame.f_code.co_filename.startswith(_OURS):
            frame = frame.f_back
        if frame is not None:
            module = frame.f_code.co_filename.removeprefix(_HOME)
            seen[
                "compiled completion"
                if module.startswith("<")
                else f"{module} {frame.f_code.co_name}"
            ] += 1

    for _ in range(5):
        run()
    former = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    began, runs = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        run()
        runs += 1
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, former)
    return (time.process_time() - began) * 1_000 / runs, seen


def main() -> None:
    """Print, for each row, the functions in which most time goes."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        made = deploy("SQLite", BOOKLETS, sqlite_urls(folder), folder)
        service = build_service(made.settings)
        agent, writer = made.token(made.readers[0]), made.token(made.writers[0])
        _print(WHOLE, asking(service, agent, prepared(whole_booklet())))
        _print(SMALL, asking(service, agent, prepared(SMALL_DOCUMENT)))
        page = prepared(DOCUMENT)
        _print(PAGE, asking(service, made.site_token(), page, first=PAGE_SIZE, counts=False))
        since = yesterday()
        _print(
            PAGE_ANEW,
            asking(service, made.delta_token(), page, first=PAGE_SIZE, since=since, counts=False),
        )
        _print(ADD, _adding(service, made, writer))
        service.close()


def _adding(service: Service, made: Deployment, first: str) -> Callable[[], object]:
    tokens = [first, *map(made.token, made.writers[1:])]
    document = prepared(ADD_DOCUMENT)
    asked = [asking(service, one, document, entry={"training": ENTRY}) for one in tokens]
    turn = iter(range(sys.maxsize))
    return lambda: asked[next(turn) % len(asked)]()


def prepared(document: str) -> PreparedOperation:
    """A document as the service keeps it."""
    made = DocumentCache(GRAPHQL_SCHEMA).prepare(document)
    assert isinstance(made, PreparedOperation)
    return made


def asking(
    service: Service, token: str, document: PreparedOperation, **variables: object
) -> Callable[[], object]:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    connection = HTTPConnection({"type": "http", "headers": headers})

    def ask() -> object:
        answer = execute(service, document, variables, connection)
        assert b'"errors"' not in answer.body, answer.body[:500]
        return answer

    return ask


def _print(row: str, run: Callable[[], object]) -> None:
    milliseconds, seen = profile(run)
    looks = seen.total()
    print(f"{row}: {milliseconds:.2f} ms of processor time")
    for name, count in seen.most_common(_SHOWN):
        print(f"  {count / looks:6.1%}  {milliseconds * count / looks * 1_000:8.0f} µs  {name}")


if __name__ == "__main__":
    main()
