"""A logo: a small SVG or PNG that looks the same everywhere, loads nothing and runs nothing.

It travels inside every dossier, as a data: URI. A file that is not known to be harmless is refused.
"""

import base64
import math
import struct
import zlib
from dataclasses import dataclass

from print_site.branding.svg import read_svg_size
from print_site.errors import PrintError, Reason

LARGEST_LOGO_BYTES = 200 * 1024
MOST_PIXELS = 4_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_NARROWEST, _WIDEST = 0.2, 12.0
# In CSS pixels: logos of all shapes get the same area, within these bounds.
_AREA, _MOST_HEIGHT, _MOST_WIDTH = 8_000.0, 88.0, 280.0


@dataclass(frozen=True, slots=True)
class Logo:
    """The image as a data: URI, and the size at which the cover shows it, in CSS pixels."""

    uri: str
    width: int
    height: int


def read_logo(content: bytes) -> Logo:
    """Check the content of a logo file. Raises PrintError with Reason.BAD_BRANDING and the cause."""
    if content.startswith(_PNG):
        kind, (width, height) = "png", _size_of_png(content)
    else:
        try:
            kind, (width, height) = "svg+xml", read_svg_size(content)
        except ValueError as why:
            raise logo_error(str(why)) from None
    ratio = width / height
    if not _NARROWEST <= ratio <= _WIDEST:
        raise logo_error("il est trop étroit ou trop allongé pour la couverture.")
    uri = f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
    shown = min(_MOST_HEIGHT, math.sqrt(_AREA / ratio), _MOST_WIDTH / ratio)
    return Logo(uri, round(shown * ratio), round(shown))


def logo_error(why: str) -> PrintError:
    """Return the error of a refused logo. `why` is the end of a French sentence."""
    return PrintError(Reason.BAD_BRANDING, f"Le logo est refusé : {why}")


def _size_of_png(content: bytes) -> tuple[float, float]:
    """Return width and height of a PNG whose chunks all match their checksums."""
    at, names, pixels = len(_PNG), list[bytes](), zlib.decompressobj()
    width = height = 0
    try:
        while not names or names[-1] != b"IEND":
            (length,) = struct.unpack_from(">I", content, at)
            name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
            (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
            if zlib.crc32(name + data) != checksum:
                raise ValueError(name)
            if not names:
                width, height = struct.unpack_from(">II", data)
            if name == b"IDAT" and width * height <= MOST_PIXELS:
                pixels.decompress(data, 16 * MOST_PIXELS)
            names.append(name)
            at += 12 + length
    except (struct.error, ValueError, zlib.error):
        raise logo_error("ce fichier PNG est abîmé.") from None
    if width * height > MOST_PIXELS:
        raise logo_error("il a trop de pixels : 4 millions au plus.")
    whole = names[0] == b"IHDR" and b"IDAT" in names and pixels.eof and at == len(content)
    if not whole or not width * height:
        raise logo_error("ce fichier PNG est abîmé.")
    if b"acTL" in names:
        raise logo_error("il est animé : donnez une image fixe.")
    return float(width), float(height)
