"""The fonts of PDFs: those of the theme, and those of a folder that a service may add.

The folder is for scripts that few booklets hold and that weigh megabytes: Chinese, Thai, Devanagari,
emoji. It is that of the process and of those that it starts: the variable LIVRET_FONTS, or `--fonts`.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from print_site.errors import PrintError, Reason
from print_site.settings import PDF_FONTS

VARIABLE = "LIVRET_FONTS"
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})


def use_fonts(folder: Path) -> None:
    """Use the fonts of a folder too, in this process and in those that it starts."""
    os.environ[VARIABLE] = str(folder.absolute())


def font_folders() -> tuple[Path, ...]:
    """Return the folders of fonts: that of the theme first."""
    more = os.environ.get(VARIABLE, "")
    return (PDF_FONTS, Path(more)) if more else (PDF_FONTS,)


def fonts_digest() -> str:
    """Return what tells PDFs with these fonts from others; empty with those of the theme alone."""
    return _digest_of(font_folders()[1:])


def font_files(folder: Path) -> list[Path]:
    """Return the fonts of a folder, sorted by name. Raises PrintError when it cannot be read."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES)
    except OSError:
        raise bad_fonts_error("le dossier n’est pas lisible.") from None


@cache
def _digest_of(folders: tuple[Path, ...]) -> str:
    files = [file for folder in folders for file in font_files(folder)]
    said = "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return hashlib.sha256(said.encode()).hexdigest()[:12] if files else ""


def bad_fonts_error(why: str) -> PrintError:
    """Return the error of fonts that cannot be used."""
    return PrintError(Reason.BAD_FONTS, f"Polices refusées : {why}")
