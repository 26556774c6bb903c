"""The fingerprint as a QR code: an SVG of one path, with an accessible name."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import segno
from markupsafe import Markup

PREFIX = "sha256:"
QUIET_ZONE = 4
# Readers accept all eight masks. Choosing the best takes a sixth of the time of a page, and results in
# this one for three fingerprints in four.
MASK = 2

_SVG = Markup(
    '<svg class="qr" role="img" viewBox="0 0 {size} {size}" aria-labelledby="qr-empreinte">'
    '<title id="qr-empreinte">Code QR de l’empreinte du dossier, imprimée à côté</title>'
    '<rect class="qr-ground" width="{size}" height="{size}" fill="#fff"/>'
    '<path d="{path}" stroke="#000" shape-rendering="crispEdges"/></svg>'
)


def qr_code(digest: str) -> Markup:
    """Return the QR code of `sha256:` and the fingerprint, at error correction level M."""
    rows = _matrix(digest)
    return _SVG.format(size=len(rows), path="".join(_row(y, row) for y, row in enumerate(rows)))


def qr_rows(digest: str) -> list[list[tuple[int, int]]]:
    """Return the same code as rows of dark runs: start and width, in modules."""
    return [list(_dark_runs(row)) for row in _matrix(digest)]


def _matrix(digest: str) -> list[bytes]:
    """Return the modules by rows, with the quiet zone around them."""
    code = segno.make_qr(f"{PREFIX}{digest}", error="m", mode="byte", boost_error=False, mask=MASK)
    beside = bytes(QUIET_ZONE)
    rows = [beside + bytes(row) + beside for row in code.matrix]
    above = [bytes(len(rows[0]))] * QUIET_ZONE
    return above + rows + above


def _dark_runs(modules: Iterable[int]) -> Iterator[tuple[int, int]]:
    x = 0
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark:
            yield x, width
        x += width


def _row(y: int, modules: Iterable[int]) -> str:
    """Return one row of modules as a path: a line of one module's height for each dark run."""
    return "".join(f"M{x} {y}.5h{width}" for x, width in _dark_runs(modules))
