"""An HR officer in a real browser, with and without script: issue, print, list, revoke one."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from graphql_api.callers.local_authorities import give_name
from graphql_api.callers.officers import add_officer
from graphql_api.storage.actors import Agent
from tests.graphql_api.office import BORDEAUX

from .chromium import Page, Tab, Tabs, expect
from .paper import A4, paper_of
from .printing import print_page
from .service import EMAIL, PASSWORD, RealService
from .test_dossier_accessibility import AXE, LEAST_RULES, RUN, TAGS

pytestmark = pytest.mark.real

BASE = f"/collectivite/{BORDEAUX}"
NAME = "Ville de Bordeaux"
BUTTON = "main form button[type=submit]"
CODE = re.compile("[0-9A-Z]{5}(-[0-9A-Z]{5}){3}")
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="module")
def office(service: RealService) -> str:
    """The address of a service where Maëlle is an officer of Bordeaux."""
    who = Agent(service.settings.identity_issuer, service.add_account(), frozenset())
    running = service.deployment.service
    with running.store.writing():
        op = running.operation(who)
        add_officer(op, who, BORDEAUX)
        give_name(op, BORDEAUX, NAME)
    return service.url


def signed_in(tabs: Tabs, url: str, **options: Any) -> Tab:
    """A tab in which the officer is signed in, at the pages of the collectivité."""
    tab = tabs.open(**options)
    page = tab.page
    page.goto(f"{url}/sign-in?next=/collectivite")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{url}/collectivite")
    expect(page).to_have_url(f"{url}{BASE}")
    return tab


def issue(page: Page, url: str, count: int) -> list[str]:
    """Issue codes by the form; their references, in the order of the slips."""
    page.goto(f"{url}{BASE}/delivrer")
    page.fill("#count", str(count))
    page.click(BUTTON)
    expect(page.locator(".slip")).to_have_count(count)
    return [str(text) for text in page.locator(".slip strong").all_inner_texts()]


@SCRIPTS
def test_an_officer_issues_codes_and_revokes_one_of_them(
    office: str, tabs: Tabs, *, scripts: bool
) -> None:
    tab = signed_in(tabs, office, java_script_enabled=scripts)
    page = tab.page
    page.goto(f"{office}{BASE}/delivrer")
    page.click(BUTTON)
    expect(page.locator("[role=alert]:not([hidden])")).to_be_focused()
    expect(page.locator("#count")).to_have_attribute("aria-invalid", "true")
    references = issue(page, office, 3)
    expect(page.locator("h1")).to_have_text("3 billets à imprimer")
    page.click("text=J’ai imprimé")
    for reference in references:
        expect(page.locator("main")).to_contain_text(reference)
    assert not CODE.search(page.content())
    page.click("nav >> text=Révoquer un code")
    page.fill("#reference", references[1].replace("-", " "))
    page.click(BUTTON)
    expect(page.locator("h1")).to_contain_text("Révoquer ce code")
    page.click(BUTTON)
    expect(page.locator("[role=status]")).to_contain_text("Le code est révoqué")
    expect(page.locator("main li", has_text=references[1])).to_contain_text("révoqué")
    expect(page.locator("main li", has_text=references[0])).to_contain_text("Révoquer")


@SCRIPTS
def test_loading_the_slips_again_makes_nothing_and_shows_no_code(
    office: str, tabs: Tabs, *, scripts: bool
) -> None:
    page = signed_in(tabs, office, java_script_enabled=scripts).page
    issue(page, office, 2)
    page.reload()
    expect(page.locator("h1")).to_have_text("Codes déjà délivrés")
    assert not CODE.search(page.content())
    page.click("text=Voir le lot")
    expect(page.locator("main .rows li")).to_have_count(2)


@pytest.mark.parametrize(("count", "pages"), [(6, 1), (7, 2)])
def test_only_slips_come_on_paper_six_on_a_page(
    office: str, tabs: Tabs, tmp_path: Path, count: int, pages: int
) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    tab = signed_in(tabs, office)
    references = issue(tab.page, office, count)
    print_page(tab, tmp_path / "slips.pdf")
    paper = paper_of(tmp_path / "slips.pdf", paged=False)
    assert len(paper.pages) == pages
    for size in paper.sizes:
        assert size == pytest.approx(A4, abs=1)
    words = [word.text for page in paper.pages for word in page]
    assert [word for word in words if word in references] == references
    assert sum(bool(CODE.fullmatch(word)) for word in words) == count
    assert not {"Imprimez", "Déconnexion", "Menu"} & set(words)
    assert NAME in " ".join(words)


def every_page(page: Page, url: str) -> dict[str, str]:
    """What leads to each page of an officer, by name: addresses, or none for one that is sent."""
    references = issue(page, url, 12)
    page.click("text=J’ai imprimé")
    lot = page.url.removeprefix(url)
    revoking = f"{BASE}/codes/{references[0]}/revoquer"
    return {
        "list": BASE,
        "form": f"{BASE}/delivrer",
        "lot": lot,
        "find": f"{BASE}/revoquer",
        "revoke": revoking,
        "revoke batch": f"{lot}/revoquer",
    }


def test_no_page_is_wider_than_a_telephone(office: str, tabs: Tabs) -> None:
    page = signed_in(tabs, office, viewport={"width": 320, "height": 640}, is_mobile=True).page
    for name, path in every_page(page, office).items():
        page.goto(f"{office}{path}")
        assert page.evaluate(WIDE) is False, name
    issue(page, office, 2)
    assert page.evaluate(WIDE) is False


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: `make test-real` does")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_page(office: str, tabs: Tabs, scheme: str) -> None:
    page = signed_in(tabs, office, color_scheme=scheme).page
    for name, path in every_page(page, office).items():
        page.goto(f"{office}{path}")
        _judge(page, name)
    page.goto(f"{office}{BASE}/delivrer")
    page.click(BUTTON)
    _judge(page, "form refused")
    issue(page, office, 2)
    _judge(page, "slips")
    page.reload()
    _judge(page, "issued already")


def _judge(page: Page, name: str) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(RUN % (TAGS, "true"))
    assert len(found["passes"]) >= LEAST_RULES // 2, name
    assert found["violations"] == [], name
