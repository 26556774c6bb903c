"""Statistics: publishing a month once, from the booklets of those who ticked the box; reading it.

Publishing is the only reading of booklets that no person asks for. It keeps counts of cells in
memory and nothing else; neither exact counts nor the number of booklets read leave it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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
from graphql_api.storage.content.damage import UNREADABLE, parts_of
from graphql_api.storage.content.documents import entries_of, identity_of, situation_of
from graphql_api.storage.content.sections import ENTRY_SECTIONS, Section
from graphql_api.storage.content.stored_sections import StoredSections, read_many
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.tables import BookletTable, StatisticsCellTable, StatisticsMonthTable
from graphql_api.summaries.statements import sealers_of
from schema.description.refusals import BookletState
from schema.description.rubric import ValidationContext
from schema.entries.entries import Entry
from schema.entries.identity import Identity
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
_NEEDED = frozenset({Section.IDENTITY, Section.SITUATION, *ENTRY_SECTIONS})
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
            ids = [id for (id,) in op.store.rows(_page(op, after))]
            if not ids:
                return
            sealers = sealers_of(op, ids)
            asked = {id: (sealer, frozenset({Section.IDENTITY})) for id, sealer in sealers.items()}
            identities = {id: _identity(one) for id, one in read_many(op, asked).items()}
            ticked = {
                id: (sealers[id], _NEEDED)
                for id, identity in identities.items()
                if identity is not None and identity.stats_consent
            }
            stored = read_many(op, ticked)
        yield [
            *(_participant(op, one) for one in stored.values()),
            *(None for identity in identities.values() if identity is None),
        ]
        op.forget_content()
        after = ids[-1]


def _page(op: Operation, after: str) -> Any:
    query = BookletTable.select(BookletTable.id).where(
        BookletTable.id > after,
        BookletTable.state == BookletState.OPEN.value,
        BookletTable.created_at <= op.now_us,
    )
    return query.order_by(BookletTable.id).limit(PAGE).tuples()


def _identity(stored: StoredSections) -> Identity | None:
    document = stored.document(Section.IDENTITY)
    try:
        return identity_of(document) if document is not None else None
    except UNREADABLE:
        return None


def _participant(op: Operation, stored: StoredSections) -> Participant | None:
    """Who ticked the box; None when anything of their booklet does not open."""
    documents = {section: stored.document(section) for section in _NEEDED}
    identity, situation = _identity(stored), documents[Section.SITUATION]
    context, entries = ValidationContext(op.today), list[Entry]()
    try:
        present = situation_of(situation) if situation else None
        for section in ENTRY_SECTIONS:
            if (document := documents[section]) is not None:
                entries += entries_of(op, stored.booklet, document, context)
    except UNREADABLE:
        return None
    if identity is None or parts_of(op, stored.booklet):
        return None
    return Participant(identity, present, entries)
