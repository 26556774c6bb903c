"""The preview in a real browser: the open page follows each save, and the dossier runs nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.print_site.previews import Preview, changed, previewing

from .chromium import FrameLocator, Page, Tab, Tabs, expect

pytestmark = pytest.mark.real


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(tmp_path) as started:
        yield started


def dossier_in(page: Page) -> FrameLocator:
    """The dossier, in the frame of the page that shows it."""
    return page.frame_locator("#dossier")


def shown(tabs: Tabs, preview: Preview, name: str) -> Tab:
    """A page of the preview, once its dossier is there."""
    tab = tabs.open()
    tab.page.goto(f"{preview.url}/view/{name}.html")
    expect(dossier_in(tab.page).locator("body")).to_contain_text("Livret individuel")
    return tab


def test_an_open_page_follows_each_save_and_keeps_its_place(preview: Preview, tabs: Tabs) -> None:
    page = shown(tabs, preview, "full").page
    body = dossier_in(page).locator("body")
    body.evaluate("scrollTo(0, 700)")
    cover = preview.theme / "templates" / "_cover.html"
    changed(cover, "<h1>", "<h1>Carnet de route ")
    expect(body).to_contain_text("Carnet de route")
    page.wait_for_function("document.getElementById('dossier').contentWindow.scrollY == 700")
    changed(cover, "</h1>", "{% endif %}</h1>")
    expect(body).to_contain_text("_cover.html, ligne ")
    changed(cover, "{% endif %}</h1>", " et de vie</h1>")
    expect(body).to_contain_text(re.compile("Carnet de route.*et de vie", re.DOTALL))


def test_a_script_in_a_template_does_not_run(preview: Preview, tabs: Tabs) -> None:
    changed(
        preview.theme / "templates" / "_cover.html",
        "<h1>",
        "<h1><script>document.title = 'ran'; parent.document.title = 'ran'</script>",
    )
    tab = shown(tabs, preview, "full")
    assert "ran" not in tab.page.title()
    assert "ran" not in dossier_in(tab.page).locator("html").evaluate("() => document.title")
    # Opened alone, it meets the dossier's own policy.
    tab.page.goto(f"{preview.url}/dossier/full.html")
    assert tab.page.title() != "ran"
    assert any("Content Security Policy" in one for one in tab.complaints)


def test_the_logo_is_admitted_and_colours_of_both_modes_can_be_looked_at(
    preview: Preview, tabs: Tabs
) -> None:
    tab = shown(tabs, preview, "brand")
    dossier = dossier_in(tab.page)
    assert dossier.locator(".brand img").evaluate("image => image.naturalWidth") > 0
    for scheme, expected in (("light", "rgb(122, 31, 61)"), ("dark", "rgb(233, 163, 184)")):
        tab.page.select_option("#scheme", scheme)
        expect(dossier.locator("h1")).to_have_css("color", expected)
    assert [one for one in tab.complaints if "favicon" not in one] == []
