"""A job whose time ends while fonts are read: the time is to blame, and not the fonts."""

from pathlib import Path

import pytest

from print_site.errors import PrintError, Reason
from print_site.limits import time_limit
from print_site.pdf.font_characters import faces_of_file
from print_site.pdf.fonts import font_files
from print_site.settings import PDF_FONTS


def test_time_that_ends_while_a_font_is_read_is_not_said_to_be_a_bad_font() -> None:
    file = font_files(PDF_FONTS)[0]
    for _ in range(20):
        with pytest.raises(PrintError) as raised, time_limit(0.005):
            _read_for_ever(file)
        assert raised.value.reason is Reason.TOO_LONG


def _read_for_ever(file: Path) -> None:
    while True:
        faces_of_file(file)
