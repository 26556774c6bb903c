"""The page of docs/clients.md, built and driven in Chromium from an origin that is not the service's."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from graphql_api.identity_provider.oauth.clients import FrontEnd, register_front_end
from graphql_api.storage.operation import to_microseconds
from tests.conftest import Caller, Here, open_booklet
from tests.patience import PATIENCE_SECONDS

from .chromium import Page, Tab, Tabs, expect
from .http_server import files_served
from .node import node_for
from .service import EMAIL, PASSWORD, RealService

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "page"
MADE = shutil.ignore_patterns("node_modules", "dist", "generated.ts", "cache.json")
REVISE = """mutation($id: ID!, $version: Int!, $entry: EntryInput!) {
  entryRevise(id: $id, version: $version, entry: $entry) { __typename } }"""
ENTRIES = "{ booklet { entries { id version headline } accessRecords(first: 1) { nodes { id } } } }"

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Portal:
    """The page at its own origin, and Maëlle, who calls the service from elsewhere too."""

    url: str
    service: str
    maelle: Caller


@pytest.fixture(scope="module")
def built(service: RealService, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page: types from the running service, checked, then bundled."""
    node = node_for(EXAMPLE, "esbuild")
    folder = tmp_path_factory.mktemp("portal") / "page"
    shutil.copytree(EXAMPLE, folder, ignore=MADE)
    (folder / "node_modules").symlink_to(EXAMPLE / "node_modules")
    schema = f"{service.url}/schema.graphql"
    for command in (["generate.mjs", schema], ["node_modules/typescript/bin/tsc"], ["build.mjs"]):
        run = subprocess.run(
            [node, *command],
            cwd=folder,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def portal(built: Path, service: RealService) -> Iterator[Portal]:
    store = service.deployment.store
    with (
        files_served(built) as url,
        httpx2.Client(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS) as http,
    ):
        front_end = FrontEnd(
            "Portail",
            (f"{url}/retour.html",),
            post_logout_redirect_uris=(f"{url}/",),
            origins=(url,),
        )
        now = to_microseconds(service.deployment.clock())
        with store.writing():
            client = register_front_end(store, front_end, now)
        told = {"url": service.url, "clientId": client.client_id}
        (built / "service.json").write_text(json.dumps(told), "utf-8")
        here = Here("sqlite", service.deployment, http)
        maelle = here.caller(service.add_account())
        open_booklet(maelle, here)
        yield Portal(url, service.url, maelle)


@pytest.fixture(params=["apollo", "urql"])
def tab(request: pytest.FixtureRequest, tabs: Tabs, portal: Portal) -> Tab:
    """The page after sign-in, with one of the two clients."""
    opened = tabs.open(accept_downloads=True)
    page = opened.page
    page.goto(f"{portal.url}/?client={request.param}")
    page.click("text=Se connecter")
    page.wait_for_url(f"{portal.service}/**")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("#page h2").first).to_have_text("Maëlle Lefèvre")
    return opened


def fill(page: Page, title: str, awarded: str = "06/2019") -> None:
    page.fill("#title", title)
    page.select_option("#kind", "DIPLOME")
    page.select_option("#outcome", "OBTENU")
    page.select_option("#route", "FORMATION_INITIALE")
    page.fill("#awardedOn", awarded)


def add_diploma(page: Page, title: str) -> None:
    page.click("text=Ajouter un diplôme")
    fill(page, title)
    page.click("text=Enregistrer")
    expect(page.locator("#status")).to_have_text(f"Enregistré : {title}")


def test_the_code_of_the_sign_in_does_not_stay_in_the_address(tab: Tab, portal: Portal) -> None:
    assert tab.page.url == f"{portal.url}/"
    assert (
        tab.page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length")
        == 0
    )


def test_a_refused_form_keeps_what_was_typed_and_says_where_it_is_wrong(tab: Tab) -> None:
    page = tab.page
    page.click("text=Ajouter un diplôme")
    fill(page, "", awarded="2019-13")
    page.click("text=Enregistrer")
    expect(page.locator("#title-problem")).not_to_be_empty()
    expect(page.locator("#awardedOn-problem")).not_to_be_empty()
    expect(page.locator("#title")).to_be_focused()
    expect(page.locator("#awardedOn")).to_have_value("2019-13")
    fill(page, "BTS Assistant de gestion")
    page.click("text=Enregistrer")
    expect(page.locator("#page ul").first).to_contain_text("BTS Assistant de gestion (juin 2019)")


def test_who_was_overtaken_is_told_and_loses_nothing(tab: Tab, portal: Portal) -> None:
    page = tab.page
    add_diploma(page, "Licence de droit")
    page.click("li:has-text('Licence de droit (') >> text=Modifier")
    (mine,) = [
        one
        for one in portal.maelle.ask(ENTRIES)["booklet"]["entries"]
        if one["headline"] == "Licence de droit"
    ]
    entry = {"diploma": {"title": "Licence de droit public"}}
    portal.maelle.do(REVISE, id=mine["id"], version=mine["version"], entry=entry)
    fill(page, "Licence de droit privé")
    page.click("text=Enregistrer")
    expect(page.locator("#status")).to_contain_text("Licence de droit public")
    expect(page.locator("#title")).to_have_value("Licence de droit privé")
    page.click("text=Enregistrer")
    expect(page.locator("#page ul").first).to_contain_text("Licence de droit privé")
    expect(page.locator("#page ul").first).not_to_contain_text("Licence de droit public")
    headlines = [one["headline"] for one in portal.maelle.ask(ENTRIES)["booklet"]["entries"]]
    assert "Licence de droit privé" in headlines


def test_a_dossier_comes_as_a_file_and_goes_out_by_a_link(tab: Tab, tabs: Tabs) -> None:
    page = tab.page
    add_diploma(page, "Brevet des collèges")
    page.click("text=Créer un dossier")
    expect(page.locator("#status")).to_have_text("Dossier créé.")
    with page.expect_download() as downloading:
        page.locator("text=Télécharger").last.click()
    file = downloading.value
    assert file.suggested_filename.endswith(".html")
    assert "Brevet des collèges" in Path(file.path()).read_text("utf-8")
    page.locator("text=Partager").last.click()
    address = page.locator("#status a").get_attribute("href")
    assert address is not None
    reader = tabs.open().page
    reader.goto(address)
    reader.click("main button[type=submit]")
    expect(reader.locator("h1")).to_have_text("Dossier communiqué")


def test_signing_out_comes_back_to_the_page_and_the_next_sign_in_asks_again(
    tab: Tab, portal: Portal
) -> None:
    page = tab.page
    page.click("text=Se déconnecter")
    page.wait_for_url(f"{portal.url}/**")
    page.click("text=Se connecter")
    expect(page.locator("[name=password]")).to_be_visible()


def test_nothing_in_the_browser_complains(tab: Tab) -> None:
    add_diploma(tab.page, "Certificat de formation générale")
    assert tab.complaints == []
