"""Entries taller than a page may be split; all others stay on one page."""

from typing import Any

from tests.print_site.outlines import Page, piece


def opening(page: Page, booklet: Any, **changes: Any) -> str:
    """Return the start tag of the first entry after these changes."""
    booklet["parts"][0]["rubrics"][0]["entries"][0].update(changes)
    return piece(page(booklet), '<article class="entry[^>]*id="f1-1"')


def line(text: str) -> dict[str, str]:
    return {"key": "content", "label": "Contenu", "text": text}


def test_an_entry_of_a_page_and_a_half_may_be_parted(page: Page, booklet: Any) -> None:
    paragraphs = "\n\n".join(["Une phrase de la longueur d’une ligne de la page imprimée."] * 90)
    for changes in (
        {"lines": [line(paragraphs)]},
        {"lines": [line("mot " * 2_200)]},
        {"lines": [line("x" * 90)] * 60},
        {"attachments": [booklet["parts"][3]["rubrics"][0]["entries"][0]["entry"]] * 80},
    ):
        assert "tall" in opening(page, booklet, **changes), changes


def test_an_entry_that_may_fit_a_page_is_kept_whole(page: Page, booklet: Any) -> None:
    for changes in ({}, {"lines": [line("mot " * 900)]}, {"lines": [line("x" * 20)] * 60}):
        assert "tall" not in opening(page, booklet, **changes), changes
