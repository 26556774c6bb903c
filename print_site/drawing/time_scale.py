"""The scale of the timeline, and the pieces of a bar: certain, or known to the month or year only."""

import calendar
from datetime import date, timedelta

from print_site.dossier.panorama import PrintedSpan

LEFT = 6.0
RIGHT = 648.0
SHORTEST_BAR = 3.0
MOST_YEAR_LABELS = 14


class TimeScale:
    """The horizontal scale: from days to coordinates."""

    def __init__(self, spans: tuple[PrintedSpan, ...], as_of: date) -> None:
        self.first = min(span.earliest for span in spans).year
        last_day = max(as_of, *(span.latest for span in spans))
        self.after = min(last_day.year + 1, date.max.year)
        self.start = date(self.first, 1, 1).toordinal()
        self.days = max(date(self.after, 1, 1).toordinal() - self.start, 1)
        self.today = self.x(as_of) if as_of.toordinal() >= self.start else None

    def x(self, day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day.toordinal() - self.start) / self.days

    def years(self) -> range:
        steps = (1, 2, 5, 10, 20, 50)
        count = self.after - self.first
        step = next((step for step in steps if count / step <= MOST_YEAR_LABELS), 100)
        return range(-(-self.first // step) * step, self.after + 1, step)


def bar_ends(span: PrintedSpan, scale: TimeScale) -> tuple[float, float]:
    """Return where a bar begins and ends; that of a day is wide enough to be seen."""
    left = scale.x(span.earliest)
    return left, max(scale.x(day_after(span.latest)), left + SHORTEST_BAR)


def bar_segments(span: PrintedSpan, scale: TimeScale) -> list[tuple[float, float, bool]]:
    """Return start, end and vagueness of the pieces of a bar; an approximate end is vague."""
    left, right = bar_ends(span, scale)
    if not span.approximate:
        return [(left, right, False)]
    known_from, known_to = _certain_period(span)
    start, end = scale.x(known_from), right if span.ongoing else scale.x(known_to)
    if start >= end:
        return [(left, right, True)]
    pieces = [(left, start, True), (start, end, False), (end, right, True)]
    return [piece for piece in pieces if piece[1] > piece[0]]


def _certain_period(span: PrintedSpan) -> tuple[date, date]:
    """Return the days that a span covers for certain.

    The API gives the outer days only: an approximate bound on 1 January or 31 December means a year,
    one on the first or last day of a month means a month.
    """
    start, end = span.earliest, span.latest
    if start.day == 1:
        last = (12, 31) if start.month == 1 else _last_of_month(start)
        start = day_after(date(start.year, *last))
    if (end.month, end.day) == _last_of_month(end):
        end = date(end.year, 1 if end.month == 12 else end.month, 1)
    return start, end


def _last_of_month(day: date) -> tuple[int, int]:
    return day.month, calendar.monthrange(day.year, day.month)[1]


def day_after(day: date) -> date:
    """Return the next day; the last day of the calendar has none and stays."""
    return day if day == date.max else day + timedelta(days=1)
