"""Checks a folder of fonts before a service prints with it: each is tried in a PDF of one letter."""

import json
import re
from pathlib import Path

import typst

from print_site.pdf.font_characters import characters_of, faces_of_file, ranges_of
from print_site.pdf.fonts import bad_fonts_error, font_files, font_folders
from print_site.settings import PDF_FONTS, TYPST

# One letter of a font, as strictly as a dossier is written.
_TRIAL = """\
#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))
#sys.inputs.letter
"""
_FONT = re.compile(rb"/Type\s*/Font\b")


def check_fonts(folder: Path) -> dict[str, int]:
    """Return how many characters each font adds, having tried one of each. Raises PrintError.

    A font that PDF/A refuses would stop every dossier that holds one of its characters.
    """
    added: dict[str, int] = {}
    known = characters_of(PDF_FONTS)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    for file in font_files(folder):
        news = [
            {code for code in letters - known if chr(code).isprintable()}
            for letters in faces_of_file(file)
        ]
        if not all(_is_printed(fonts, chr(max(new))) for new in news if new):
            raise bad_fonts_error(
                f"« {file.name} » ne s’imprime pas dans un PDF/A : prenez-en une autre."
            )
        added[file.name] = len(set().union(*news))
    if not added:
        raise bad_fonts_error("il n’y en a aucune (.ttf, .otf, .ttc ou .otc).")
    return added


def _is_printed(fonts: typst.Fonts, letter: str) -> bool:
    compiler = typst.Compiler(root=str(TYPST), font_paths=fonts, ignore_system_fonts=True)
    try:
        written = compiler.compile(
            input=_TRIAL.encode(),
            format="pdf",
            sys_inputs={"letter": letter},
            pdf_standards=["ua-1", "a-3a"],
        )
    except typst.TypstError:
        return False
    # Without a font that it can read, Typst leaves the letter out.
    return isinstance(written, bytes) and bool(_FONT.search(written))


def fonts_as_json() -> str:
    """Return what the fonts of this process draw, for programs."""
    drawn = frozenset().union(*(characters_of(folder) for folder in font_folders()))
    return json.dumps({"printable": ranges_of(drawn)})
