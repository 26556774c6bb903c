"""The timeline as SVG: one lane per part of the booklet, one row per entry, oldest first.

The end of a bar is lighter where its date is approximate. The SVG has no styles and no links: the
style sheet colours its classes, and the table beside it holds the links.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from print_site.dossier.panorama import PrintedSpan
from print_site.dossier.references import part_anchor
from print_site.dossier.text import typeset
from print_site.drawing.letter_widths import text_width, truncate
from print_site.drawing.pieces import split_evenly

WIDTH = 660.0
LEFT = 6.0
RIGHT = 648.0
ROW = 13.0
TOP = 22.0
ROWS_IN_A_PIECE = 30
MOST_YEAR_LABELS = 14
YEAR_LABEL = 26.0
BOLD = 1.1
LONGEST_LABEL = 340.0
SHORTEST_BAR = 3.0
LANES = (
    ("EXPERIENCES", "Expériences"),
    ("FORMATIONS", "Formations"),
    ("COMPETENCES", "Acquis reconnus"),
)

_SVG = Markup(
    '<svg class="timeline {kind}" role="img" viewBox="0 0 {width:g} {height:g}"'
    ' aria-labelledby="{id} {id}-texte">'
    '<title id="{id}">{title}</title><desc id="{id}-texte">{text}</desc>'
    "{axis}{rows}</svg>"
)
_YEAR = Markup(
    '<line class="year" x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{bottom:g}"/>'
    '<text class="year-label" x="{label:.1f}" y="12">{year}</text>'
)
_BAR = Markup('<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="8"/>')
_ARROW = Markup('<path class="span" d="M{x:.1f} {y:.1f}l6 4l-6 4z"/>')
_LABEL = Markup(
    '<text class="{side}" x="{x:.1f}" y="{y:.1f}"><tspan class="row-code">{code}</tspan> {text}</text>'
)


@dataclass(frozen=True)
class Lane:
    """The drawings of one part, one for each page that it needs."""

    label: str
    pieces: tuple[Markup, ...]


def draw_timeline(spans: tuple[PrintedSpan, ...], as_of: date) -> tuple[Lane, ...]:
    """Draw a lane for each part that has dated entries, all to the same scale."""
    return tuple(_draw_lanes(spans, _TimeScale(spans, as_of))) if spans else ()


def _draw_lanes(spans: tuple[PrintedSpan, ...], scale: "_TimeScale") -> Iterator[Lane]:
    for part, label in LANES:
        pieces = split_evenly([span for span in spans if span.part == part], ROWS_IN_A_PIECE)
        if pieces:
            titles = (
                f"{label} ({rank} sur {len(pieces)})" if len(pieces) > 1 else label
                for rank in range(1, len(pieces) + 1)
            )
            yield Lane(
                label,
                tuple(
                    _draw_piece(piece, scale, f"frise-{part.lower()}-{rank}", title)
                    for rank, (piece, title) in enumerate(zip(pieces, titles, strict=True), start=1)
                ),
            )


class _TimeScale:
    """The horizontal scale: from days to coordinates."""

    def __init__(self, spans: tuple[PrintedSpan, ...], as_of: date) -> None:
        self.first = min(span.earliest for span in spans).year
        last_day = max(as_of, *(span.latest for span in spans))
        self.after = min(last_day.year + 1, date.max.year)
        self.start = date(self.first, 1, 1).toordinal()
        self.days = max(date(self.after, 1, 1).toordinal() - self.start, 1)

    def x(self, day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day.toordinal() - self.start) / self.days

    def years(self) -> range:
        steps = (1, 2, 5, 10, 20, 50)
        count = self.after - self.first
        step = next((step for step in steps if count / step <= MOST_YEAR_LABELS), 100)
        return range(-(-self.first // step) * step, self.after + 1, step)


def _draw_piece(spans: Sequence[PrintedSpan], scale: _TimeScale, anchor: str, title: str) -> Markup:
    height = TOP + ROW * len(spans) + 4
    return _SVG.format(
        kind=part_anchor(spans[0].part),
        width=WIDTH,
        height=height,
        id=anchor,
        title=f"Frise chronologique : {title}",
        text=(
            f"{len(spans)} {'élément daté' if len(spans) == 1 else 'éléments datés'}, du plus ancien"
            f" au plus récent, de {spans[0].earliest.year} à"
            f" {max(span.latest for span in spans).year}."
            " Le tableau qui suit dit la même chose."
        ),
        axis=Markup("").join(
            _year(year, scale.x(date(year, 1, 1)), height) for year in scale.years()
        ),
        rows=Markup("").join(
            _row(span, scale, TOP + ROW * rank) for rank, span in enumerate(spans)
        ),
    )


def _year(year: int, x: float, bottom: float) -> Markup:
    # A label is centred on its line, except at the margins, which would cut it.
    label = min(max(x, YEAR_LABEL / 2), WIDTH - YEAR_LABEL / 2)
    return _YEAR.format(x=x, bottom=bottom, label=label, year=year)


def _row(span: PrintedSpan, scale: _TimeScale, top: float) -> Markup:
    left = scale.x(span.earliest)
    right = max(scale.x(_day_after(span.latest)), left + SHORTEST_BAR)
    bars = Markup("").join(
        _BAR.format(kind="span vague" if vague else "span", x=start, y=top + 3, width=end - start)
        for start, end, vague in _segments(span, scale, left, right)
        if end > start
    )
    arrow = _ARROW.format(x=right, y=top + 3) if span.ongoing else Markup("")
    return bars + arrow + _label(span, left, right, top + 10.5)


def _segments(
    span: PrintedSpan, scale: _TimeScale, left: float, right: float
) -> list[tuple[float, float, bool]]:
    """Return start, end and vagueness of the pieces of a bar; an approximate end is vague."""
    if not span.approximate:
        return [(left, right, False)]
    known_from, known_to = _certain_period(span)
    start, end = scale.x(known_from), right if span.ongoing else scale.x(known_to)
    if start >= end:
        return [(left, right, True)]
    return [(left, start, True), (start, end, False), (end, right, True)]


def _certain_period(span: PrintedSpan) -> tuple[date, date]:
    """Return the days that a span covers for certain.

    The API gives the outer days only: an approximate bound on 1 January or 31 December means a year,
    one on the first or last day of a month means a month.
    """
    start, end = span.earliest, span.latest
    if start.day == 1:
        last = (12, 31) if start.month == 1 else _last_of_month(start)
        start = _day_after(date(start.year, *last))
    if (end.month, end.day) == _last_of_month(end):
        end = date(end.year, 1 if end.month == 12 else end.month, 1)
    return start, end


def _last_of_month(day: date) -> tuple[int, int]:
    return day.month, calendar.monthrange(day.year, day.month)[1]


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _label(span: PrintedSpan, left: float, right: float, y: float) -> Markup:
    """Return the label, after the bar where there is room, otherwise before it."""
    headline = typeset(span.to.headline.replace("\n", " "))
    gap = 11 if span.ongoing else 5
    before, after = left - LEFT - 5, RIGHT - right - gap
    code = text_width(span.to.code) * BOLD + text_width(" ")
    follows = after >= code + min(text_width(headline), LONGEST_LABEL) or after >= before
    room = min((after if follows else before) - code, LONGEST_LABEL)
    return _LABEL.format(
        side="after" if follows else "before",
        x=right + gap if follows else left - 5,
        y=y,
        code=span.to.code,
        text=truncate(headline, room),
    )
