"""Cleaning and French typography."""

import time
import unicodedata
from datetime import UTC, date, datetime

import pytest

from print_site.dossier import text

N, F = text.NARROW, text.FIXED


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("e\u0301te\u0301", "été"),
        ("a\0b\x1bc\x7fd\x85e", "abcd\ne"),
        ("a\tb\r\nc\rd", "a b\nc\nd"),
        ("a\u202eb\u2066c\u200ed", "abcd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\u200bb\ufeffc\ufffed\U0010ffff", "abcd"),
        ("a\ud800b\udfffc", "abc"),
        ("l’Haÿ, 12 € « œuvre »", "l’Haÿ, 12 € « œuvre »"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_what_cannot_be_printed_is_taken_out(written: str, kept: str) -> None:
    assert text.clean(written) == kept


def test_no_more_than_three_marks_follow_each_other() -> None:
    kept = text.clean("z" + "\u0305" * 50 + "a")
    assert sum(unicodedata.combining(character) > 0 for character in kept) == 3
    assert kept.endswith("a")


def test_every_string_of_the_data_is_cleaned() -> None:
    data = {"a": ["x\0", {"b": "y\u202e"}], "c": None, "d": 3, "e": True}
    assert text.clean_json(data) == {"a": ["x", {"b": "y"}], "c": None, "d": 3, "e": True}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Quoi ? Oui ! Non ; si : voilà", f"Quoi{N}? Oui{N}! Non{N}; si{N}: voilà"),
        ("Quoi? Oui! Objet: rien", f"Quoi{N}? Oui{N}! Objet{N}: rien"),
        ("« ici » et «là»", f"«{N}ici{N}» et «{N}là{N}»"),
        ("12 000 € et 38 h", f"12{N}000{N}€ et 38{N}h"),
        ("14 ans, 3 mois", f"14{F}ans, 3{F}mois"),
        ("le n° 78-17, article 5", f"le n°{F}78-17, article{F}5"),
        ("https://exemple.fr/?a=1;b : ici", f"https://exemple.fr/?a=1;b{N}: ici"),
        ("a?b!c@exemple.fr ; b", f"a?b!c@exemple.fr{N}; b"),
        ("de 10:30 à 12:00 : atelier", f"de 10:30 à 12:00{N}: atelier"),
        ("06 12 34 56 78", "06 12 34 56 78".replace(" ", F)),
        ("SIRET 213 301 233 00018", "SIRET 213 301 233 00018"),
        ("en 2019 120 agents", "en 2019 120 agents"),
        ("niveau 2 l'oral", "niveau 2 l'oral"),
        ("Décret 2008-830 du 22 août 2008", f"Décret 2008-830 du 22 août{F}2008"),
    ],
)
def test_french_spaces_are_set(written: str, printed: str) -> None:
    assert text.typeset(written) == printed
    assert text.typeset(printed) == printed


def test_text_is_escaped_and_isolated() -> None:
    assert text.inline("<b>&\"'") == "<bdi>&lt;b&gt;&amp;&#34;&#39;</bdi>"


def test_a_very_long_word_may_break() -> None:
    assert text.plain("x" * 100) == "<wbr>".join(["x" * 40, "x" * 40, "x" * 20])
    assert "<wbr>" not in text.plain("mot " * 60)


def test_a_break_never_parts_a_mark_from_its_letter() -> None:
    pieces = text.plain("q\u0305" * 60).split("<wbr>")
    assert len(pieces) > 1
    assert all(piece[0] == "q" for piece in pieces)


def test_a_long_text_keeps_its_paragraphs_lines_and_lists() -> None:
    assert text.paragraphs("un\ndeux\n\n\ntrois :\n- a\n• b\nfin") == (
        '<p dir="auto">un<br>deux</p>'
        f'<p dir="auto">trois{N}:</p>'
        '<ul><li dir="auto">a</li><li dir="auto">b</li></ul>'
        '<p dir="auto">fin</p>'
    )


def test_the_passages_of_a_law_stay_apart_and_its_items_together() -> None:
    assert text.legal(["Il contient", "- un ;", "- deux.", "Fin."]) == (
        '<p dir="auto">Il contient</p>'
        f'<ul><li dir="auto">un{N};</li><li dir="auto">deux.</li></ul>'
        '<p dir="auto">Fin.</p>'
    )


def test_dates_and_numbers_are_french() -> None:
    assert text.french_date(date(2025, 1, 1)) == f"1er{F}janvier 2025"
    assert text.french_date(date(2025, 3, 14)) == f"14{F}mars 2025"
    assert text.french_day(datetime(2025, 3, 14, 23, 30, tzinfo=UTC)) == f"15{F}mars 2025"
    assert text.french_number(70.5) == "70,5"
    assert text.french_number(1200.0) == f"1{N}200"


@pytest.mark.parametrize(
    "written",
    [
        " " * 10_000,
        "a" * 10_000,
        "« " * 5_000,
        "1 " * 5_000,
        "\n" * 10_000,
        "@" * 10_000,
        N * 10_000,
    ],
)
def test_ten_thousand_characters_of_anything_are_quick(written: str) -> None:
    start = time.process_time()
    text.paragraphs(text.clean(written))
    text.plain(written)
    assert time.process_time() - start < 1
