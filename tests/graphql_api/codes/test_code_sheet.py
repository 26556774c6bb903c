"""The printable list of codes: a page of its own, in French, that asks nothing of any network."""

import re
from datetime import date
from html.parser import HTMLParser

from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.outcomes import IssuedCode, LocalAuthority
from tests.conftest import Here
from tests.graphql_api.office import BORDEAUX, batch, issued, officer

VOID = {"meta"}
ADDRESS = "https://livret.example"


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
    assert html.count('<li class="slip">') == 12
    slips = html.split('<li class="slip">')[1:]
    for slip, code, reference in zip(slips, made["codes"], made["references"], strict=True):
        assert code in slip
        assert reference in slip


def test_the_list_says_in_french_whose_codes_they_are_and_until_when() -> None:
    said = words(printable_list(batch(), ADDRESS))
    assert "Collectivité Ville de Bordeaux, SIRET 213 300 635 00017" in said
    assert "jusqu’au 1er novembre 2027 inclus" in said
    assert "chacun pour" not in said
    assert "23 novembre" in words(printable_list(batch(last_day=date(2027, 11, 23)), ADDRESS))
    assert "2, chacun pour 30 livrets" in words(printable_list(batch(uses=30), ADDRESS))
    assert '<html lang="fr">' in printable_list(batch(), ADDRESS)


def test_a_slip_says_for_whom_it_is_where_to_go_what_to_do_and_its_reference() -> None:
    html = printable_list(batch(), ADDRESS)
    slip = words(html).partition("Livret individuel de formation")[2]
    steps = (
        "Ville de Bordeaux",
        "Pour",
        "Sur livret.example, créez votre compte",
        "entrez ce code, jusqu’au 1er novembre 2027 inclus",
        "une seule fois",
        "charte d’engagement",
        "Votre employeur n’a pas accès à votre livret",
        "Référence du billet",
    )
    places = [slip.index(step) for step in steps]
    assert places == sorted(places)


def test_a_slip_names_a_collectivite_without_a_name_by_its_siret() -> None:
    label = "Collectivité de SIRET 213 300 635 00017"
    nameless = LocalAuthority(siret=BORDEAUX, name=None, label=label)
    assert words(printable_list(batch(local_authority=nameless), ADDRESS)).count(label) == 3


def test_a_slip_of_a_code_for_several_names_no_single_person() -> None:
    slips = words(printable_list(batch(uses=30), ADDRESS)).partition("individuel de formation")[2]
    assert "Pour 30 agents de la collectivité" in slips


def test_an_address_without_tls_says_so_since_browsers_try_tls_first() -> None:
    assert "Sur http://127.0.0.1:8000, créez" in words(
        printable_list(batch(), "http://127.0.0.1:8000")
    )


def test_the_list_stands_alone() -> None:
    html = printable_list(batch(), ADDRESS)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(page.tags)
    assert not {"src", "href", "srcset", "style", "onload"} & set(page.attributes)
    assert not re.search(r"url\(|@import|https?:", html)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.attributes["content"]
    assert "no-referrer" in page.attributes["content"]
    assert "{" not in page.text


def test_what_is_inserted_stays_text() -> None:
    hostile = "<script>alert(1)</script>&{style}{{ style }}"
    codes = [IssuedCode(reference=hostile, code=hostile)]
    named = LocalAuthority(siret="<b>&amp;</b>xxxxx", name=hostile, label=hostile)
    html = printable_list(batch(codes=codes, local_authority=named), ADDRESS)
    page = Page(html)
    assert not {"script", "b"} & set(page.tags)
    assert hostile in page.text
