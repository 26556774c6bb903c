"""The competence matrix as SVG: competences in rows, the entries that support them in columns.

Codes stand upright over narrow columns, so that the whole career of most people fits a page. The
table beside it holds the links.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from print_site.dossier.panorama import (
    CompetenceGroup,
    CompetenceRow,
    PrintedColumn,
    PrintedMatrix,
)
from print_site.dossier.references import Reference
from print_site.dossier.text import typeset_line
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


def pieces_of(matrix: PrintedMatrix) -> list[Sequence[PrintedColumn]]:
    """Return the columns of each piece; none when the matrix is not drawn."""
    return split_evenly(matrix.columns, MOST_COLUMNS) if matrix.is_drawn else []


def draw_matrix(matrix: PrintedMatrix) -> tuple[Markup, ...]:
    """Draw the matrix, in several pieces when a page is too narrow for its columns.

    The result is empty for a matrix without marks, and for one that is too large to read.
    """
    pieces = pieces_of(matrix)
    return tuple(
        _draw_piece(
            matrix, columns, f" ({number} sur {len(pieces)})" if len(pieces) > 1 else "", number
        )
        for number, columns in enumerate(pieces, start=1)
    )


def _draw_piece(
    matrix: PrintedMatrix, columns: Sequence[PrintedColumn], rank: str, number: int
) -> Markup:
    step = min(WIDEST_COLUMN, (WIDTH - NAMES) / len(columns))
    lefts = {column.to: NAMES + step * place for place, column in enumerate(columns)}
    height = HEAD + ROW * (len(matrix.groups) + len(matrix.rows)) + 2
    return _SVG.format(
        width=WIDTH,
        height=height,
        number=number,
        title=f"Compétences et appuis{rank}",
        text=(
            f"{len(matrix.rows)} compétences en lignes,"
            f" {len(columns)} éléments du livret en colonnes. Un disque marque une compétence acquise,"
            " un cercle une compétence mise en œuvre. Le tableau qui suit dit la même chose."
        ),
        columns=Markup("").join(
            _column(entry, left, step, height) for entry, left in lefts.items()
        ),
        rows=Markup("").join(_rows(matrix.groups, step, lefts)),
    )


def _column(entry: Reference, left: float, step: float, height: float) -> Markup:
    return _COLUMN.format(
        x=left,
        text=left + step / 2 + 3.4,
        top=HEAD,
        bottom=height - 2,
        base=HEAD - 4,
        part=entry.part,
        code=entry.code,
    )


def _rows(
    groups: Iterable[CompetenceGroup], step: float, lefts: Mapping[Reference, float]
) -> Iterator[Markup]:
    top = HEAD
    for group in groups:
        yield _KIND.format(y=top + 11, label=group.label)
        top += ROW
        for row in group.rows:
            yield _row(row, top, step, lefts)
            top += ROW


def _row(row: CompetenceRow, top: float, step: float, lefts: Mapping[Reference, float]) -> Markup:
    name = _NAME.format(
        line=top,
        right=NAMES + step * len(lefts),
        y=top + 11,
        code=row.to.code,
        text=truncate(typeset_line(row.to.headline), NAMES - 40),
    )
    marks = (
        _MARKS[cell.relation].format(x=lefts[cell.column] + step / 2, y=top + ROW / 2)
        for cell in sorted(row.cells, key=lambda cell: lefts.get(cell.column, 0))
        if cell.column in lefts and cell.relation in _MARKS
    )
    return name + Markup("").join(marks)
