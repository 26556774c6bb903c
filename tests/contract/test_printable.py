"""What the schema says that a PDF can draw is what its fonts draw."""

from itertools import chain
from pathlib import Path

from fontTools.ttLib import TTFont

from print_site.settings import PDF_FONTS
from schema.dossiers import printable

RANGES = Path(printable.__file__).with_name("printable.txt")


def test_the_printable_characters_are_those_of_the_fonts() -> None:
    drawn = chain.from_iterable(TTFont(font).getBestCmap() for font in PDF_FONTS.glob("*.ttf"))
    bounds = [line.split("-") for line in RANGES.read_text(encoding="ascii").split()]
    told = {code for first, last in bounds for code in range(int(first, 16), int(last, 16) + 1)}
    assert told == {code for code in drawn if code >= 0x20}
