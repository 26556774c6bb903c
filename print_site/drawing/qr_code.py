"""The fingerprint as a QR code: an SVG of one path, with an accessible name."""

from collections.abc import Iterable
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
    '<path d="{path}" fill="#000" shape-rendering="crispEdges"/></svg>'
)


def qr_code(digest: str) -> Markup:
    """Return the QR code of `sha256:` and the fingerprint, at error correction level M."""
    code = segno.make_qr(f"{PREFIX}{digest}", error="m", mode="byte", boost_error=False, mask=MASK)
    rows = list(code.matrix_iter(border=QUIET_ZONE))
    return _SVG.format(size=len(rows), path="".join(_row(y, row) for y, row in enumerate(rows)))


def _row(y: int, modules: Iterable[int]) -> str:
    """Return one row of modules as a path: a rectangle for each dark run."""
    x, path = 0, ""
    for dark, run in groupby(modules):
        width = len(list(run))
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path
