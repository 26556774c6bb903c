"""The pages for anybody, what the operator's file says in them, and errors as pages."""

from dataclasses import replace
from pathlib import Path

import pytest

from graphql_api.app import create_application
from graphql_api.configuration.settings import SettingError
from graphql_api.public_pages.routes import PAGES
from graphql_api.web.operator import Operator, read_operator
from graphql_api.web.rgaa_grid import GRID
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import SERVICE, Here
from tests.graphql_api.site import Site

BROWSER = {"accept": "text/html"}
FILE = """
name = "Centre de gestion de Rivemont"
address = "1 place de l’Exemple, 00000 Rivemont"
email = "livret@rivemont.example"
publication_director = "Camille <Exemple>"
legal = ["Un mot : le nôtre."]

[host]
name = "Hébergeur Exemple"
phone = "01 99 00 12 35"

[data_protection_officer]
email = "dpd@rivemont.example"

[accessibility]
status = "partiellement conforme"
audited_on = "3 novembre 2026"
auditor = "Cabinet Exemple"
rate = "78"
findings = ["Un défaut relevé."]

[neighbours]
search = "https://catalogue.rivemont.example/recherche"
"""


@pytest.fixture
def named(here: Here, tmp_path: Path) -> TestClient:
    """The service of an operator who told everything."""
    file = tmp_path / "operator.toml"
    file.write_text(FILE, "utf-8")
    settings = replace(here.deployment.settings, operator=file)
    return TestClient(create_application(settings), base_url=SERVICE)


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_needs_nobody_to_be_signed_in(here: Here, path: str) -> None:
    answer = here.client.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<h1>") == 1
    assert "noindex" not in answer.text
    assert typeset(answer.text) == answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/nowhere", "/account/register", *PAGES])
def test_every_page_links_to_the_public_pages(site: Site, path: str) -> None:
    page = site.browser().get(path, accept="text/html").text
    footer = page.partition("<footer")[2]
    for link in PAGES:
        assert f'href="{link}"' in footer
    assert typeset(f"Accessibilité : {GRID.status}") in footer


def test_what_the_operator_did_not_tell_is_said_to_be_missing(here: Here) -> None:
    missing = "L’exploitant de ce service ne l’a pas encore indiqué."
    for path in ("/mentions-legales", "/donnees-personnelles", "/contact"):
        assert missing in here.client.get(path, headers=BROWSER).text
    statement = here.client.get("/accessibilite", headers=BROWSER).text
    assert f"<strong>{GRID.status}</strong>" in statement
    assert "Aucun audit n’a été réalisé." in statement
    assert f"{GRID.met} des {GRID.applicable} critères applicables" in statement
    for finding in GRID.findings:
        assert typeset(finding) in statement


def test_what_the_operator_told_is_on_the_pages(named: TestClient) -> None:
    pages = {path: named.get(path, headers=BROWSER).text for path in PAGES}
    for page in pages.values():
        assert '<span class="operator">Centre de gestion de Rivemont</span>' in page
        assert "ne l’a pas encore indiqué" not in page
    notice = pages["/mentions-legales"]
    for told in ("Camille &lt;Exemple&gt;", "Hébergeur Exemple", typeset("Un mot : le nôtre.")):
        assert told in notice
    assert 'href="mailto:dpd@rivemont.example"' in pages["/donnees-personnelles"]
    statement = pages["/accessibilite"]
    assert "<strong>partiellement conforme</strong>" in statement
    for told in ("Cabinet Exemple", "3 novembre 2026", "révèle que 78", "Un défaut relevé."):
        assert told in statement
    assert "Aucun audit" not in statement


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "détruite. Aucune sauvegarde ne peut plus être lue."),
        (1, "conservées 1 jour ; ensuite, aucune sauvegarde"),
        (7, "conservées 7 jours ; ensuite, aucune sauvegarde"),
    ],
)
def test_the_notice_says_how_long_a_destroyed_key_is_still_in_backups(
    here: Here, days: int, told: str
) -> None:
    settings = replace(here.deployment.settings, key_backup_days=days)
    client = TestClient(create_application(settings), base_url=SERVICE)
    page = client.get("/donnees-personnelles", headers=BROWSER).text
    assert typeset(told) in page


def test_the_notice_of_personal_data_says_how_long_what_is_kept(here: Here) -> None:
    page = here.client.get("/donnees-personnelles", headers=BROWSER).text
    for told in ("<dd>30 jours.</dd>", "<dd>30 minutes.</dd>", "<dd>12 mois.</dd>"):
        assert told in page


