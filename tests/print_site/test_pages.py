"""The text and structure of the HTML page."""

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.settings import SHEETS
from tests.print_site.outlines import Outline, Page, article, piece, words


def test_the_cover_names_the_holder_the_purpose_and_the_date(page: Page, booklet: Any) -> None:
    cover = words(piece(page(booklet), '<header class="cover[^>]*>.*?</header>'))
    assert "Livret individuel de formation" in cover
    assert "M. Christian Julliard" in cover
    assert "Livret complet" in cover
    assert "14 mars 2025" in cover
    assert "ne leur procure aucune validation" in cover


def test_the_cover_says_where_the_holder_works_now(page: Page, booklet: Any) -> None:
    found = piece(page(booklet), '<section class="situation".*?</section>')
    assert '<h2 id="situation">Situation actuelle</h2>' in found
    assert "Employeur Commune de L’Haÿ-les-Roses" in words(found)
    assert found.count("<dt>") == found.count("<dd>") == 9


def test_a_holder_without_a_situation_has_no_heading_for_it(page: Page, booklet: Any) -> None:
    booklet["holder"]["situation"] = []
    assert "Situation" not in piece(page(booklet), '<header class="cover[^>]*>.*?</header>')


def test_a_holder_with_one_name_only_is_named_without_a_gap(page: Page, booklet: Any) -> None:
    booklet["holder"] |= {"civility": None, "firstName": "", "lastName": "Teriitahi"}
    html = page(booklet)
    assert "– Teriitahi</title>" in html
    assert '<p class="holder"><bdi>Teriitahi</bdi></p>' in html


def test_the_situation_counts_in_the_fingerprint(booklet: Any) -> None:
    before = parse_dossier(booklet).fingerprint
    booklet["holder"]["situation"][0]["text"] = "Commune de Tours"
    assert parse_dossier(booklet).fingerprint != before


def test_codes_are_numbered_in_the_dossier_without_gaps(page: Page, booklet: Any) -> None:
    trainings = booklet["parts"][0]["rubrics"][2]["entries"]
    del trainings[1]
    booklet["panorama"]["timeline"] = [
        span for span in booklet["panorama"]["timeline"] if span["entry"] != "t11"
    ]
    found = re.findall(r'<article class="entry" id="f3-(\d+)"', page(booklet))
    assert found == [str(rank) for rank in range(1, 12)]


def test_rubrics_without_a_figure_are_numbered_without_a_dot(page: Page, booklet: Any) -> None:
    html = page(booklet)
    assert '<tr id="p12">' in html
    assert '<article class="entry" id="r1"' in html
    assert "P12" in words(html)


def test_competences_and_entries_name_each_other(page: Page, booklet: Any) -> None:
    html = page(booklet)
    competence, job = article(html, "c1-7"), article(html, "e1-1")
    assert "E1.1 Directeur adjoint de la médiathèque" in competence
    assert "Sept dossiers aboutis depuis 2016" in competence
    assert "C1.7 Rédiger un dossier de subvention Mise en œuvre" in job


def test_entries_and_attachments_name_each_other(page: Page, booklet: Any) -> None:
    html = page(booklet)
    row = words(piece(html, r'<tr id="p7">.*?</tr>'))
    assert row.endswith(" E1.1 ")
    assert "P7 Arrêté de nomination" in article(html, "e1-1")


def test_what_the_dossier_leaves_out_is_not_referred_to(page: Page, booklet: Any) -> None:
    booklet["parts"][1]["rubrics"][0]["entries"][0]["attachments"] = ["withheld"]
    booklet["parts"][1]["rubrics"][0]["entries"][0]["links"][0]["entry"] = "withheld"
    html = page(booklet)
    assert "withheld" not in html
    assert "P7" not in article(html, "e1-1")


def test_every_internal_link_has_its_target_and_ids_are_unique(page: Page, booklet: Any) -> None:
    outline = Outline(page(booklet))
    ids = Counter(outline.values("id"))
    assert max(ids.values()) == 1
    targets = [href.removeprefix("#") for href in outline.values("href") if href.startswith("#")]
    assert len(targets) > 150
    assert set(targets) <= set(ids)
    assert {name for names in outline.values("aria-labelledby") for name in names.split()} <= set(
        ids
    )


