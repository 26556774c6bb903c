"""The printable list of codes: a page of its own, in French, that asks nothing of any network."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import Batch, new_code
from tests.conftest import Here
from tests.graphql_api.office import BORDEAUX, issued, officer
from tests.patience import PATIENCE_SECONDS

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-pdf-header-footer",
]
VOID = {"meta"}


class Page(HTMLParser):
    """Elements, attributes and text; refuses tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def batch(**changes: Any) -> Batch:
    facts = {"id": "b", "siret": BORDEAUX, "last_day": date(2027, 11, 1), "uses": 1}
    facts |= {"expires_at": datetime(2027, 11, 2, tzinfo=UTC), "codes": [new_code(), new_code()]}
    return Batch(**(facts | changes))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", Page(html).text)


def test_every_code_stands_once_on_a_slip_of_its_own(here: Here) -> None:
    made = issued(officer(here), 12)
    html = made["printableList"]
    assert re.findall(r"<code>(.*?)</code>", html) == made["codes"]
    assert all(html.count(code) == 1 for code in made["codes"])
    assert Page(html).tags.count("li") == 12


def test_the_list_says_in_french_whose_codes_they_are_and_until_when() -> None:
    said = words(printable_list(batch()))
    assert "Collectivité SIRET 213 300 635 00017" in said
    assert "jusqu’au 1er novembre 2027 inclus" in said
    assert "votre employeur n’y a pas accès" in said
    assert "chacun pour" not in said
    assert "23 novembre" in words(printable_list(batch(last_day=date(2027, 11, 23))))
    assert "2, chacun pour 30 livrets" in words(printable_list(batch(uses=30)))
    assert '<html lang="fr">' in printable_list(batch())


def test_the_list_stands_alone() -> None:
    html = printable_list(batch())
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(page.tags)
    assert not {"src", "href", "srcset", "style", "onload"} & set(page.attributes)
    assert not re.search(r"url\(|@import|https?:", html)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.attributes["content"]
    assert "no-referrer" in page.attributes["content"]
    assert "{" not in page.text


def test_what_is_inserted_stays_text() -> None:
    hostile = "<script>alert(1)</script>&{style}"
    html = printable_list(batch(codes=[hostile], siret="<b>&amp;</b>xxxxx"))
    page = Page(html)
    assert not {"script", "b"} & set(page.tags)
    assert hostile in page.text


@pytest.mark.real
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_list_prints_on_a4_with_ten_slips_on_its_first_page(tmp_path: Path) -> None:
    assert CHROMIUM
    page, pdf = tmp_path / "codes.html", tmp_path / "codes.pdf"
    for count, pages in ((10, 1), (11, 2), (22, 2), (23, 3)):
        page.write_text(printable_list(batch(codes=[new_code() for _ in range(count)])))
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [CHROMIUM, *FLAGS, profile, f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
        written = pdf.read_bytes()
        assert len(re.findall(rb"/Type */Page\b", written)) == pages
        boxes = re.findall(rb"/MediaBox *\[ *0 +0 +([0-9.]+) +([0-9.]+) *\]", written)
        assert {(round(float(x)), round(float(y))) for x, y in boxes} == {(595, 842)}
