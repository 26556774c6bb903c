"""The figures of a run as the tables and the plot of docs/performance.md."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.bar_plot import Bars, bar_plot
from tests.bench.booklets import ENTRIES, EVIDENCE, LINKS
from tests.bench.goals import (
    ADD,
    PAGE,
    PAGE_ANEW,
    SMALL,
    UNCHANGED,
    WHILE_ALLOWED,
    WHILE_PULLING,
    WHOLE,
    Figure,
    connections_of,
)

PEER = "peer"
MOST_COMPARED = 20_000
BEGIN, END = "<!-- figures of make bench -->", "<!-- end of figures -->"
PLOT = "pictures/performance.svg"
_MISSING = "not run here"
_WRITING = (ADD, WHILE_PULLING, WHILE_ALLOWED, PAGE, PAGE_ANEW)
_WHAT_COSTS = (
    "In milliseconds: the median and the 99th percentile of the time, the processor of the server and that of PostgreSQL."
    " Then statements, bytes that PostgreSQL writes to its log (WAL), and how many were answered 503, which do not count as answers."
)


@dataclass
class Run:
    """What one run measured, and on what."""

    machine: str
    day: str
    commit: str
    load: str
    sizes: list[int]
    engines: list[str]
    connections: list[int]
    figures: list[Figure] = field(default_factory=list)
    growth: list[Figure] = field(default_factory=list)
    of_one: list[Figure] = field(default_factory=list)
    megabytes: dict[str, int] = field(default_factory=dict)
    start_seconds: float = 0.0
    stored_kilobytes: dict[str, float] = field(default_factory=dict)

    @property
    def compared(self) -> int:
        """The number of booklets with which contenders are compared: the peer's rows of more take hours."""
        return max((one for one in self.sizes if one <= MOST_COMPARED), default=self.sizes[0])

    def figure(self, row: str, contender: str, connections: int) -> Figure | None:
        """One figure of the main table, or None."""
        wanted = (row, contender, connections)
        return next(
            (one for one in self.figures if (one.row, one.contender, one.connections) == wanted),
            None,
        )


def ratio(one: Figure | None, other: Figure | None) -> float | None:
    """The median of the ratios of two rates, round by round."""
    if one is None or other is None:
        return None
    return statistics.median(a / b for a, b in zip(one.rates, other.rates, strict=True))


def markdown(run: Run) -> str:
    """The part of docs/performance.md that a run writes."""
    return "\n\n".join(
        (
            _where(run),
            "### Goals",
            _goals(run),
            f"### Requests a second, {run.compared:,} booklets",
            f"![Requests a second of Livret, of the limit and of the peer, by row; the table below has the same figures]({PLOT})",
            _rates(run),
            "### What one request costs",
            _WHAT_COSTS,
            _costs(run),
            "### Growth",
            _growth(run),
        )
    )


def _where(run: Run) -> str:
    *few, last = (f"{size:,}" for size in run.sizes)
    sizes = f"{', '.join(few)} and {last}" if few else last
    return (
        f"{run.day}, commit {run.commit}; {run.machine}; load of the machine {run.load};"
        f" {sizes} booklets of {ENTRIES} entries and {LINKS + EVIDENCE} ties."
    )


def _goals(run: Run) -> str:
    lines = ["| Goal | Asked | Measured | |", "| --- | --- | --- | --- |"]
    for name, asked, at_least, limit, value in _judged(run):
        met = (
            "–"
            if value is None
            else "met"
            if (value >= limit if at_least else value <= limit)
            else "**missed**"
        )
        lines.append(
            f"| {name} | {asked} | {_MISSING if value is None else f'{value:.2f}'} | {met} |"
        )
    return "\n".join(lines)


_Judged = tuple[str, str, bool, float, float | None]


