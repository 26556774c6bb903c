"""The competence matrix as SVG: competences in rows, the entries that support them in columns.

Codes stand upright over narrow columns, so that the whole career of most people fits a page. The
table beside it holds the links.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup, escape

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

# The radius of a mark: a disc for a competence that was acquired, a circle for one that is used.
_MARKS = {"ACQUIRED": ("acquired", 4), "USED": ("used", 3.3)}


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
    text = (
        f"{len(matrix.rows)} compétences en lignes,"
        f" {len(columns)} éléments du livret en colonnes. Un disque marque une compétence acquise,"
        " un cercle une compétence mise en œuvre. Le tableau qui suit dit la même chose."
    )
    grid = "".join(f"M{left:.1f} {HEAD:g}V{height - 2:g}" for left in lefts.values())
    heads = "".join(_head(entry, left + step / 2) for entry, left in lefts.items())
    rows = "".join(_rows(matrix.groups, step, lefts))
    return Markup(  # noqa: S704, texts are escaped
        f'<svg class="matrix" role="img" viewBox="0 0 {WIDTH:g} {height:g}"'
        f' aria-labelledby="matrice-{number} matrice-texte-{number}">'
        f'<title id="matrice-{number}">Compétences et appuis{rank}</title>'
        f'<desc id="matrice-texte-{number}">{text}</desc>'
        f'<path class="grid" d="{grid}"/>{heads}{rows}</svg>'
    )


def _head(entry: Reference, centre: float) -> str:
    return (
        f'<text class="column {escape(entry.part)}"'
        f' transform="translate({centre + 3.4:.1f} {HEAD - 4:g}) rotate(-90)">'
        f"{escape(entry.code)}</text>"
    )


def _rows(
    groups: Iterable[CompetenceGroup], step: float, lefts: Mapping[Reference, float]
) -> Iterator[str]:
    top = HEAD
    for group in groups:
        label = truncate(typeset_line(group.label), NAMES - 12)
        yield f'<text class="kind" x="0" y="{top + 11:g}">{escape(label)}</text>'
        top += ROW
        for row in group.rows:
            yield _row(row, top, step, lefts)
            top += ROW


def _row(row: CompetenceRow, top: float, step: float, lefts: Mapping[Reference, float]) -> str:
    headline = truncate(typeset_line(row.to.headline), NAMES - 40)
    marks = "".join(
        _mark(cell.relation, lefts[cell.column] + step / 2, top + ROW / 2)
        for cell in sorted(row.cells, key=lambda cell: lefts.get(cell.column, 0))
        if cell.column in lefts and cell.relation in _MARKS
    )
    return (
        f'<path class="grid" d="M0 {top:g}H{NAMES + step * len(lefts):.1f}"/>'
        f'<text x="0" y="{top + 11:g}"><tspan class="row-code">{escape(row.to.code)}</tspan></text>'
        f'<text x="34" y="{top + 11:g}">{escape(headline)}</text>{marks}'
    )


def _mark(relation: str, x: float, y: float) -> str:
    kind, radius = _MARKS[relation]
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:g}" r="{radius:g}"/>'
