"""Annexes of a dossier, and texts that are too long to print."""

from typing import Any

from tests.print_site.hostile import DISPENSE
from tests.print_site.outlines import Outline, Page, article, piece, words


def test_annexes_are_printed_when_they_are_wanted_and_only_then(page: Page, booklet: Any) -> None:
    sections = {
        "PANORAMA": 'id="panorama"',
        "CHECKLIST": '<table class="checklist">',
        "CHARTER": 'id="charte"',
        "DECREE": 'id="decret"',
    }
    for wanted in ([], *([annex] for annex in sections), list(sections)):
        booklet["annexes"] = wanted
        html = page(booklet)
        assert {annex for annex, mark in sections.items() if mark in html} == set(wanted)
        outline = Outline(html)
        targets = {href[1:] for href in outline.values("href") if href.startswith("#")}
        assert targets <= set(outline.values("id"))
        assert 'id="valeur"' in html


def test_attachments_without_the_checklist_stay_entries(page: Page, booklet: Any) -> None:
    booklet["annexes"] = []
    assert "P7 Arrêté de nomination" in article(page(booklet), "p7")


def test_a_request_is_printed_with_its_recipient_and_its_signatures(
    page: Page, booklet: Any
) -> None:
    assert "demande" not in Outline(page(booklet)).values("id")
    booklet["soughtPost"] = "Directeur"
    booklet["recipient"] = "Monsieur le président du CNFPT"
    booklet["dispense"] = DISPENSE | {
        "lines": [{"key": "extent", "label": "Étendue", "text": "Dispense totale"}],
        "signatures": ["Christian Julliard", "L’autorité territoriale"],
    }
    html = page(booklet)
    assert "Poste recherché Directeur Destinataire Monsieur le président du CNFPT" in words(html)
    request = words(piece(html, r'<section class="part dispense".*?</section>'))
    assert "Étendue Dispense totale" in request
    assert "Fait à Le Christian Julliard L’autorité territoriale" in request
    assert 'href="#demande"' in html


def test_a_matrix_that_nobody_could_read_is_left_out_and_it_is_said(
    page: Page, booklet: Any
) -> None:
    matrix = booklet["panorama"]["matrix"]
    matrix["rows"] = [{**matrix["rows"][0], "cells": []}] * 300
    html = page(booklet)
    assert '<table class="matrix">' not in html
    assert "trop de compétences et d’éléments pour un tableau croisé" in words(html)


def test_a_headline_without_end_is_cut_where_it_is_repeated(page: Page, booklet: Any) -> None:
    booklet["parts"][1]["rubrics"][0]["entries"][0]["headline"] = "mot " * 5_000
    html = page(booklet)
    assert "mot " * 99 in html
    assert "mot " * 101 not in html
