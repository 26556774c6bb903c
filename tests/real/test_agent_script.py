"""What the script adds to an agent's pages, in Chromium: stars, and the end of a session."""

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
