"""Statistics: publishing a month once, from the booklets of those who ticked the box; reading it.

Publishing is the only reading of booklets that no person asks for. It keeps counts of cells in
memory and nothing else; neither exact counts nor the number of booklets read leave it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from peewee import IntegrityError

from graphql_api.callers.officers import is_operator
from graphql_api.engine.encoding import PublicError
from graphql_api.statistics.differential_privacy import (
    DEVIATION,
    SMALLEST_SHOWN,
    Noise,
    discrete_gaussian,
    publish_counts,
)
from graphql_api.storage.content.damage import UNREADABLE
from graphql_api.storage.content.sealed_content import entry_of, identity_of, situation_of
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.tables import BookletTable, StatisticsCellTable, StatisticsMonthTable
from graphql_api.summaries.statements import entries_of, sealers_of
from schema.description.refusals import BookletState
from schema.description.rubric import RubricName, ValidationContext
from schema.entries.identity import IdentityContent
from schema.statistics import (
    TABLES,
    Cell,
    Participant,
    StatisticsFigure,
    StatisticsRelease,
    StatisticsTable,
    cells_of,
)

PAGE = 100
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class PublicationError(Exception):
    """The month cannot be published, or was before; nothing was written."""


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """What may be known of a publication: cells shown and hidden, booklets that do not open."""

    month: str
    shown: int
    hidden: int
    unreadable: int


def publish(
    op: Operation, month: str | None = None, noise: Noise = discrete_gaussian
) -> PublicationReport:
    """Publish the statistics of the current month in France, as booklets are now; once.

    Each page is read in its own short transaction, so call this outside one. A booklet that
    began after the operation is left to the next month, so that a person who closes one meanwhile
    and begins another is not counted twice. Raises `PublicationError`.
    """
    current = f"{op.today:%Y-%m}"
    if month not in (None, current):
        raise PublicationError(f"Seul le mois en cours se publie : {current}.")
    with op.store.reading():
        if _published_at(op, current) is not None:
            raise _already_published(current)
    counts: Counter[Cell] = Counter()
    unreadable = 0
    for page in _pages(op):
        for participant in page:
            if participant is None:
                unreadable += 1
            else:
                counts.update(cells_of(participant, op.today))
    figures = publish_counts(counts, noise)
    rows = [
        {"month": current, "name": name, "code": code, "persons": persons}
        for (name, code), persons in figures.items()
    ]
    try:
        with op.store.writing():
            op.store.run(
                StatisticsMonthTable.insert(
                    month=current,
                    published_at=op.now_us,
                    deviation=DEVIATION,
                    smallest_shown=SMALLEST_SHOWN,
                )
            )
            op.store.run(StatisticsCellTable.insert_many(rows))
    except IntegrityError as error:  # somebody else was faster
        raise _already_published(current) from error
    hidden = sum(persons is None for persons in figures.values())
    return PublicationReport(current, len(figures) - hidden, hidden, unreadable)


def get(op: Operation, month: str | None) -> StatisticsRelease | None:
    """The statistics of a month, the last one unless named; for nobody but an operator."""
    if not is_operator(op):
        return None
    if month is not None and not _MONTH.fullmatch(month):
        raise PublicError("Le mois s’écrit AAAA-MM.", "BAD_USER_INPUT")
    query = StatisticsMonthTable.select(
        StatisticsMonthTable.month,
        StatisticsMonthTable.published_at,
        StatisticsMonthTable.deviation,
        StatisticsMonthTable.smallest_shown,
    ).order_by(StatisticsMonthTable.month.desc())
    found = op.store.row(
        (query.where(StatisticsMonthTable.month == month) if month else query).tuples()
    )
    if found is None:
        return None
    cells = StatisticsCellTable.select(
        StatisticsCellTable.name, StatisticsCellTable.code, StatisticsCellTable.persons
    ).where(StatisticsCellTable.month == found[0])
    persons = {(name, code): count for name, code, count in op.store.rows(cells.tuples())}
    return StatisticsRelease(
        month=found[0],
        published_at=from_microseconds(found[1]),
        standard_deviation=found[2],
        smallest_shown=found[3],
        tables=[
            StatisticsTable(
                name=table.name,
                label=table.label,
                explanation=table.explanation,
                figures=[
                    StatisticsFigure(
                        code=cell.code, label=cell.label, persons=persons[table.name, cell.code]
                    )
                    for cell in table.cells
                    if (table.name, cell.code) in persons
                ],
            )
            for table in TABLES
        ],
    )


def _already_published(month: str) -> PublicationError:
    return PublicationError(f"Les statistiques de {month} sont déjà publiées.")


def _published_at(op: Operation, month: str) -> int | None:
    query = StatisticsMonthTable.select(StatisticsMonthTable.published_at)
    found = op.store.row(query.where(StatisticsMonthTable.month == month).tuples())
    return int(found[0]) if found else None


def _pages(op: Operation) -> Iterator[list[Participant | None]]:
    """Those who ticked the box, page by page; None stands for a booklet that does not open."""
    after = ""
    while True:
        with op.store.reading():
            booklets = op.store.rows(_page(op, after))
            if not booklets:
                return
            sealers = sealers_of(op, [row[0] for row in booklets])
            who = {
                row[0]: _subject_without_entries(sealers[row[0]], *row)
                for row in booklets
                if row[0] in sealers
            }
            ticked = [
                id for id, one in who.items() if one is not None and one.identity.stats_consent
            ]
            entries = entries_of(op, ticked, RubricName) if ticked else []
        of_booklet: dict[str, list[tuple[Any, ...]]] = {id: [] for id in ticked}
        for booklet, *columns in entries:
            of_booklet[booklet].append(tuple(columns))
        whole = [
            _with_entries(op, sealers[id], who[id], columns) for id, columns in of_booklet.items()
        ]
        yield [*whole, *(None for one in who.values() if one is None)]
        after = booklets[-1][0]


def _page(op: Operation, after: str) -> Any:
    query = BookletTable.select(
        BookletTable.id,
        BookletTable.identity_version,
        BookletTable.identity,
        BookletTable.situation_version,
        BookletTable.situation,
    ).where(
        BookletTable.id > after,
        BookletTable.state == BookletState.OPEN.value,
        BookletTable.created_at <= op.now_us,
    )
    return query.order_by(BookletTable.id).limit(PAGE).tuples()


def _subject_without_entries(
    sealer: Sealer,
    id: str,
    identity_version: int,
    identity: bytes,
    situation_version: int,
    situation: bytes | None,
) -> Participant | None:
    try:
        return Participant(
            identity_of(sealer, id, identity_version, identity) or IdentityContent(),
            situation_of(sealer, id, situation_version, situation),
            [],
        )
    except UNREADABLE:
        return None


def _with_entries(
    op: Operation, sealer: Sealer, participant: Participant | None, rows: list[tuple[Any, ...]]
) -> Participant | None:
    context = ValidationContext(op.today)
    try:
        return participant and replace(
            participant, entries=[entry_of(sealer, row, context) for row in rows]
        )
    except UNREADABLE:
        return None
