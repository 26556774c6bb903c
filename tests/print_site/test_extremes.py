"""Dossiers at the bounds of the schema, and with arbitrary texts: pages stay complete and safe."""

import random
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from print_site import build
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import clean
from print_site.verifying import verification
from tests.print_site import hostile as made
from tests.print_site.conftest import shortened
from tests.print_site.hostile import BOOKLET, Data, entries_of
from tests.print_site.outlines import LONGEST_NAME, MarkedPage, bare, marked

SECONDS = 10.0  # of one core, to read, lay out and write; a thousand entries take two
LARGEST_PAGE = 20 * 2**20
EXTREMES = {
    "empty": made.empty,
    "nothing optional": made.every_optional_missing,
    "every list at its bound": made.every_list_at_its_bound,
    "sixty long lines": made.sixty_long_lines,
    "a hundred entries that each support ten competences": lambda: made.a_thousand_entries(100, 10),
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> MarkedPage:
    data = {**BOOKLET, "soughtPost": "x", "recipient": "x", "dispense": made.DISPENSE}
    build.build_html(parse_dossier(data), tmp_path_factory.mktemp("ours") / "d.html")
    return MarkedPage(
        (tmp_path_factory.getbasetemp() / "ours0" / "d.html").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("extreme", EXTREMES.values(), ids=EXTREMES)
def test_a_dossier_at_the_bounds_is_laid_out_in_bounded_time_and_space(
    tmp_path: Path, ours: MarkedPage, extreme: Any
) -> None:
    data = extreme()
    start = time.process_time()
    build.build_html(parse_dossier(data), tmp_path / "d.html")
    assert time.process_time() - start < SECONDS
    html = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert len(html) < LARGEST_PAGE
    page = MarkedPage(html)
    assert page.vocabulary <= ours.vocabulary
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert {href.removeprefix("#") for href in page.values("href")} <= set(ids)
    assert sum(
        '<article class="entry' in line or "<tr id=" in line for line in html.splitlines()
    ) == len(entries_of(data))


@pytest.mark.parametrize("form", ["FULL", "COMPACT"])
def test_a_thousand_entries_that_each_support_thirty_competences_are_a_matter_of_seconds(
    tmp_path: Path, form: str
) -> None:
    data = {**made.a_thousand_entries(), "form": form}
    start = time.process_time()
    build.build_html(parse_dossier(data), tmp_path / "d.html")
    assert time.process_time() - start < SECONDS
    html = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert len(html) < LARGEST_PAGE
    rows = '<tr id="' if form == "FULL" else '<tbody id="'
    assert html.count('<article class="entry') + html.count(rows) == 1_000
    assert html.count('<a class="code') > (2 if form == "FULL" else 1) * sum(
        len(entry["links"]) for entry in data["parts"][2]["rubrics"][0]["entries"]
    )


def test_an_empty_booklet_says_so_and_draws_nothing(tmp_path: Path) -> None:
    build.build_html(parse_dossier(made.empty()), tmp_path / "d.html")
    html = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "<table" not in html
    assert 'class="timeline"' not in html
    said = re.sub(r"\s+", " ", "".join(MarkedPage(html).text))
    assert "Ce dossier ne contient aucun élément." in said
    for part in BOOKLET["parts"]:
        assert part["introduction"] not in said
    for absent in ("None", "null", "Jours de formation", "Sans pièce", "Postes en cours"):
        assert absent not in said
    assert verification.verify(tmp_path / "d.html").pages_compared


def reshaped(data: Data, seed: int) -> Data:
    """Return the dossier with lists of any length, and null or nothing where that is allowed."""
    chance = random.Random(seed)

    def cut(items: list[Any]) -> None:
        del items[chance.randint(0, len(items)) :]

    for entry in entries_of(data):
        for name in ("lines", "links", "attachments", "proves"):
            cut(entry[name])
    for name in ("lines", "situation"):
        cut(data["holder"][name])
    for name in ("currentPosts", "timeline", "trainingDays", "validity"):
        cut(data["panorama"][name])
    for legal in (data["charter"], data["decree"]):
        cut(legal["sections"])
    cut(data["annexes"])
    data["holder"]["civility"] = chance.choice([None, data["holder"]["civility"]])
    for name in ("lastUpdate", "highestLevel"):
        data["panorama"][name] = chance.choice([None, data["panorama"][name]])
    for name in ("soughtPost", "recipient", "dispense"):
        data[name] = chance.choice([None, data[name]])
    return data


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
LIKELY = st.text("<>&\"'{}%#/\\-!«»:;?0 1\n\t\u0301\u202e\u200b\u202f\ud800à", max_size=30)


@settings(max_examples=20, deadline=None, database=None)
@given(texts=st.lists(ANYTHING | LIKELY, min_size=1, max_size=12), seed=st.integers(0, 2**32))
def test_whatever_the_words_and_lists_the_page_says_them_and_agrees_with_its_data(
    tmp_path_factory: pytest.TempPathFactory, ours: MarkedPage, texts: list[str], seed: int
) -> None:
    target = tmp_path_factory.getbasetemp() / "any.html"
    data = reshaped(marked(texts, shortened(BOOKLET)), seed)
    build.build_html(parse_dossier(data), target)
    page = MarkedPage(target.read_text(encoding="utf-8"))
    assert page.vocabulary <= ours.vocabulary
    assert page.strange == []
    expected = [bare(clean(text)[:LONGEST_NAME]) for text in texts]
    assert page.said
    for number, said in page.said:
        assert said.startswith(expected[number % len(texts)])
    assert verification.verify(target).pages_compared
