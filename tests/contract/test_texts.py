"""The door of entered texts, and the short list that print_site keeps of it, say the same."""

import re
from pathlib import Path

import pytest

from print_site.dossier.text import clean
from schema.description import text_cleaning
from schema.description.text_cleaning import clean_line, clean_text, refused_character

PAGE = (Path(__file__).parents[2] / "docs/texts.md").read_text("utf-8")


def members(ranges: str) -> list[str]:
    """The characters of a character class of a regular expression."""
    pattern = re.compile(f"[{ranges}]")
    found = [chr(code) for code in range(0x110000) if pattern.match(chr(code))]
    assert found
    return found


def test_what_nobody_sees_is_dropped_on_both_sides() -> None:
    for character in members(text_cleaning.INVISIBLE):
        assert clean_line(f"a{character}b") == "ab", hex(ord(character))
        assert clean(f"a{character}b") == "ab", hex(ord(character))


def test_what_parts_lines_is_a_line_break_on_both_sides() -> None:
    for character in members(text_cleaning.NEWLINES):
        assert clean_text(f"a{character}b") == "a\nb", hex(ord(character))
        assert clean(f"a{character}b") == "a\nb", hex(ord(character))
        assert clean_line(f"a{character}b") == "a b", hex(ord(character))


def test_symbols_of_word_processors_are_the_same_signs_on_both_sides() -> None:
    assert len(text_cleaning.WORD_SYMBOLS) > 20
    for character, sign in text_cleaning.WORD_SYMBOLS.items():
        assert clean_text(f"a{character}") == clean(f"a{character}") == f"a{sign}"


def test_spaces_of_every_width_are_ordinary_once_entered() -> None:
    for character in members(text_cleaning.SPACES):
        assert clean_line(f"a{character}b") == "a b", hex(ord(character))


def test_nothing_is_printed_that_the_door_refuses() -> None:
    for character in members(text_cleaning.REFUSED):
        if character in text_cleaning.WORD_SYMBOLS or character == "\ufffd":
            continue  # a sign of its own; what was lost before is printed as lost
        assert refused_character(clean_text(f"a{character}b")) is not None, hex(ord(character))
        assert clean(f"a{character}b") == "ab", hex(ord(character))


@pytest.mark.parametrize(
    "text", ["l’État : « à 8 h » – 50 %", "👩‍🚒 🏴 ✓", "Тетяна 李 ʻOʻ", "x² ≤ 3 · ½", "می‌خواهم"]
)
def test_what_can_be_meant_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == clean_line(text) == text
    assert refused_character(text) is None


def test_cleaning_twice_changes_nothing() -> None:
    text = "\uf0b7\tUn\u00a0a\no\tDeux\tb\r\n１．\tTrois\u200b"
    once = clean_text(text)
    assert clean_text(once) == once
    assert clean_line(clean_line(text)) == clean_line(text)


def test_the_page_names_what_the_door_does() -> None:
    for word in ("U+F0B7", "U+2011", "U+200D", "U+FFFD", "`CONTROL_CHARACTER`", "12/03/2019"):
        assert word in PAGE
