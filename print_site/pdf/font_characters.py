"""Which characters the fonts of a folder draw."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from print_site.errors import PrintError
from print_site.pdf.fonts import bad_fonts_error, font_files


@cache
def characters_of(folder: Path) -> frozenset[int]:
    """Return the characters that the fonts of a folder draw. Raises PrintError."""
    faces = (face for file in font_files(folder) for face in faces_of_file(file))
    return frozenset().union(*faces)


def ranges_of(characters: Iterable[int]) -> list[str]:
    """Return characters as ranges in hexadecimal, as the service reads them: `0020-007E`."""
    drawn = sorted(code for code in characters if code >= 0x20)
    runs = groupby(enumerate(drawn), lambda held: held[1] - held[0])
    held = ([code for _, code in run] for _, run in runs)
    return [f"{run[0]:04X}-{run[-1]:04X}" for run in held]


def faces_of_file(file: Path) -> list[frozenset[int]]:
    """Return the characters that each font of a file draws. Raises PrintError."""
    try:
        with _opened(file) as fonts:
            return [frozenset(font.getBestCmap() or ()) for font in fonts]
    except PrintError:  # the time of the job is over: the file is not to blame
        raise
    except Exception:  # noqa: BLE001, fontTools raises all kinds for a damaged file
        raise bad_fonts_error(f"« {file.name} » n’est pas lisible.") from None


@contextmanager
def _opened(file: Path) -> Iterator[list[TTFont]]:
    with file.open("rb") as content:
        if file.suffix.lower().endswith("c"):
            yield TTCollection(content, lazy=True).fonts
        else:
            yield [TTFont(content, lazy=True)]
