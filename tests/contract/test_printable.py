"""What the schema says that a PDF can draw is what its fonts draw."""

from pathlib import Path

from print_site.pdf.font_characters import characters_of, ranges_of
from print_site.settings import PDF_FONTS
from schema.dossiers import printable

RANGES = Path(printable.__file__).with_name("printable.txt")


def test_the_printable_characters_are_those_of_the_fonts() -> None:
    told = RANGES.read_text(encoding="ascii").split()
    assert len(told) > 100
    assert told == ranges_of(characters_of(PDF_FONTS))
