"""Fonts made for tests: every letter is a square."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def write_font(file: Path, letters: str, printed_name: str = "LivretEssai-Regular") -> Path:
    """Write a TrueType font of these letters, and return its file.

    Typst overlooks a font without a PostScript name.
    """
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (900, 700), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    glyphs = [".notdef", *names.values()]
    font = FontBuilder(1_000, isTTF=True)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1_000, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    names_of = {"familyName": "Livret Essai", "styleName": "Regular", "psName": printed_name}
    font.setupNameTable({name: said for name, said in names_of.items() if said})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.save(file)
    return file
