"""The timeline as SVG: one lane per part of the booklet, one row per entry, oldest first.

The end of a bar is lighter where its date is approximate. The SVG has no styles and no links: the
style sheet colours its classes, and the table beside it holds the links.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from print_site.dossier.panorama import PrintedSpan
from print_site.dossier.references import part_anchor
from print_site.dossier.text import typeset_line
from print_site.drawing.letter_widths import text_width, truncate
from print_site.drawing.pieces import split_evenly
from print_site.drawing.time_scale import LEFT, RIGHT, TimeScale, bar_ends, bar_segments

WIDTH = 660.0
ROW = 13.0
TOP = 22.0
ROWS_IN_A_PIECE = 30
YEAR_LABEL = 26.0
BOLD = 1.1
SHORTEST_LABEL = 90.0
LANES = (
    ("EXPERIENCES", "Expériences"),
    ("FORMATIONS", "Formations"),
    ("COMPETENCES", "Acquis reconnus"),
)


@dataclass(frozen=True)
class Lane:
    """The drawings of one part, one for each page that it needs."""

    label: str
    pieces: tuple[Markup, ...]


def draw_timeline(spans: tuple[PrintedSpan, ...], as_of: date) -> tuple[Lane, ...]:
    """Draw a lane for each part that has dated entries, all to the same scale."""
    return tuple(_draw_lanes(spans, TimeScale(spans, as_of))) if spans else ()


def _draw_lanes(spans: tuple[PrintedSpan, ...], scale: TimeScale) -> Iterator[Lane]:
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


def _draw_piece(spans: Sequence[PrintedSpan], scale: TimeScale, anchor: str, title: str) -> Markup:
    tops, bottom = [], TOP
    for span in spans:
        tops.append(bottom)
        bottom += ROW * (2 if _is_labelled_above(span, scale) else 1)
    height = bottom + 4
    axis = _axis({year: scale.x(date(year, 1, 1)) for year in scale.years()}, height)
    rows = "".join(_row(span, scale, top) for span, top in zip(spans, tops, strict=True))
    return Markup(  # noqa: S704, texts are escaped
        f'<svg class="timeline {part_anchor(spans[0].part)}" role="img"'
        f' viewBox="0 0 {WIDTH:g} {height:g}" aria-labelledby="{anchor} {anchor}-texte">'
        f'<title id="{anchor}">Frise chronologique : {escape(title)}</title>'
        f'<desc id="{anchor}-texte">{described(spans)} Le tableau qui suit dit la même chose.</desc>'
        f"{axis}{rows}{_today(scale, height)}</svg>"
    )


def described(spans: Sequence[PrintedSpan]) -> str:
    """Return what a drawing of these spans shows, as a sentence in French."""
    return (
        f"{len(spans)} {'élément daté' if len(spans) == 1 else 'éléments datés'}, du plus ancien"
        f" au plus récent, de {spans[0].earliest.year} à"
        f" {max(span.latest for span in spans).year}."
    )


def _axis(years: dict[int, float], bottom: float) -> str:
    """Return the lines of the years, as one path, and their labels."""
    lines = "".join(f"M{x:.1f} 18V{bottom:g}" for x in years.values())
    return f'<path class="year" d="{lines}"/>' + "".join(
        f'<text class="year-label" x="{_centre(x):.1f}" y="12">{year}</text>'
        for year, x in years.items()
    )


def _today(scale: TimeScale, bottom: float) -> str:
    """Return the line of the dossier's day, if the scale has it."""
    x = scale.today
    return "" if x is None else f'<path class="today" d="M{x:.1f} 18V{bottom:g}"/>'


def _centre(x: float) -> float:
    # A label is centred on its line, except at the margins, which would cut it.
    return min(max(x, YEAR_LABEL / 2), WIDTH - YEAR_LABEL / 2)


def _is_labelled_above(span: PrintedSpan, scale: TimeScale) -> bool:
    """Whether the bar leaves no room beside it, as that of a whole career with one employer."""
    left, right = bar_ends(span, scale)
    return max(left - LEFT, RIGHT - right) < SHORTEST_LABEL


def _row(span: PrintedSpan, scale: TimeScale, top: float) -> str:
    left, right = bar_ends(span, scale)
    label = ""
    if _is_labelled_above(span, scale):
        room = RIGHT - left - text_width(span.to.code) * BOLD
        label = _text("after", left, top + 10.5, span, room)
        top += ROW
    bars = "".join(
        f'<rect class="{"span vague" if vague else "span"}" x="{start:.1f}" y="{top + 3:.1f}"'
        f' width="{end - start:.1f}" height="8"/>'
        for start, end, vague in bar_segments(span, scale)
    )
    if span.ongoing:
        bars += f'<path class="span" d="M{right:.1f} {top + 3:.1f}l6 4l-6 4z"/>'
    return bars + (label or _label(span, left, right, top + 10.5))


def _label(span: PrintedSpan, left: float, right: float, y: float) -> str:
    """Return the label, after the bar where there is room, otherwise before it."""
    gap = 11 if span.ongoing else 5
    before, after = left - LEFT - 5, RIGHT - right - gap
    code = text_width(span.to.code) * BOLD + text_width(" ")
    headline = text_width(typeset_line(span.to.headline))
    follows = after >= code + headline or after >= before
    room = (after if follows else before) - code
    if follows:
        return _text("after", right + gap, y, span, room)
    return _text("before", left - 5, y, span, room)


def _text(side: str, x: float, y: float, span: PrintedSpan, room: float) -> str:
    return (
        f'<text class="{side}" x="{x:.1f}" y="{y:.1f}">'
        f'<tspan class="row-code">{escape(span.to.code)}</tspan>'
        f" {escape(truncate(typeset_line(span.to.headline), room))}</text>"
    )
