"""The goals of the service, measured in one interleaved run: rows, contenders, connections, rounds.

In each round every row is asked of every contender in turn, so that what else the machine does
falls on all alike. Medians of the rounds are what counts.
"""

import http.client
import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rich.progress import Progress

from tests.bench.booklets import ENTRIES, EVIDENCE, LINKS
from tests.bench.document import as_set
from tests.bench.load_client import Load, Measured, finish, start
from tests.bench.processes import processor_seconds

WHOLE, SMALL, PAGE = "whole booklet", "small query", "page of 50 summaries"
PAGE_ANEW = "page of 50 summaries, all changed"
ADD, UNCHANGED, WHILE_PULLING = "entry add", "unchanged booklet", "entry add while a site pulls"
WHILE_ALLOWED = "entry add while a site pulls all that it may"
READ_ROWS = (WHOLE, SMALL, PAGE, PAGE_ANEW, UNCHANGED)
MOST_SITES = 16  # connections: there are 23 regional sites, with a machine each
PAUSE_OF_SITE = 60 / 158  # between the pages that the allowance of a caller leaves it in a minute
_WITH_A_SITE = (WHILE_PULLING, WHILE_ALLOWED)
_WARM_UP_SECONDS = 0.3


@dataclass(frozen=True)
class Contender:
    """A server, and how each row is asked of it; rows that it does not have are left out.

    `processes` are those of the server, `database_processes` those of its PostgreSQL.
    `written_bytes` says how much its database has written to its log, `statements` how many it ran.
    """

    name: str
    port: int
    rows: dict[str, Load]
    process: int
    database_processes: Callable[[], list[int]] = list
    written_bytes: Callable[[], int] | None = None
    statements: Callable[[], int] | None = None
    pulling: Load | None = None


@dataclass(frozen=True)
class Figure:
    """What one contender did in one row with so many connections."""

    row: str
    contender: str
    connections: int
    rate: float
    p50: float
    p99: float
    cpu_ms: float
    database_cpu_ms: float | None
    statements: float | None
    written_bytes: float | None
    refused: int  # answered 503, over all rounds
    rates: tuple[float, ...]  # round by round


@dataclass
class _Rounds:
    measured: list[Measured] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    database_cpu_ms: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)
    written_bytes: list[float] = field(default_factory=list)


def measure(
    contenders: Iterable[Contender],
    rows: Iterable[str],
    connections: Sequence[int],
    *,
    rounds: int,
    seconds: float,
    what: str,
) -> list[Figure]:
    """The figures of all, the first round being a warm-up that does not count."""
    turns = [
        (row, count, one)
        for row in rows
        for count in connections_of(row, connections)
        for one in contenders
        if row in one.rows and (row not in _WITH_A_SITE or one.pulling)
    ]
    kept: dict[tuple[str, int, str], _Rounds] = {}
    with Progress() as progress:
        task = progress.add_task(what, total=len(turns) * (rounds + 1))
        for number in range(rounds + 1):
            for row, count, one in turns:
                into = kept.setdefault((row, count, one.name), _Rounds()) if number else _Rounds()
                _measure_once(one, row, count, seconds if number else _WARM_UP_SECONDS, into)
                progress.advance(task)
    return [_figure(row, name, count, one) for (row, count, name), one in kept.items()]


def connections_of(row: str, connections: Sequence[int]) -> list[int]:
    """With how many connections a row is asked: pages of summaries with no more than there are sites."""
    most = MOST_SITES if row in (PAGE, PAGE_ANEW, *_WITH_A_SITE) else max(connections)
    return list(dict.fromkeys(min(one, most) for one in connections))


def _measure_once(one: Contender, row: str, count: int, seconds: float, into: _Rounds) -> None:
    load = one.rows[row]
    pulling = None
    if row in _WITH_A_SITE and one.pulling is not None:
        pause = PAUSE_OF_SITE if row == WHILE_ALLOWED else 0.0
        pulling = start(_with(replace(one.pulling, pause=pause), 1, seconds + 0.4))
    databases = one.database_processes()
    before = _counts(one), processor_seconds([one.process]), processor_seconds(databases)
    measured = finish(start(_with(load, count, seconds)))
    after = _counts(one), processor_seconds([one.process]), processor_seconds(databases)
    if pulling is not None:
        finish(pulling)
    into.measured.append(measured)
    into.cpu_ms.append((after[1] - before[1]) * 1_000 / measured.count)
    if databases:
        into.database_cpu_ms.append((after[2] - before[2]) * 1_000 / measured.count)
    for kept, was, now in zip(
        (into.statements, into.written_bytes), before[0], after[0], strict=True
    ):
        if was is not None and now is not None:
            kept.append((now - was) / measured.count)


def _with(load: Load, connections: int, seconds: float) -> Load:
    return Load(**(vars(load) | {"connections": connections, "seconds": seconds}))


def _counts(one: Contender) -> tuple[int | None, int | None]:
    return (
        one.statements() if one.statements else None,
        one.written_bytes() if one.written_bytes else None,
    )


def _figure(row: str, contender: str, connections: int, rounds: _Rounds) -> Figure:
    return Figure(
        row=row,
        contender=contender,
        connections=connections,
        rate=statistics.median(one.rate for one in rounds.measured),
        p50=statistics.median(one.p50 for one in rounds.measured),
        p99=statistics.median(one.p99 for one in rounds.measured),
        cpu_ms=statistics.median(rounds.cpu_ms),
        database_cpu_ms=_median(rounds.database_cpu_ms),
        statements=_median(rounds.statements),
        written_bytes=_median(rounds.written_bytes),
        refused=sum(one.refused for one in rounds.measured),
        rates=tuple(one.rate for one in rounds.measured),
    )


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def check_answers(contender: Contender, limit: Contender) -> None:
    """Check that a whole booklet has what it must have, and is what the limit reads of it."""
    told, bare = (as_set(json.loads(answer(one, WHOLE))["data"]) for one in (contender, limit))
    assert told == bare, "the two answers differ"
    entries = told["booklet"]["entries"]
    counts = [len(entries), _ties(entries, "links"), _ties(entries, "evidence")]
    assert counts == [ENTRIES, LINKS * 2, EVIDENCE], counts


def answer(one: Contender, row: str) -> bytes:
    """One answer to a row's first request."""
    method, path, *_ = one.rows[row].requests[0].split(" ")
    head, _, body = one.rows[row].requests[0].partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    connection = http.client.HTTPConnection("127.0.0.1", one.port)
    connection.request(method, path, body.encode() or None, headers)
    read = connection.getresponse().read()
    connection.close()
    return read


def _ties(entries: list[dict[str, Any]], kind: str) -> int:
    return sum(len(entry[kind]) for entry in entries)
