"""Brandings for tests: a file and a logo in a folder, and the example of the documentation."""

import struct
import zlib
from pathlib import Path

from print_site.branding.branding import Branding, read_branding

EXAMPLE = Path(__file__).parents[2] / "print_site" / "preview" / "example" / "branding.toml"
DRAWING = '<path d="M0 0h40v10H0z" fill="#7a1f3d"/>'


def example() -> Branding:
    """Return the branding of the documentation: a wide SVG and every colour."""
    return read_branding(EXAMPLE)


def svg(inside: str = DRAWING, attributes: str = 'viewBox="0 0 40 10"', before: str = "") -> bytes:
    """Return an SVG around these shapes."""
    namespaces = (
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
    )
    return f"{before}<svg {namespaces} {attributes}>{inside}</svg>".encode()


def png(width: int = 20, height: int = 50, *more: bytes) -> bytes:
    """Return a half transparent PNG of one colour, with more chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = (b"\0" + b"\x0b\x5c\x70\x80" * width) * height
    chunks = (
        chunk(b"IHDR", header),
        *more,
        chunk(b"IDAT", zlib.compress(rows)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def written(folder: Path, text: str, logo: bytes | None = None) -> Path:
    """Write a branding file, with `logo.svg` or `logo.png` beside it, and return its path."""
    if logo is not None:
        name = "logo.png" if logo.startswith(b"\x89PNG") else "logo.svg"
        (folder / name).write_bytes(logo)
        text = f'logo = "{name}"\n{text}'
    file = folder / "branding.toml"
    file.write_text(text, encoding="utf-8")
    return file
