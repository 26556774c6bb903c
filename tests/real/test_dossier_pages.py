"""An agent's dossiers, share links and consents in a real browser, with and without script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from graphql_api.callers import sites
from graphql_api.storage.actors import Anonymous
from tests.graphql_api.documents import added

from .chromium import Page, Tab, Tabs, expect
from .service import EMAIL, PASSWORD, RealService
from .test_dossier_accessibility import AXE, LEAST_RULES, RUN, TAGS

pytestmark = pytest.mark.real

DOSSIERS, CONSENTS = "/livret/dossiers", "/livret/consentements"
BUTTON = "main form button[type=submit]"
NEW_LINK = "main form:has(#name) button[type=submit]"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="module")
def url(service: RealService) -> Iterator[str]:
    """The address of a service where Maëlle has a booklet, and where a site is registered."""
    running = service.deployment.service
    with running.store.writing():
        sites.register(running.operation(Anonymous()), "75")
    with service.owner(service.add_account()) as owner:
        added(owner, "diploma", title="Brevet de natation")
        yield service.url


def signed_in(tabs: Tabs, url: str, **options: Any) -> Tab:
    """A tab in which Maëlle is signed in."""
    tab = tabs.open(**options)
    page = tab.page
    page.goto(f"{url}/sign-in?next={DOSSIERS}")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{url}{DOSSIERS}")
    expect(page.locator("h1")).to_have_text("Dossiers")
    return tab


def make_dossier(page: Page, url: str, title: str) -> str:
    """Make a dossier by its two steps; the address of its page."""
    page.goto(f"{url}{DOSSIERS}/nouveau")
    page.check("input[value=VAE]")
    page.click(BUTTON)
    page.fill("#title", title)
    page.click(BUTTON)
    expect(page.locator("[role=status]")).to_contain_text("Le dossier est créé")
    return page.url.partition("?")[0]


@SCRIPTS
def test_a_dossier_is_made_previewed_shared_read_and_withdrawn(
    url: str, tabs: Tabs, *, scripts: bool
) -> None:
    page = signed_in(tabs, url, java_script_enabled=scripts).page
    dossier = make_dossier(page, url, "Pour le jury")
    expect(page.locator("main")).to_contain_text("Brevet de natation")
    page.click("main >> text=Aperçu")
    printed = page.frame_locator("iframe").locator("body")
    expect(printed).to_contain_text("Brevet de natation")
    page.goto(f"{dossier}/liens")
    page.click(NEW_LINK)
    expect(page.locator("[role=alert]:not([hidden])")).to_be_focused()
    page.fill("#name", "Jury")
    page.check("#withPin")
    page.click(NEW_LINK)
    address, pin = (str(text) for text in page.locator(".once code").all_inner_texts())
    reader = tabs.open().page
    reader.goto(address)
    reader.click(BUTTON)
    reader.fill("#pin", pin)
    reader.click(BUTTON)
    with reader.expect_popup() as opened:
        reader.click("a[href$='/dossier']")
    expect(opened.value.locator("body")).to_contain_text("Brevet de natation")
    page.goto(f"{dossier}/liens")
    expect(page.locator("main")).not_to_contain_text("jamais ouvert")
    page.click("main >> text=Retirer")
    page.click("main button >> text=Retirer le lien")
    expect(page.locator("[role=status]")).to_contain_text("Le lien est retiré")
    opened.value.reload()
    expect(opened.value.locator("h1")).to_have_text("Dossier non ouvert")
    page.goto(f"{dossier}/supprimer")
    page.click(BUTTON)
    expect(page.locator("[role=status]")).to_contain_text("Le dossier est supprimé")


def test_loading_the_address_of_a_link_again_shows_it_no_more(url: str, tabs: Tabs) -> None:
    page = signed_in(tabs, url).page
    dossier = make_dossier(page, url, "Une seule fois")
    page.goto(f"{dossier}/liens")
    page.fill("#name", "Jury")
    page.click(NEW_LINK)
    address = str(page.locator(".once code").inner_text())
    page.reload()
    expect(page.locator("h1")).to_have_text("Lien déjà créé")
    assert address not in page.content()


@SCRIPTS
def test_a_consent_is_given_after_its_notice_and_withdrawn(
    url: str, tabs: Tabs, *, scripts: bool
) -> None:
    page = signed_in(tabs, url, java_script_enabled=scripts).page
    page.goto(f"{url}{CONSENTS}/nouveau")
    page.check("#site-1")
    page.check("#sections-1")
    page.select_option("#purpose", "CONSEIL_PARCOURS")
    page.fill("#expiresOn", last_day(page, url))
    page.click(BUTTON)
    expect(page.locator("h1")).to_contain_text("à un site régional")
    page.click("text=Je consens")
    expect(page.locator("[role=status]")).to_contain_text("Votre consentement est donné")
    page.click("text=Retirer le consentement")
    expect(page.locator("[role=status]")).to_contain_text("Votre consentement est retiré")


def last_day(page: Page, url: str) -> str:
    """The last day that a consent may have, as the service says it to who typed none."""
    page.click(BUTTON)
    said = str(page.locator("#expiresOn-problem").inner_text())
    page.check("#site-1")
    page.check("#sections-1")
    page.select_option("#purpose", "CONSEIL_PARCOURS")
    found = re.search(r"\d\d/\d\d/\d{4}", said)
    assert found, said
    return found[0]


def every_page(page: Page, url: str) -> Iterator[str]:
    """Go to each page in turn, and say which it is."""
    dossier = make_dossier(page, url, "Pour le jury")
    yield "dossier"
    for path in (DOSSIERS, f"{DOSSIERS}/nouveau", CONSENTS, f"{CONSENTS}/nouveau"):
        page.goto(f"{url}{path}")
        yield path
    page.click(BUTTON)
    yield "consent refused"
    page.goto(f"{url}{DOSSIERS}/nouveau")
    page.click(BUTTON)
    yield "no purpose"
    page.check("input[value=DISPENSE_FORMATION]")
    page.click(BUTTON)
    yield "request for exemption"
    page.click(BUTTON)
    yield "request refused"
    for end in ("modifier", "supprimer", "apercu", "liens"):
        page.goto(f"{dossier}/{end}")
        yield end
    page.click(NEW_LINK)
    yield "link refused"
    page.fill("#name", "Jury")
    page.check("#withPin")
    page.click(NEW_LINK)
    yield "link issued"
    waiting = f"{url}/dossiers/{dossier.rpartition('/')[2]}/preparation.html"
    page.request.get(waiting, max_redirects=0)  # the first is sent on to the file, if it is quick
    page.goto(waiting)
    yield "waiting"


def test_no_page_is_wider_than_a_telephone(url: str, tabs: Tabs) -> None:
    page = signed_in(tabs, url, viewport={"width": 320, "height": 640}, is_mobile=True).page
    for name in every_page(page, url):
        assert page.evaluate(WIDE) is False, name


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: `make test-real` does")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_page(url: str, tabs: Tabs, scheme: str) -> None:
    page = signed_in(tabs, url, color_scheme=scheme).page
    for name in every_page(page, url):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(RUN % (TAGS, "true"))
        assert len(found["passes"]) >= LEAST_RULES // 2, name
        assert found["violations"] == [], name
