"""QR codes of addresses, as SVG within a page: a telephone's camera opens what it shows.

Black on white in every theme, since readers need the contrast; the name says what it leads to, and
the address stands beside it as text.
"""

from collections.abc import Iterable
from itertools import groupby

import segno
from markupsafe import Markup

QUIET_ZONE = 4
_SVG = Markup(
    '<svg class="qr" role="img" viewBox="0 0 {size} {size}" aria-label="{name}">'
    '<rect width="{size}" height="{size}" fill="#fff"/>'
    '<path d="{path}" fill="#000" shape-rendering="crispEdges"/></svg>'
)


def qr_code(address: str, name: str) -> Markup:
    """The QR code of an address (ISO/IEC 18004, error correction level M) with its accessible name."""
    rows = list(segno.make_qr(address, error="m", boost_error=False).matrix_iter(border=QUIET_ZONE))
    path = "".join(_row(y, row) for y, row in enumerate(rows))
    return _SVG.format(size=len(rows), name=name, path=Markup(path))  # noqa: S704 - of numbers only


def _row(y: int, modules: Iterable[int]) -> str:
    """A row of modules as a path: a rectangle for each dark run."""
    written, x = [], 0
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark:
            written.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(written)
