"""The timeline of the panorama: dated entries, drawn as spans as wide as what is known of them."""

from collections.abc import Iterable
from datetime import date
from typing import Generic

import strawberry

from schema.description.rubric import Part, RubricName
from schema.entries.entries import Entry
from schema.panorama.panorama_entry import Node, Show

_PARTS = (Part.FORMATIONS, Part.EXPERIENCES)


@strawberry.type(description="A dated entry on the timeline.")
class TimelineSpan(Generic[Node]):
    """An entry with the first and the last day that its dates can mean."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    rubric: RubricName = strawberry.field(description="Its rubric.")
    part: Part = strawberry.field(description="Its part.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French (« 2001 – 2004 »).")
    earliest: date = strawberry.field(description="The first day that it can cover.")
    latest: date = strawberry.field(
        description="The last day that it can cover: today when ongoing, later when planned."
    )
    ongoing: bool = strawberry.field(description="Whether it has not ended.")
    approximate: bool = strawberry.field(
        description="Whether a bound is known to the month or the year only, or the start is unknown."
    )
    source: strawberry.Private[Entry]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The entry itself.")
    def node(self) -> Node:
        return self.show(self.source)


def timeline_of(
    entries: Iterable[Entry], today: date, show: Show[Node]
) -> list[TimelineSpan[Node]]:
    """The dated formations, experiences and recognitions of prior learning, oldest first."""
    spans = [
        span
        for entry in entries
        if entry.described_by.part in _PARTS
        or entry.rubric is RubricName.PRIOR_LEARNING_RECOGNITION
        if (span := _timeline_span(entry, today, show)) is not None
    ]
    return sorted(spans, key=lambda span: (span.earliest, span.latest))


def _timeline_span(entry: Entry, today: date, show: Show[Node]) -> TimelineSpan[Node] | None:
    """The span of an entry, or None when it is undated.

    An ongoing entry without a start is drawn on today. An end that comes before the
    start, which only an old row can hold, still gives a span, from one to the other.
    """
    rubric = entry.described_by
    period = entry.period
    latest = period.latest(today)
    if latest is None:
        return None
    earliest = period.earliest() or latest
    bounds = (period.start, None if period.ongoing else period.end)
    return TimelineSpan(
        entry=entry.id,
        rubric=entry.rubric,
        part=rubric.part,
        headline=rubric.headline(entry),
        when=period.in_french(),
        earliest=min(earliest, latest),
        latest=max(earliest, latest),
        ongoing=period.ongoing,
        approximate=period.start is None
        or any(bound is not None and not bound.is_full for bound in bounds),
        source=entry,
        show=show,
    )