def _judged(run: Run) -> Iterable[_Judged]:
    one, many = run.connections[0], run.connections[-1]
    for engine in run.engines:
        least = 2.0 if engine == "SQLite" else 1.5
        yield from _against(run, engine, WHOLE, one, peer=least, limit=2.0)
        yield from _against(run, engine, SMALL, one, peer=1.0, limit=2.5)
        yield from _against(run, engine, PAGE, one, peer=1.0, limit=2.0)
        opened = run.figure(PAGE_ANEW, f"limit, {engine}", one)
        value = ratio(opened, run.figure(PAGE, f"Livret, {engine}", one))
        name = f"{PAGE}, {engine}, time against the limit that opens sections"
        yield name, "≤ 2 ×", False, 2.0, value
        yield from _against(run, engine, PAGE_ANEW, one, peer=1.0, limit=2.0)
        own = engine == "PostgreSQL"
        yield from _against(run, engine, ADD, one, peer=0.7 if own else None, limit=2.0)
        told = run.figure(UNCHANGED, f"Livret, {engine}", one)
        value = ratio(told, run.figure(WHOLE, PEER, one))
        yield (
            f"{UNCHANGED} (304), {engine}, against the peer’s whole answer",
            "≥ 8 ×",
            True,
            8.0,
            value,
        )
        alone = run.figure(ADD, f"Livret, {engine}", one)
        for row in (WHILE_PULLING, WHILE_ALLOWED):
            value = ratio(run.figure(row, f"Livret, {engine}", one), alone)
            yield f"{row}, {engine}, against alone", "≥ 0.7 ×", True, 0.7, value
        for row in (WHOLE, SMALL, PAGE, ADD):
            count = connections_of(row, [many])[0]
            figure = run.figure(row, f"Livret, {engine}", count)
            tail = figure.p99 / figure.p50 if figure else None
            yield f"{row}, {engine}, {count} connections, p99 / p50", "≤ 5", False, 5.0, tail
        for row in (WHOLE, SMALL, PAGE, ADD):
            if len(run.sizes) > 1:
                grown = _grown(run, engine, row)
                name = f"{row}, {engine}, processor at {run.sizes[-1]:,} booklets / at {run.sizes[0]:,}"
                yield name, "≤ 1.3", False, 1.3, grown
        few, many_entries = (_of_one(run, engine, SMALL, number) for number in (10, 1_000))
        name = f"{SMALL}, {engine}, processor for a thousand entries / for ten"
        yield name, "≤ 3", False, 3.0, _cost_ratio(many_entries, few)
        some, many_entries = (_of_one(run, engine, WHOLE, number) for number in (100, 1_000))
        name = f"{WHOLE}, {engine}, processor for a thousand entries / for a hundred"
        yield name, "≤ 10", False, 10.0, _cost_ratio(many_entries, some)
        if engine in run.megabytes:
            yield f"memory of the process, {engine}, MB", "≤ 150", False, 150, run.megabytes[engine]
    yield "start to first answer, s", "≤ 1.5", False, 1.5, run.start_seconds


def _against(
    run: Run, engine: str, row: str, connections: int, *, peer: float | None, limit: float
) -> Iterable[_Judged]:
    own = run.figure(row, f"Livret, {engine}", connections)
    if peer is not None:
        value = ratio(own, run.figure(row, PEER, connections))
        yield f"{row}, {engine}, against the peer", f"≥ {peer:g} ×", True, peer, value
    value = ratio(run.figure(row, f"limit, {engine}", connections), own)
    yield f"{row}, {engine}, time against the limit", f"≤ {limit:g} ×", False, limit, value


def _grown(run: Run, engine: str, row: str) -> float | None:
    small, large = (
        next(
            (
                one
                for one in run.growth
                if one.row == row and one.contender == f"{size:,} booklets, {engine}"
            ),
            None,
        )
        for size in (run.sizes[0], run.sizes[-1])
    )
    return _cost_ratio(large, small)


def _cost_ratio(one: Figure | None, other: Figure | None) -> float | None:
    """The processor time that one takes for a request against the other, PostgreSQL included.

    Unlike rates, it hardly depends on what else the machine does; and most of a request is that.
    """
    if one is None or other is None:
        return None
    costs = [figure.cpu_ms + (figure.database_cpu_ms or 0.0) for figure in (one, other)]
    return costs[0] / costs[1]


def _of_one(run: Run, engine: str, row: str, entries: int) -> Figure | None:
    wanted = (row, f"{entries} entries, {engine}")
    return next((one for one in run.of_one if (one.row, one.contender) == wanted), None)


