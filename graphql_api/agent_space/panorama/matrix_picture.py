"""The matrix of competences as a picture: a mark where an entry supports a competence.

Columns are numbered, and a list beside the picture says which entry a number is. A picture holds as
many columns as a telephone shows; more make several pictures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

MOST_COLUMNS = 12
# Rows of a picture, and rows and columns together of the pictures that a page holds.
MOST_ROWS, MOST_LINES = 20, 44
_COLUMN_BYTES, _ROW_BYTES, _MARK_BYTES = 260, 190, 50
ACQUIRED = "ACQUIRED"


@dataclass(frozen=True, slots=True)
class Column:
    """An entry that supports competences; `x` is the middle of its column, in hundredths."""

    number: int
    x: float
    path: str
    headline: str
    when: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry supports a competence: acquired there, or used there."""

    x: float
    is_acquired: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A competence and its marks; `path` leads to its ties."""

    path: str
    headline: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MatrixPicture:
    """Some columns, and the competences that have a mark in them."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def weight(self) -> int:
        """About how many bytes it takes in a page."""
        columns = sum(_COLUMN_BYTES + len(one.headline) for one in self.columns)
        rows = sum(
            _ROW_BYTES + len(one.headline) + _MARK_BYTES * len(one.marks) for one in self.rows
        )
        return columns + rows


def draw_matrix(
    matrix: Mapping[str, Any], paths: Mapping[str, str], ties: Mapping[str, str]
) -> tuple[MatrixPicture, ...]:
    """The pictures of the panorama's matrix. `paths` are by entry, `ties` by competence."""
    columns = matrix["columns"]
    pieces = -(-len(columns) // MOST_COLUMNS)
    bounds = [len(columns) * piece // pieces for piece in range(pieces + 1)] if pieces else [0]
    return tuple(
        _picture(matrix, columns[first:after], first, paths, ties)
        for first, after in pairwise(bounds)
    )


def sheets_of(pictures: Iterable[MatrixPicture]) -> list[tuple[MatrixPicture, ...]]:
    """The pictures as pages show them: as many as have `MOST_LINES` together, a long one cut."""
    sheets: list[tuple[MatrixPicture, ...]] = []
    for picture in pictures:
        for first in range(0, len(picture.rows), MOST_ROWS):
            piece = replace(picture, rows=picture.rows[first : first + MOST_ROWS])
            before = sheets[-1] if sheets else ()
            lines = sum(len(one.rows) + len(one.columns) for one in (*before, piece))
            if before and lines <= MOST_LINES:
                sheets[-1] = (*before, piece)
            else:
                sheets.append((piece,))
    return sheets


def _picture(
    matrix: Mapping[str, Any],
    columns: list[Any],
    before: int,
    paths: Mapping[str, str],
    ties: Mapping[str, str],
) -> MatrixPicture:
    middles = {
        column["entry"]: round(100 * (place + 0.5) / len(columns), 1)
        for place, column in enumerate(columns)
    }
    rows = [
        Row(
            ties[row["competence"]],
            row["headline"],
            tuple(
                Mark(middles[cell["entry"]], cell["relation"] == ACQUIRED)
                for cell in row["cells"]
                if cell["entry"] in middles
            ),
        )
        for row in matrix["rows"]
    ]
    return MatrixPicture(
        tuple(
            Column(
                before + place,
                middles[column["entry"]],
                paths[column["entry"]],
                column["headline"],
                column["node"]["when"],
            )
            for place, column in enumerate(columns, start=1)
        ),
        tuple(row for row in rows if row.marks),
    )