def test_what_is_stated_of_the_law_names_its_article_and_year(here: Here) -> None:
    stated = {
        "/accessibilite": ["article 47 de la loi n° 2005-102 du 11 février 2005"],
        "/mentions-legales": ["article 1-1 de la loi n° 2004-575 du 21 juin 2004", "article 82"],
        "/donnees-personnelles": ["article 13 du règlement (UE) 2016/679", "article 77"],
    }
    for path, texts in stated.items():
        page = here.client.get(path, headers=BROWSER).text
        assert [text for text in texts if text not in page] == []


def test_the_form_of_registration_says_who_uses_it_what_for_and_where_rights_are(
    site: Site,
) -> None:
    page = site.browser().get("/account/register").text
    assert "se sert de ces informations pour créer votre compte et vous reconnaître" in page
    assert "obligatoires, sauf le prénom si vous n’avez qu’un seul nom." in page
    assert page.index('href="/donnees-personnelles"') < page.index("<footer")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("nom = 'x'", "« nom » n’est pas un réglage connu"),
        ("name = 3", "« name » attend un texte"),
        ("name = ''", "« name » attend un texte"),
        ("legal = 'x'", "« legal » attend une liste de textes"),
        ("email = 'nobody'", "« email » n’est pas une adresse électronique"),
        ("website = 'http://a.example'", "« website » attend une adresse https"),
        ("host = 'x'", "« host » attend une table"),
        ("[host]\nsiret = '1'", "« host.siret » n’est pas un réglage connu"),
        ("[accessibility]\nstatus = 'oui'", "« accessibility.status »"),
        ("[neighbours]\nweather = 'https://a.example'", "« neighbours.weather »"),
        (
            "[neighbours]\nsearch = 'javascript:alert(1)'",
            "« neighbours.search » attend une adresse",
        ),
        ("name = 'x", "n’est pas du TOML"),
        ("name = '" + "x" * 3_000 + "'", "2000 caractères au plus"),
    ],
)
def test_a_file_that_cannot_be_meant_stops_the_start(
    tmp_path: Path, written: str, why: str
) -> None:
    file = tmp_path / "operator.toml"
    file.write_text(written, "utf-8")
    with pytest.raises(SettingError, match="LIVRET_OPERATOR") as refused:
        read_operator(file)
    assert why in str(refused.value)


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_operator(None) == Operator()
    with pytest.raises(SettingError):
        read_operator(tmp_path / "absent.toml")


def test_errors_are_pages_for_browsers_and_plain_for_programs(here: Here) -> None:
    page = here.client.get("/nowhere", headers=BROWSER)
    assert (page.status_code, "<h1>Page introuvable</h1>" in page.text) == (404, True)
    assert here.client.get("/nowhere").text == "Not Found"
    page = here.client.post("/aide", headers=BROWSER)
    assert (page.status_code, "<h1>Demande refusée</h1>" in page.text) == (405, True)
    assert "GET" in page.headers["allow"]
    assert here.client.delete("/aide").text == "Method Not Allowed"


def test_an_unexpected_exception_is_masked_and_logged_without_its_message(
    here: Here, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Lefèvre Maëlle")

    monkeypatch.setattr("graphql_api.public_pages.routes._page", fail)
    page = here.client.get("/aide", headers=BROWSER)
    assert (page.status_code, "<h1>Erreur interne</h1>" in page.text) == (500, True)
    incident = page.text.partition('<code id="code">')[2].partition("</code>")[0]
    assert incident
    assert incident in caplog.text
    assert "Lefèvre" not in caplog.text + page.text
    assert here.client.get("/aide").text == "Internal Server Error"


def test_search_engines_may_read_the_public_pages_alone(here: Here) -> None:
    robots = here.client.get("/robots.txt")
    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    lines = robots.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Disallow: /"
    assert {f"Allow: {path}" for path in PAGES} < set(lines)
    assert not any("livret" in line or "account" in line for line in lines)


def test_browsers_find_an_icon(here: Here) -> None:
    icon = here.client.get("/favicon.ico")
    assert icon.content.startswith(b"\x00\x00\x01\x00")
    page = here.client.get("/aide", headers=BROWSER).text
    address = page.partition('<link rel="icon" href="')[2].partition('"')[0]
    assert here.client.get(address).content == icon.content
