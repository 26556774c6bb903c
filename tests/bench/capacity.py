"""The plan of docs/scale.md: what so many booklets need, from the figures of a run."""

from dataclasses import dataclass
from pathlib import Path

from tests.bench.goals import ADD, PAGE, SMALL, UNCHANGED, WHOLE, Figure, connections_of
from tests.bench.report import Run, put_between

BOOKLETS = 2_000_000
BEGIN, END = "<!-- plan of make bench -->", "<!-- end of plan -->"
_BUSY = 0.5  # of a core: what is left is for peaks within the hour, sweeps, backups


@dataclass(frozen=True)
class Asked:
    """What is asked of the service in its busiest hour, a second."""

    row: str
    who: str
    rate: float


# Forty thousand people, one in fifty, use the service in its busiest hour: thirty steps each, of
# which three write and four show the whole booklet. Sites read all that is consented in a night.
HOUR = (
    Asked(SMALL, "40,000 people, 20 small questions each", 40_000 * 20 / 3_600),
    Asked(WHOLE, "40,000 people, 4 whole booklets each", 40_000 * 4 / 3_600),
    Asked(UNCHANGED, "40,000 people, 3 answers that they have already", 40_000 * 3 / 3_600),
    Asked(ADD, "40,000 people, 3 writes each", 40_000 * 3 / 3_600),
    Asked(PAGE, "all summaries in eight hours, 50 a page", BOOKLETS / 50 / (8 * 3_600)),
)


def write_plan(run: Run, page: Path) -> None:
    """Put the plan into the page, between its marks."""
    put_between(page, BEGIN, END, plan(run))


def plan(run: Run) -> str:
    """The table of what is asked, what each costs and what it needs; then the sums."""
    lines = [
        "| Asked, in the busiest hour | A second | CPU of the service, ms | of PostgreSQL, ms | Cores of the service | Cores of PostgreSQL |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    cores, database_cores = 0.0, 0.0
    connections = run.connections[-1]
    for asked in HOUR:
        count = connections_of(asked.row, [connections])[0]
        figure = run.figure(asked.row, "Livret, PostgreSQL", count)
        if figure is None:
            continue
        own, databases = _cores(asked, figure)
        cores, database_cores = cores + own, database_cores + databases
        lines.append(
            f"| {asked.row}: {asked.who} | {asked.rate:,.1f} | {figure.cpu_ms:.2f}"
            f" | {figure.database_cpu_ms or 0.0:.2f} | {own:.2f} | {databases:.2f} |"
        )
    lines.append(
        f"| all, each core busy at most half of its time | | | | {cores / _BUSY:.1f} | {database_cores / _BUSY:.1f} |"
    )
    return "\n".join(lines) + "\n\n" + _stored(run)


def _cores(asked: Asked, figure: Figure) -> tuple[float, float]:
    database = figure.database_cpu_ms or 0.0
    return asked.rate * figure.cpu_ms / 1_000, asked.rate * database / 1_000


def _stored(run: Run) -> str:
    kilobytes = run.stored_kilobytes["PostgreSQL"]
    written = run.figure(ADD, "Livret, PostgreSQL", run.connections[-1])
    wal = (written.written_bytes or 0.0) if written else 0.0
    writes = next(one.rate for one in HOUR if one.row == ADD)
    return (
        f"A booklet of 55 entries and 38 ties takes {kilobytes:.1f} kB in PostgreSQL, indexes and key store included:"
        f" {BOOKLETS:,} take {kilobytes * BOOKLETS / 1_000_000:,.0f} GB. A write adds {wal:,.0f} bytes to the log (WAL):"
        f" in the busiest hour {wal * writes * 3_600 / 1_000_000_000:.1f} GB, {wal * writes * 8 / 1_000_000:.1f} Mbit a second to each replica."
        f" Measured on {run.day}, commit {run.commit}, with {run.compared:,} booklets and {run.connections[-1]} connections,"
        f" {run.machine}, load of the machine {run.load}."
    )
