"""The compact form: a first page, then the detail in its order, each thing once."""

import copy
import re
from typing import Any

import pytest

from tests.print_site.hostile import BOOKLET, DISPENSE, Data, compact, entries_of
from tests.print_site.outlines import Outline, Page, article, piece, words


@pytest.fixture
def dossier() -> Data:
    return compact(BOOKLET) | {"title": "Candidature à la Ville de Tours", "recipient": "DRH"}


def first_page(html: str) -> str:
    return words(piece(html, '<header class="first">.*?</header>'))


def test_the_first_page_says_the_title_the_holder_and_the_essential(
    page: Page, dossier: Data
) -> None:
    html = page(dossier)
    assert "<h1><bdi>Candidature à la Ville de Tours</bdi></h1>" in html
    said = first_page(html)
    for expected in (
        "M. Christian Julliard",
        "Destinataire DRH",
        "ne leur procure aucune validation",
    ):
        assert expected in said
    places = []
    for section in dossier["profile"]["sections"]:
        places.append(said.index(section["label"]))
        for item in section["items"]:
            assert item["headline"] in said
            assert item["when"] in said
    assert places == sorted(places)
    assert "Livret individuel de formation" not in said


def test_the_situation_is_a_list_where_each_fact_has_its_label(page: Page, dossier: Data) -> None:
    lines = dossier["profile"]["present"]
    assert len(lines) > 1
    rows = re.findall(
        r"<div><dt>(.*?)</dt> <dd>(.*?)</dd>", piece(page(dossier), '<dl class="sheet">.*?</dl>')
    )
    assert [(words(label), words(text)) for label, text in rows] == [
        (line["label"], line["text"]) for line in lines
    ]


def test_what_the_guide_tells_who_fills_a_booklet_in_is_not_for_a_reader(
    page: Page, dossier: Data
) -> None:
    said = words(page(dossier))
    for part in dossier["parts"]:
        assert part["introduction"] not in said
    for absent in ("Lire ce dossier", "Sans pièce", "sans appui", "Rien dans ce dossier"):
        assert absent not in said


def test_parts_are_in_the_order_of_the_dossier(page: Page, dossier: Data) -> None:
    html = page(dossier)
    places = [html.index(f'<h2 id="volet-{part["part"].lower()}"') for part in dossier["parts"]]
    assert places == sorted(places)
    assert next(part["part"] for part in dossier["parts"]) == "EXPERIENCES"


def test_a_short_rubric_is_a_table_with_the_columns_that_the_answer_names(
    page: Page, dossier: Data
) -> None:
    html = page(dossier)
    rubric = dossier["parts"][2]["rubrics"][0]
    assert rubric["columns"]
    table = piece(html[html.index('id="rubrique-f1"') :], r'<table class="short">.*?</table>')
    keys = [column["key"] for column in rubric["columns"]]
    filled = [
        column["label"]
        for column in rubric["columns"]
        if any(
            line["key"] == column["key"] for entry in rubric["entries"] for line in entry["lines"]
        )
    ]
    heads = [words(found).strip() for found in re.findall(r"<th scope=.col.*?</th>", table)]
    assert heads == ["Code", rubric["label"], *filled, "Date"]
    assert table.count("<tbody id=") == len(rubric["entries"])
    for entry in rubric["entries"]:
        for line in entry["lines"]:
            assert line["text"].split()[0] in words(table)
    assert keys
    assert "article" not in table


def test_a_rubric_without_columns_is_prose(page: Page, dossier: Data) -> None:
    assert "Directeur adjoint de la médiathèque" in article(page(dossier), "e1-1")


def test_each_tie_is_told_once_at_the_end_that_the_answer_names(page: Page, dossier: Data) -> None:
    competence = next(
        entry for entry in entries_of(dossier) if entry["links"] and entry["entry"].startswith("c")
    )
    assert competence["headline"]
    html = page(dossier)
    assert "Appuis E1.1 Directeur adjoint" in article(html, "c1-7")
    assert "Rédiger un dossier de subvention" not in article(html, "e1-1")
    assert "Pièces P7" in article(html, "e1-1")
    assert "Arrêté de nomination" not in article(html, "e1-1"), "the list of documents names it"
    for part in dossier["parts"]:
        for rubric in part["rubrics"]:
            rubric["tellsLinks"] = not rubric["tellsLinks"]
    html = page(dossier)
    assert "Appuis" not in article(html, "c1-7")
    assert "C1.7 Rédiger un dossier de subvention" in article(html, "e1-1")


def test_paper_documents_are_a_list_to_tick_that_says_what_they_prove(
    page: Page, dossier: Data
) -> None:
    row = piece(page(dossier), r'<tbody id="p7">.*?</tbody>')
    assert 'aria-label="Case à cocher"' in row
    assert "E1.1" in words(row)
    dossier["annexes"] = []
    assert "Case à cocher" not in page(dossier)


def test_the_notice_the_signature_and_the_fingerprint_stay(page: Page, dossier: Data) -> None:
    dossier["annexes"] = ["CHECKLIST"]
    html = page(dossier)
    assert words(html).count("ne leur procure aucune validation") == 1
    assert "Signature du titulaire" in words(html)
    assert html.count('data-livret="empreinte"') == 1


def test_a_request_stands_on_the_first_page_with_its_arithmetic_and_its_signatures(
    page: Page, dossier: Data
) -> None:
    entry = dossier["parts"][0]["rubrics"][0]["entries"][0]["entry"]
    dossier["dispense"] = copy.deepcopy(DISPENSE) | {
        "supports": [{"entry": entry, "headline": "Poste", "when": "2019", "counts": "3 ans"}],
    }
    dossier["profile"]["sections"] = []
    html = page(dossier)
    said = first_page(html)
    assert said.index("M. Christian Julliard") < said.index("Demande de dispense")
    for expected in (
        "Durée statutaire 10 jours",
        "E1.1 Directeur adjoint",
        "Durée en équivalent temps plein",
        "3 ans",
        "3 ans et 2 mois",
    ):
        assert expected in said
    assert "Fait à Le L’agent L’autorité territoriale" in said
    assert "Signature du titulaire" not in words(html), "two have signed already"


def test_the_post_that_is_sought_stands_on_the_first_page(page: Page, dossier: Data) -> None:
    assert "Poste recherché" not in first_page(page(dossier))
    dossier["soughtPost"] = "Responsable <du> service"
    assert "Poste recherché Responsable <du> service Destinataire" in first_page(page(dossier))


def test_no_code_of_an_organisation_is_on_a_page(page: Page, dossier: Data) -> None:
    assert "213 300 635 00017" in str(dossier)
    assert "213" + " 300 635" not in words(page(dossier)).replace("\u202f", " ")


def test_a_way_back_to_the_contents_is_on_every_screen_and_sections_fold(
    page: Page, dossier: Data
) -> None:
    for data in (dossier, copy.deepcopy(BOOKLET)):
        html = page(data)
        assert '<a class="back" href="#sommaire">Sommaire</a>' in html
        assert html.count('<details class="fold" open>') == sum(
            bool(rubric["entries"]) for part in data["parts"] for rubric in part["rubrics"]
        )


def test_contents_are_printed_for_long_dossiers_only(page: Page, dossier: Data) -> None:
    def classes(data: Any) -> Any:
        return next(found["class"] for tag, found in Outline(page(data)).elements if tag == "nav")

    assert classes(dossier) == "contents for-screens"
    assert classes(copy.deepcopy(BOOKLET)) == "contents"
