"""Signing in and out in a real browser: its cookies, its word on where requests come from, its policy."""

import re
from dataclasses import dataclass

import pytest

from .chromium import Page, Tab, Tabs, expect
from .service import EMAIL, PASSWORD, RealService

pytestmark = pytest.mark.real

ASK = """url => fetch(`${url}/graphql`, {method: 'POST', credentials: 'include',
  body: '{"query":"{ booklet { id } }"}',
  headers: {'content-type': 'application/json', 'graphql-require-preflight': '1'}})
  .then(answer => answer.json()).then(JSON.stringify, () => 'refused')"""
FORM = """url => (form => { form.method = 'post'; form.action = `${url}/sign-out`;
  document.body.append(form); form.submit(); })(document.createElement('form'))"""


@dataclass
class Place:
    """A tab, and the address of a service where Maëlle has an account."""

    tab: Tab
    url: str

    @property
    def page(self) -> Page:
        return self.tab.page

    @property
    def elsewhere(self) -> str:
        """The same service at another name, which for a browser is another site."""
        return self.url.replace("127.0.0.1", "localhost")

    def sign_in(self, email: str = EMAIL) -> None:
        self.page.goto(f"{self.url}/")
        self.page.click("a[href='/sign-in']")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page.locator("body")).to_contain_text("Déconnexion")
        expect(self.page).to_have_url(f"{self.url}/")


@pytest.fixture(scope="module")
def url(service: RealService) -> str:
    service.add_account()
    return service.url


@pytest.fixture
def place(tabs: Tabs, url: str) -> Place:
    return Place(tabs.open(), url)


@pytest.fixture
def unguarded(tabs: Tabs, url: str) -> Place:
    """The same in a browser that heeds no page's policy, so that a test may run what it likes."""
    return Place(tabs.open(bypass_csp=True), url)


def test_a_person_signs_in_and_out_without_a_word_of_complaint(place: Place) -> None:
    place.sign_in()
    place.page.click("form[action='/sign-out'] button")
    expect(place.page.locator("body")).to_contain_text("Vous êtes déconnecté.")
    expect(place.page).to_have_url(re.compile(rf"^{place.url}/(\?|$)"))
    place.page.click("a[href='/sign-in']")
    expect(place.page.locator("input[name=password]")).to_be_visible()  # the issuer asks again
    said = [one for one in place.tab.complaints if "favicon" not in one]
    assert said, "the browser tells that it cleared what it kept"
    assert [one for one in said if "Clear-Site-Data header" not in one] == []


def test_a_form_that_follows_a_sign_out_is_sent_again_by_loading_its_answer_anew(
    service: RealService, tabs: Tabs
) -> None:
    email, where = "owner@example.org", "/livret/formations/titres-et-diplomes/ajouter"
    with service.owner(service.add_account(email)):
        place = Place(tabs.open(), service.url)
        place.sign_in(email)
        page = place.page
        page.goto(f"{place.url}{where}")
        page.fill("#title", "Licence de droit")
        other = page.context.new_page()
        other.goto(f"{place.url}/sign-out")
        other.click("main button")
        expect(other.locator("body")).to_contain_text("Vous êtes déconnecté.")
        page.click("main form button[type=submit] >> nth=0")
        expect(page.locator("h1")).to_have_text("Vous n’êtes plus connecté")
        with page.expect_popup() as opened:
            page.click("main a")
        opened.value.fill("[name=email]", email)
        opened.value.fill("[name=password]", PASSWORD)
        opened.value.click("main button[type=submit]")
        expect(opened.value.locator("body")).to_contain_text("Déconnexion")
        page.reload()
        expect(page.locator("#title")).to_have_value("Licence de droit")


def test_our_own_page_asks_with_the_cookie_and_another_site_does_not(unguarded: Place) -> None:
    unguarded.sign_in()
    page = unguarded.page
    page.goto(f"{unguarded.url}/sign-out")
    assert page.evaluate(ASK, unguarded.url) == '{"data":{"booklet":null}}'
    assert page.evaluate("document.cookie") == ""
    page.goto(f"{unguarded.elsewhere}/sign-out")
    assert page.evaluate(ASK, unguarded.url) == "refused"


def test_a_form_of_another_site_signs_nobody_out(unguarded: Place) -> None:
    unguarded.sign_in()
    page = unguarded.page
    page.goto(f"{unguarded.elsewhere}/sign-out")
    page.evaluate(FORM, unguarded.url)
    expect(page.locator("body")).to_contain_text("Déconnexion refusée")
    page.goto(f"{unguarded.url}/")
    expect(page.locator("body")).to_contain_text("Déconnexion")
