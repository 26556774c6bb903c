"""Firefox shows dossiers and pages too: the same text, nothing refused, paper, and signing in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Forms
from .firefox import Firefox, launched
from .paper import text_of
from .service import EMAIL, PASSWORD, RealService

pytestmark = pytest.mark.real

DIPLOMAS, ADD = "/livret/formations/titres-et-diplomes", "main form button[type=submit]"
RESTLESS = """<!doctype html><html lang="fr">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">
<title>x</title><p>bonjour</p><img src="http://127.0.0.1:9/x.png"><script>missing()</script></html>"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox, which lives as long as this file's tests."""
    with launched(tmp_path_factory.mktemp("firefox")) as started:
        yield started


def test_a_page_that_complains_would_be_seen(firefox: Firefox, tmp_path: Path) -> None:
    (tmp_path / "restless.html").write_text(RESTLESS, "utf-8")
    firefox.open((tmp_path / "restless.html").as_uri())
    said = " ".join(firefox.complaints())
    assert "missing is not defined" in said
    assert "x.png" in said


def wanted(dossier: dict[str, Any]) -> set[str]:
    """The words of the headlines of all entries."""
    rubrics = [rubric for part in dossier["parts"] for rubric in part["rubrics"]]
    return words(" ".join(entry["headline"] for one in rubrics for entry in one["entries"]))


def words(text: str) -> set[str]:
    """The words of a text, without what Firefox's PDFs do not tell: some capitals, and ligatures."""
    letters = re.sub("f[fil]", " ", text)
    return set("".join(letter if letter.islower() else " " for letter in letters).split())


@pytest.mark.parametrize("form", ["single file", "folder"])
def test_a_dossier_opens_whole_and_without_a_word_of_complaint(
    firefox: Firefox, forms: Forms, form: str
) -> None:
    one_file = form == "single file"
    page = forms.html("whole") if one_file else forms.unfolded("whole") / "index.html"
    firefox.open(page.as_uri())
    assert len(wanted(forms.data("whole"))) > 100
    assert wanted(forms.data("whole")) - words(firefox.element("body").text) == set()
    assert firefox.complaints() == []


def test_a_dossier_is_printed_with_its_text(firefox: Firefox, forms: Forms, tmp_path: Path) -> None:
    firefox.open(forms.html("whole").as_uri())
    firefox.print_to(tmp_path / "page.pdf")
    assert len(wanted(forms.data("whole"))) > 100
    assert wanted(forms.data("whole")) - words(text_of(tmp_path / "page.pdf")) == set()


def test_a_person_signs_in_and_out(firefox: Firefox, service: RealService) -> None:
    service.add_account()
    firefox.open(f"{service.url}/sign-in")
    firefox.element("[name=email]").send_keys(EMAIL)
    firefox.element("[name=password]").send_keys(PASSWORD)
    firefox.element("main button[type=submit]").click()
    firefox.wait_for_text("Déconnexion")
    firefox.element("form[action='/sign-out'] button").click()
    firefox.wait_for_text("Vous êtes déconnecté.")
    assert firefox.complaints() == []


def test_an_agent_adds_a_diploma_after_one_refusal(firefox: Firefox, service: RealService) -> None:
    email = "agent@example.org"
    with service.owner(service.add_account(email)):
        firefox.open(f"{service.url}/sign-in")
        firefox.element("[name=email]").send_keys(email)
        firefox.element("[name=password]").send_keys(PASSWORD)
        firefox.element("main button[type=submit]").click()
        firefox.wait_for_text("Espace Pro")
        firefox.open(f"{service.url}{DIPLOMAS}/ajouter")
        firefox.element("#title").send_keys("Brevet de natation")
        firefox.element(ADD).click()
        firefox.wait_for_text("à corriger")
        assert firefox.marionette.execute_script("return document.activeElement.role") == "alert"
        assert firefox.element("#title").get_property("value") == "Brevet de natation"
        for choice in (
            "#kind [value=DIPLOME]",
            "#outcome [value=OBTENU]",
            "#route [value]:not([value=''])",
        ):
            firefox.element(choice).click()
        firefox.element("#awardedOn").send_keys("07/2008")
        firefox.element(ADD).click()
        firefox.wait_for_text("est ajouté")
        assert "Brevet de natation" in firefox.element(".entry h2").text
        assert firefox.complaints() == []