def contenders_of(run: Run) -> list[str]:
    """The names of the columns, in order."""
    kinds = ("Livret", "limit", "ordinary executor")
    return [*(f"{kind}, {engine}" for engine in run.engines for kind in kinds), PEER]


def _rates(run: Run) -> str:
    names = contenders_of(run)
    lines = [
        "| Row | Connections | " + " | ".join(names) + " |",
        "| --- | --- |" + " ---: |" * len(names),
    ]
    for row in (WHOLE, SMALL, PAGE, PAGE_ANEW, UNCHANGED, ADD, WHILE_PULLING, WHILE_ALLOWED):
        for connections in connections_of(row, run.connections):
            cells = [_rate(run.figure(row, name, connections), run, name) for name in names]
            lines.append(f"| {row} | {connections} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rate(figure: Figure | None, run: Run, name: str) -> str:
    if figure is None:
        ran = any(one.contender == name for one in run.figures)
        return "–" if ran else _MISSING
    return f"{figure.rate:,.0f}" if figure.rate >= 20 else f"{figure.rate:.1f}"


def _costs(run: Run) -> str:
    lines = [
        "| Row | Contender | Connections | p50 | p99 | CPU | PostgreSQL | Statements | WAL | 503 |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    first, last = run.connections[0], run.connections[-1]
    for one in run.figures:
        if one.connections not in connections_of(one.row, (first, last)):
            continue
        cells = (
            f"{one.p50 * 1_000:.1f}",
            f"{one.p99 * 1_000:.1f}",
            f"{one.cpu_ms:.2f}",
            _or_dash(one.database_cpu_ms, ".2f"),
            _or_dash(one.statements, ".0f"),
            _or_dash(one.written_bytes if one.row in _WRITING else None, ",.0f"),
            str(one.refused or "–"),
        )
        lines.append(f"| {one.row} | {one.contender} | {one.connections} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _growth(run: Run) -> str:
    lines = [
        "| Row, one connection | Of | Requests a second | p50, ms | CPU, ms | PostgreSQL, ms |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for one in (*run.growth, *run.of_one):
        cells = (
            f"{one.rate:,.0f}" if one.rate >= 20 else f"{one.rate:.1f}",
            f"{one.p50 * 1_000:.2f}",
            f"{one.cpu_ms:.2f}",
            _or_dash(one.database_cpu_ms, ".2f"),
        )
        lines.append(f"| {one.row} | {one.contender} | {' | '.join(cells)} |")
    stored = ", ".join(f"{size:.1f} kB on {name}" for name, size in run.stored_kilobytes.items())
    memory = ", ".join(f"{size} MB on {name}" for name, size in run.megabytes.items())
    return "\n".join(lines) + (
        f"\n\nA booklet takes {stored}, indexes included. At its peak the process held {memory}."
        f" From its start to its first answer it took {run.start_seconds:.1f} s."
    )


def write(run: Run, page: Path) -> None:
    """Put the figures into the page, between its marks, and draw the plot beside it."""
    put_between(page, BEGIN, END, markdown(run))
    (page.parent / PLOT).write_text(plot(run), "utf-8")


def put_between(page: Path, begin: str, end: str, text: str) -> None:
    """Put a text into a page between two marks, in the place of what was there."""
    before, rest = page.read_text("utf-8").split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", "utf-8")


def plot(run: Run) -> str:
    """The requests a second of one connection as bars, each labelled, on a logarithmic axis."""
    shown = [f"Livret, {engine}" for engine in run.engines]
    shown += [f"limit, {engine}" for engine in run.engines] + [PEER]
    groups = []
    for row in (WHOLE, SMALL, PAGE, PAGE_ANEW, UNCHANGED, ADD, WHILE_PULLING, WHILE_ALLOWED):
        bars = [
            (name, figure.rate)
            for name in shown
            if (figure := run.figure(row, name, run.connections[0]))
        ]
        if bars:
            groups.append(Bars(row, bars))
    size = f"{run.compared:,}"
    return bar_plot(
        f"Requests a second, one connection, {size} booklets", "logarithmic axis", groups, shown
    )
