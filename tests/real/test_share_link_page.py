"""A share link in a real browser: the fragment is taken away, nothing is sent before the button."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Caller
from tests.graphql_api.share_links.share_links import issued, links

from .chromium import Page, Tab, Tabs, expect
from .service import RealService

pytestmark = pytest.mark.real

BUTTON = "main button[type=submit]"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPENED = re.compile("/opened(#|$)")


@pytest.fixture
def owner(service: RealService, request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Maëlle, who has a booklet; somebody else for each test."""
    with service.owner(request.node.name) as caller:
        yield caller


def follow(link: Any, tab: Tab) -> Page:
    """Follow a link up to the form."""
    tab.page.goto(link["url"])
    expect(tab.page.locator(BUTTON)).to_be_visible()
    return tab.page


def of_page(complaints: list[str]) -> list[str]:
    """What went wrong in the page, but for its icon, of which there is none."""
    return [one for one in complaints if "favicon" not in one]


def test_a_reader_opens_reads_and_downloads(
    service: RealService, owner: Caller, tabs: Tabs
) -> None:
    link = issued(owner, withPin=True, views=1)
    address, _, secret = link["url"].partition("#")
    tab = tabs.open()
    page = follow(link, tab)
    expect(page.locator("#secret")).to_have_value(secret)
    expect(page.locator("#secret")).to_be_hidden()
    expect(page.locator("main")).not_to_contain_text("n’exécute pas le script")
    assert page.url == address
    assert links(owner)[0]["viewsLeft"] == 1
    page.click(BUTTON)
    page.fill("#pin", link["pin"])
    page.click(BUTTON)
    expect(page).to_have_url(OPENED)
    expect(page.locator("body")).to_contain_text("Maëlle Lefèvre")
    assert page.evaluate("document.cookie") == ""
    with page.expect_popup() as opened:
        page.click("a[href$='/dossier']")
    expect(opened.value).to_have_url(re.compile("/dossier$"))
    expect(opened.value.locator("body")).to_contain_text("Lefèvre")
    opened.value.close()
    expect(page).to_have_url(OPENED)
    assert of_page(tab.complaints) == []
    assert tab.requests
    assert [one for one in tab.requests if not one.startswith(service.url)] == []
    assert [one for one in tab.requests if secret in one.partition("#")[0]] == []


def test_after_a_wrong_pin_only_the_pin_is_typed_again(owner: Caller, tabs: Tabs) -> None:
    link = issued(owner, withPin=True)
    page = follow(link, tabs.open())
    page.click(BUTTON)
    page.fill("#pin", "000000" if link["pin"] != "000000" else "111111")
    page.click(BUTTON)
    expect(page.locator("[role=alert]:not([hidden])")).to_be_focused()
    expect(page.locator("[role=alert]:not([hidden])")).to_contain_text("Il vous reste 4 essais")
    expect(page.locator("#secret")).to_have_count(0)
    expect(page.locator("#pin")).to_have_value("")
    page.fill("#pin", link["pin"])
    page.click(BUTTON)
    expect(page).to_have_url(OPENED)


def test_without_scripts_the_address_is_pasted(owner: Caller, tabs: Tabs) -> None:
    link = issued(owner, withPin=True)
    address, _, secret = link["url"].partition("#")
    tab = tabs.open(java_script_enabled=False)
    page = follow(link, tab)
    expect(page.locator("#secret")).to_have_value("")
    expect(page.locator("main")).to_contain_text("n’exécute pas le script")
    page.fill("#secret", link["url"])
    page.click(BUTTON)
    expect(page.locator("#pin")).to_be_visible()
    assert page.url == f"{address}?"
    page.fill("#pin", link["pin"])
    page.click(BUTTON)
    expect(page).to_have_url(OPENED)
    assert secret not in page.url
    with page.expect_popup() as opened:
        page.click("a[href$='/dossier']")
    expect(opened.value).to_have_url(re.compile("/dossier$"))
    assert of_page(tab.complaints) == []


def test_no_page_is_wider_than_a_telephone(owner: Caller, tabs: Tabs) -> None:
    tab = tabs.open(viewport={"width": 320, "height": 640}, is_mobile=True)
    page = follow(issued(owner), tab)
    assert page.evaluate(WIDE) is False
    page.click(BUTTON)
    expect(page).to_have_url(OPENED)
    expect(page.locator("body")).to_contain_text("Lefèvre")
    assert page.evaluate(WIDE) is False
