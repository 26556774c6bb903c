"""The printable list of codes: a page of its own, in French, that asks nothing of any network."""

import re
from datetime import date
from html.parser import HTMLParser

from graphql_api.codes.code_sheet import printable_list
from tests.conftest import Here
from tests.graphql_api.office import batch, issued, officer

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
