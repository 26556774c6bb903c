"""The timeline as SVG: one lane per part of the booklet, one row per entry, oldest first.

The end of a bar is lighter where its date is approximate. The SVG has no styles and no links: the
style sheet colours its classes, and the table beside it holds the links.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

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
LONGEST_LABEL = 340.0
SHORTEST_LABEL = 90.0
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
    return _SVG.format(
        kind=part_anchor(spans[0].part),
        width=WIDTH,
        height=height,
        id=anchor,
        title=f"Frise chronologique : {title}",
        text=f"{described(spans)} Le tableau qui suit dit la même chose.",
        axis=Markup("").join(
            _year(year, scale.x(date(year, 1, 1)), height) for year in scale.years()
        ),
        rows=Markup("").join(_row(span, scale, top) for span, top in zip(spans, tops, strict=True)),
    )


def described(spans: Sequence[PrintedSpan]) -> str:
    """Return what a drawing of these spans shows, as a sentence in French."""
    return (
        f"{len(spans)} {'élément daté' if len(spans) == 1 else 'éléments datés'}, du plus ancien"
        f" au plus récent, de {spans[0].earliest.year} à"
        f" {max(span.latest for span in spans).year}."
    )


def _year(year: int, x: float, bottom: float) -> Markup:
    # A label is centred on its line, except at the margins, which would cut it.
    label = min(max(x, YEAR_LABEL / 2), WIDTH - YEAR_LABEL / 2)
    return _YEAR.format(x=x, bottom=bottom, label=label, year=year)


def _is_labelled_above(span: PrintedSpan, scale: TimeScale) -> bool:
    """Whether the bar leaves no room beside it, as that of a whole career with one employer."""
    left, right = bar_ends(span, scale)
    return max(left - LEFT, RIGHT - right) < SHORTEST_LABEL


def _row(span: PrintedSpan, scale: TimeScale, top: float) -> Markup:
    left, right = bar_ends(span, scale)
    above = Markup("")
    if _is_labelled_above(span, scale):
        text = truncate(
            typeset_line(span.to.headline), RIGHT - left - text_width(span.to.code) * BOLD
        )
        above = _LABEL.format(side="after", x=left, y=top + 10.5, code=span.to.code, text=text)
        top += ROW
    bars = Markup("").join(
        _BAR.format(kind="span vague" if vague else "span", x=start, y=top + 3, width=end - start)
        for start, end, vague in bar_segments(span, scale)
    )
    arrow = _ARROW.format(x=right, y=top + 3) if span.ongoing else Markup("")
    return bars + arrow + (above or _label(span, left, right, top + 10.5))


def _label(span: PrintedSpan, left: float, right: float, y: float) -> Markup:
    """Return the label, after the bar where there is room, otherwise before it."""
    headline = typeset_line(span.to.headline)
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
