"""What the script adds to an agent's pages, in Chromium: stars, copying, and the end of a session."""

import httpx2
import pytest

from tests.conftest import Here, open_booklet
from tests.patience import PATIENCE_SECONDS

from .chromium import Page, Tab, Tabs, expect
from .service import PASSWORD, RealService

pytestmark = pytest.mark.real

FORM = "/livret/formations/titres-et-diplomes/ajouter"


@pytest.fixture
def page(service: RealService, tabs: Tabs, request: pytest.FixtureRequest) -> Page:
    """A page of somebody who is signed in and has an open, empty booklet."""
    email = f"{request.node.name[5:20]}@example.org"
    account = service.add_account(email)
    with httpx2.Client(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        here = Here("sqlite", service.deployment, client)
        open_booklet(here.caller(account), here)
    tab: Tab = tabs.open()
    tab.page.clock.install()
    tab.page.goto(f"{service.url}/sign-in")
    tab.page.fill("#email", email)
    tab.page.fill("#password", PASSWORD)
    tab.page.click("main button[type=submit]")
    tab.page.wait_for_url(f"{service.url}/")
    return tab.page


def test_a_star_stands_before_a_field_while_another_makes_it_obligatory(
    service: RealService, page: Page
) -> None:
    page.goto(f"{service.url}{FORM}")
    label = page.locator("label[for=awardedOn]")
    star = label.locator(".star")
    expect(star).to_be_hidden()
    page.get_by_label("Oui", exact=True).first.check()
    expect(star).to_be_visible()
    expect(label).to_contain_text("(obligatoire)")
    page.get_by_label("Préparation en cours").check()
    expect(star).to_be_hidden()


def test_a_button_copies_what_is_shown_once_or_says_that_it_is_selected(
    service: RealService, page: Page
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{service.url}/livret/dossiers")
    page.get_by_role("link", name="Liens de partage").first.click()
    page.fill("#name", "DRH")
    page.get_by_role("button", name="Créer le lien").click()
    address = page.locator("#lien").inner_text()
    said = page.locator("[data-copy=lien] [role=status]")
    expect(said).to_have_text("")
    page.get_by_role("button", name="Copier le lien").click()
    expect(said).to_have_text("Le lien est copié.")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    page.get_by_role("button", name="Copier le lien").click()
    expect(said).to_contain_text("copiez-le vous-même")
    assert page.evaluate("getSelection().toString()") == address


def test_the_end_of_a_session_is_said_before_and_put_off(service: RealService, page: Page) -> None:
    page.goto(f"{service.url}{FORM}")
    note = page.locator("#fin-de-session")
    page.clock.run_for("24:30")
    expect(note).to_be_hidden()
    page.clock.run_for("01:00")
    expect(note).to_be_visible()
    expect(note).to_contain_text("moins de cinq minutes")
    page.click("#fin-de-session button")
    expect(note).to_be_hidden()
    page.clock.run_for("24:30")
    expect(note).to_be_hidden()
    page.clock.run_for("01:00")
    expect(note).to_be_visible()
    page.context.clear_cookies()
    page.click("#fin-de-session button")
    expect(note).to_contain_text("est terminée")
    expect(note.locator("button")).to_be_hidden()
