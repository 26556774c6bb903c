"""The panorama as the Typst template reads it: figures, bars as fractions of a width, the matrix."""

from collections.abc import Sequence
from typing import Any

from print_site.dossier.model import PrintedDossier
from print_site.dossier.panorama import (
    CompetenceRow,
    PrintedColumn,
    PrintedMatrix,
    PrintedPanorama,
    PrintedSpan,
)
from print_site.dossier.text import french_number, typeset_line
from print_site.drawing.letter_widths import text_width, truncate
from print_site.drawing.matrix_svg import pieces_of
from print_site.drawing.time_scale import LEFT, RIGHT, TimeScale, bar_segments
from print_site.drawing.timeline_svg import BOLD, LANES, described
from print_site.pdf.paper_text import one_line, reference_row, reference_rows

# The room of a name before all bars, and the width of bars, at size 10: a name ends where its bar begins.
_NAMES = 245.0
_BARS = 440.0


def panorama_view(dossier: PrintedDossier) -> dict[str, Any]:
    """Return the panorama of a dossier that shows one."""
    panorama = dossier.panorama
    return {
        "last_update": panorama.last_update,
        "figures": [[figure.label, one_line(figure.text)] for figure in panorama.figures],
        "current_posts": [
            [reference_row(post.to), one_line(post.when)] for post in panorama.current_posts
        ],
        "timeline": _timeline(dossier),
        "matrix": _matrix(panorama.matrix),
        **_follow_up(panorama),
    }  # fmt: skip


def _timeline(dossier: PrintedDossier) -> dict[str, Any] | None:
    """Return the years and, for each part, the bars of its entries, as fractions of the width."""
    spans = dossier.panorama.timeline
    if not spans:
        return None
    scale = TimeScale(spans, dossier.day)
    lanes = [
        _lane(held, label, scale)
        for part, label in LANES
        if (held := [span for span in spans if span.part == part])
    ]
    first_day = dossier.day.replace(month=1, day=1)
    years = [[year, _place(scale.x(first_day.replace(year=year)))] for year in scale.years()]
    today = None if scale.today is None else _place(scale.today)
    return {"years": years, "lanes": lanes, "today": today}


def _lane(spans: Sequence[PrintedSpan], label: str, scale: TimeScale) -> dict[str, Any]:
    return {
        "label": label,
        "colour": spans[0].part.lower(),
        "rows": [_bar(span, scale) for span in spans],
        "alt": described(spans),
    }


def _bar(span: PrintedSpan, scale: TimeScale) -> list[Any]:
    segments = [
        [_place(start), _place(end - start + LEFT), vague]
        for start, end, vague in bar_segments(span, scale)
    ]
    room = _NAMES + segments[0][0] * _BARS - BOLD * text_width(span.to.code)
    short = one_line(truncate(typeset_line(span.to.headline), room))
    return [{**reference_row(span.to), "short": short}, segments, span.ongoing]


def _place(x: float) -> float:
    return round((x - LEFT) / (RIGHT - LEFT), 5)


def _matrix(matrix: PrintedMatrix) -> dict[str, Any]:
    columns = matrix.columns if matrix.is_drawn else ()
    return {
        "too_large": bool(matrix.columns) and matrix.is_too_large,
        "columns": reference_rows(column.to for column in columns),
        "pieces": [
            {
                "columns": reference_rows(column.to for column in piece),
                "groups": [
                    [
                        one_line(group.label),
                        [[reference_row(row.to), _marks(row, piece)] for row in group.rows],
                    ]
                    for group in matrix.groups
                ],
            }
            for piece in pieces_of(matrix)
        ],
    }


def _marks(row: CompetenceRow, columns: Sequence[PrintedColumn]) -> list[str]:
    relations = {cell.column: cell.relation for cell in row.cells}
    return [relations.get(column.to, "") for column in columns]


def _follow_up(panorama: PrintedPanorama) -> dict[str, Any]:
    training = panorama.training
    return {
        "training": {
            "periods": [one_line(period) for period in training.periods],
            "rows": [
                [one_line(row.label), [_days(days) for days in row.days], french_number(row.total)]
                for row in training.rows
            ],
            "totals": [french_number(days) for days in training.totals],
            "total": french_number(training.total),
        }
        if training.rows
        else None,
        "validity": [
            [reference_row(item.to), one_line(item.until or item.label)] for item in panorama.valid
        ],
    }  # fmt: skip


def _days(days: float) -> str:
    return french_number(days) if days else "–"