def test_headings_never_skip_a_level(page: Page, booklet: Any) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(page(booklet)).elements if re.match(r"h\d$", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_training_days_are_totalled_both_ways(page: Page, booklet: Any) -> None:
    table = piece(page(booklet), r'<table class="days">.*?</table>')
    rows = [re.findall(r"<t[hd].*?</t[hd]>", row) for row in re.findall(r"<tr>.*?</tr>", table)]
    cells = [[words(cell) for cell in row] for row in rows]
    assert ["Formation de perfectionnement", "–", "–", "5,5", "–", "2", "3", "10,5"] in cells
    assert cells[-1] == ["Total", "15", "1", "23,5", "15", "13", "3", "70,5"]


def test_the_law_and_the_charter_are_printed_word_for_word(page: Page, booklet: Any) -> None:
    said = words(page(booklet))
    for legal in (booklet["charter"], booklet["decree"]):
        for section in legal["sections"]:
            for passage in section["paragraphs"]:
                plain = re.sub(r"\s+", "", passage.removeprefix("- "))
                assert plain in re.sub(r"\s+", "", said)


def test_rubrics_and_parts_without_an_entry_are_told_nowhere(page: Page, booklet: Any) -> None:
    part = booklet["parts"][1]
    part["rubrics"][1]["entries"] = []
    booklet["panorama"]["timeline"] = []
    booklet["panorama"]["matrix"] = {"columns": [], "rows": []}
    booklet["panorama"]["evidence"] = {"proved": 0}
    for rubric in booklet["parts"][3]["rubrics"]:
        rubric["entries"] = []
    html = page(booklet)
    assert "Expériences extra-professionnelles" not in words(html)
    assert "rubrique-e2" not in html
    assert booklet["parts"][3]["label"] not in words(html)
    assert "volet-attachments" not in re.findall('id="(.*?)"', html)
    assert '<svg class="timeline"' not in html


def test_an_empty_booklet_still_makes_a_dossier(page: Page, booklet: Any) -> None:
    for part in booklet["parts"]:
        for rubric in part["rubrics"]:
            rubric["entries"] = []
    booklet["panorama"] = {
        "counters": [],
        "lastUpdate": None,
        "currentPosts": [],
        "timeline": [],
        "matrix": {"columns": [], "rows": []},
        "highestLevel": None,
        "experience": None,
        "trainingDays": [],
        "validity": [],
        "evidence": {"proved": 0},
    }
    booklet["holder"]["civility"] = None
    html = page(booklet)
    assert html.count('class="notice"') == 1  # on the same sheet, and not again at the end
    assert "Valeur des informations" not in html


def test_documents_are_counted_with_the_elements_that_they_are_for(
    page: Page, booklet: Any
) -> None:
    many = next(
        one["count"] for one in booklet["panorama"]["counters"] if one["rubric"] == "ATTACHMENT"
    )
    assert many > 1
    for proved, told in ((1, "1 élément"), (2, "2 éléments")):
        booklet["panorama"]["evidence"] = {"proved": proved}
        assert f"Pièces jointes {many} pour {told}" in words(page(booklet))


def test_the_page_asks_nothing_of_the_network(page: Page, booklet: Any) -> None:
    outline = Outline(page(booklet))
    loaded = [found.get("href") for tag, found in outline.elements if tag == "link"]
    assert loaded == [f"static/{sheet}" for sheet in SHEETS]
    assert outline.values("src") == []
    assert outline.values("style") == []
    assert not any(tag == "script" for tag, _ in outline.elements)
    assert outline.values("lang") == ["fr"]


def test_the_policy_admits_the_style_of_the_page_and_nothing_else(page: Page, booklet: Any) -> None:
    html = page(booklet)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert policy[1].replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'self' 'sha256-{digest}'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert '<meta name="referrer" content="no-referrer">' in html
    assert "noindex" in html


def test_hostile_text_stays_text(page: Page, hostile: Any) -> None:
    html = page(hostile)
    outline = Outline(html)
    tags = {tag for tag, _ in outline.elements}
    assert not tags & {"script", "img", "iframe", "object"}
    assert not any(name.startswith("on") for _, found in outline.elements for name in found)
    assert set(outline.values("href")) >= {"#p1"}
    assert not any(re.match("javascript|data|http", href) for href in outline.values("href"))
    assert "{{ 7 * 7 }}" in html
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", html)
    assert "W" * 65 not in html[html.index("<body>") :]


def test_a_name_cannot_leave_the_running_header(page: Page, hostile: Any) -> None:
    style = re.search(r"<style>(.*?)</style>", page(hostile), re.DOTALL)
    assert style
    strings = re.findall(r'content:"((?:\\[0-9a-f]{6})*)"', style[1])
    assert len(strings) == 3
    bare = re.sub(r'"[^"]*"', '""', style[1])
    assert "A5" not in bare
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.pop("decree"),
        lambda data: data.update(parts=None),
        lambda data: data.update(asOf="hier"),
        lambda data: data["panorama"].update(matrix=None),
        lambda data: data["panorama"]["timeline"][0].update(entry="unknown"),
        lambda data: data["holder"].update(lastName=None),
        lambda data: data["holder"].update(situation=None),
        lambda data: data["holder"].pop("situation"),
        lambda data: data["parts"][0]["rubrics"][0]["entries"][0].update(headline=None),
    ],
)
def test_incomplete_data_are_refused(page: Page, booklet: Any, damage: Any) -> None:
    damage(booklet)
    with pytest.raises(PrintError) as refused:
        page(booklet)
    assert refused.value.reason is Reason.UNREADABLE
    assert "Julliard" not in str(refused.value)
