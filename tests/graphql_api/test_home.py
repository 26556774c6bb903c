"""The home page, for browsers and for whatever else asks."""

from dataclasses import replace

import pytest

from graphql_api.app import create_application
from graphql_api.callers import sessions
from graphql_api.storage.store import StoreUnavailableError
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import SERVICE, Here
from tests.graphql_api.site import Site

LEAD = "Le livret individuel de formation permet de lister les formations"


def test_whoever_is_not_signed_in_is_offered_to(site: Site) -> None:
    answer = site.browser().get("/", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert LEAD in answer.text
    assert '<html lang="fr">' in answer.text
    for link in ("/sign-in", "/account/register", "/schema.graphql"):
        assert f'href="{link}"' in answer.text
    assert "GraphiQL" not in answer.text
    assert "Se déconnecter" not in answer.text
    assert answer.headers["vary"] == "accept"


def test_whoever_is_signed_in_is_offered_their_profile_and_to_sign_out(site: Site) -> None:
    browser = site.browser()
    page = browser.sign_in("owner").text
    assert "<h1>Espace Pro</h1>" in page
    assert '<a href="/account">Votre profil</a>' in page
    assert 'action="/sign-out"' in page
    assert "Se connecter" not in page
    assert "Lefèvre owner" in page
    assert site.account("owner") not in page


def test_programs_are_answered_a_few_lines(site: Site) -> None:
    answer = site.client.get("/", headers={"accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert typeset(f"API GraphQL : {SERVICE}/graphql (POST)") in answer.text


def test_the_running_source_is_told_where_it_is_known(here: Here) -> None:
    settings = replace(here.deployment.settings, source_url="https://forge.example/livret")
    with TestClient(create_application(settings), base_url=SERVICE) as client:
        page = client.get("/", headers={"accept": "text/html"})
        lines = client.get("/")
    assert '<a href="https://forge.example/livret">Code source en service</a>' in page.text
    assert typeset("Code source en service : https://forge.example/livret") in lines.text


@pytest.mark.parametrize(
    "path", ["/", "/account/register", "/sign-out", "/nope", "/oauth/authorize"]
)
def test_every_page_links_to_the_running_source_where_it_is_known(site: Site, path: str) -> None:
    source = "https://forge.example/livret?a=1&b=2"
    settings = replace(site.here.deployment.settings, source_url=source)
    with TestClient(create_application(settings), base_url=SERVICE) as telling:
        footer = telling.get(path, headers={"accept": "text/html"}).text.partition("<footer")[2]
    assert '<a href="/">Accueil</a>' in footer
    assert f'<a href="{source.replace("&", "&amp;")}">Code source en service</a>' in footer
    browser = site.browser()
    silent = browser.get(path, accept="text/html").text.partition("<footer")[2]
    assert '<a href="/">Accueil</a>' in silent
    assert "source" not in silent


def test_without_local_accounts_none_is_offered(here: Here) -> None:
    settings = replace(here.deployment.settings, local_accounts=False)
    with TestClient(create_application(settings), base_url=SERVICE) as client:
        page = client.get("/", headers={"accept": "text/html"})
    assert "/account/register" not in page.text
    assert 'href="/sign-in"' in page.text


def test_the_page_is_there_while_the_database_is_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailableError

    browser = site.browser()
    browser.sign_in("owner")
    with monkeypatch.context() as patched:
        patched.setattr(sessions, "find_with_booklet", down)
        answer = browser.get("/", accept="text/html")
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.text
    assert "set-cookie" not in answer.headers
    assert "<h1>Espace Pro</h1>" in browser.get("/", accept="text/html").text


def test_a_token_that_is_not_accepted_shows_the_page_of_nobody(site: Site) -> None:
    answer = site.browser().get("/", accept="text/html", authorization="Bearer x")
    assert (answer.status_code, "Vous n’êtes pas connecté." in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/nope", "/s/xyz", "/account/nope", "/dossiers/1.zip"])
def test_an_address_that_leads_nowhere_is_a_french_page_for_a_browser(
    site: Site, path: str
) -> None:
    answer = site.browser().get(path, accept="text/html")
    assert answer.status_code == 404
    assert "<h1>Page introuvable</h1>" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert site.browser().get(path).text == "Not Found"
