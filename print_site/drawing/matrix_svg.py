"""The competence matrix as SVG: competences down, the entries that support them across.

Codes stand upright over narrow columns, so that the whole career of most people fits a page. The
table beside it holds the links.
"""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from print_site.dossier.panorama import Matrix, MatrixGroup, MatrixRow
from print_site.dossier.references import Reference
from print_site.dossier.text import typeset
from print_site.drawing.letter_widths import truncate
from print_site.drawing.pieces import split_evenly

WIDTH = 660.0
NAMES = 290.0
ROW = 15.0
HEAD = 38.0
WIDEST_COLUMN = 18.0
MOST_COLUMNS = 34

_SVG = Markup(
    '<svg class="matrix" role="img" viewBox="0 0 {width:g} {height:g}"'
    ' aria-labelledby="matrice-{number} matrice-texte-{number}">'
    '<title id="matrice-{number}">{title}</title><desc id="matrice-texte-{number}">{text}</desc>'
    "{columns}{rows}</svg>"
)
_COLUMN = Markup(
    '<line class="grid" x1="{x:.1f}" y1="{top:g}" x2="{x:.1f}" y2="{bottom:g}"/>'
    '<text class="column {part}" transform="translate({text:.1f} {base:g}) rotate(-90)">{code}</text>'
)
_KIND = Markup('<text class="kind" x="0" y="{y:g}">{label}</text>')
_NAME = Markup(
    '<line class="grid" x1="0" y1="{line:g}" x2="{right:.1f}" y2="{line:g}"/>'
    '<text x="0" y="{y:g}"><tspan class="row-code">{code}</tspan></text>'
    '<text x="34" y="{y:g}">{text}</text>'
)
_MARKS = {
    "ACQUIRED": Markup('<circle class="acquired" cx="{x:.1f}" cy="{y:g}" r="4"/>'),
    "USED": Markup('<circle class="used" cx="{x:.1f}" cy="{y:g}" r="3.3"/>'),
}


def draw_matrix(matrix: Matrix) -> tuple[Markup, ...]:
    """One drawing, or several side by side in time when there are more columns than a page takes.

    None for a matrix without marks, and for one too large to be looked at.
    """
    if not matrix.columns or matrix.is_too_large:
        return ()
    pieces = split_evenly(range(len(matrix.columns)), MOST_COLUMNS)
    return tuple(
        _draw_piece(
            matrix, places, f" ({number} sur {len(pieces)})" if len(pieces) > 1 else "", number
        )
        for number, places in enumerate(pieces, start=1)
    )


def _draw_piece(matrix: Matrix, places: Sequence[int], rank: str, number: int) -> Markup:
    step = min(WIDEST_COLUMN, (WIDTH - NAMES) / len(places))
    right = NAMES + step * len(places)
    rows = list(_rows(matrix.groups, step, right, places))
    height = HEAD + ROW * sum(1 + len(group.rows) for group in matrix.groups) + 2
    return _SVG.format(
        width=WIDTH,
        height=height,
        number=number,
        title=f"Compétences et appuis{rank}",
        text=(
            f"{sum(len(group.rows) for group in matrix.groups)} compétences en lignes,"
            f" {len(places)} éléments du livret en colonnes. Un disque marque une compétence acquise,"
            " un cercle une compétence mise en œuvre. Le tableau qui suit dit la même chose."
        ),
        columns=Markup("").join(
            _column(matrix.columns[place], NAMES + step * rank, step, height)
            for rank, place in enumerate(places)
        ),
        rows=Markup("").join(rows),
    )


def _column(column: Reference, left: float, step: float, height: float) -> Markup:
    return _COLUMN.format(
        x=left,
        text=left + step / 2 + 3.4,
        top=HEAD,
        bottom=height - 2,
        base=HEAD - 4,
        part=column.part,
        code=column.code,
    )


def _rows(
    groups: Iterable[MatrixGroup], step: float, right: float, places: Sequence[int]
) -> Iterator[Markup]:
    top = HEAD
    for group in groups:
        yield _KIND.format(y=top + 11, label=group.label)
        top += ROW
        for row in group.rows:
            yield _row(row, top, step, right, places)
            top += ROW


def _row(row: MatrixRow, top: float, step: float, right: float, places: Sequence[int]) -> Markup:
    headline = typeset(row.to.headline.replace("\n", " "))
    name = _NAME.format(
        line=top,
        right=right,
        y=top + 11,
        code=row.to.code,
        text=truncate(headline, NAMES - 40),
    )
    marks = (
        _MARKS[relation].format(x=NAMES + step * (place - places[0] + 0.5), y=top + ROW / 2)
        for place, relation in row.marks
        if place in places and relation in _MARKS
    )
    return name + Markup("").join(marks)
