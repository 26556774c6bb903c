"""The preview in a real browser: the open page follows each save, and the dossier runs nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.print_site.previews import Preview, changed, previewing

from .chromium import CHROMIUM, Tab, browser

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

FRAME = "document.getElementById('dossier')"
INSIDE = f"({FRAME}?.contentDocument?.body?.innerText || '')"
SHOWN = f"{INSIDE}.includes('Livret individuel')"


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    with browser(tmp_path) as opened:
        yield opened


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(tmp_path) as started:
        yield started


def test_an_open_page_follows_each_save_and_keeps_its_place(preview: Preview, tab: Tab) -> None:
    tab.open(f"{preview.url}/view/full.html")
    tab.until(SHOWN)
    tab.run(f"{FRAME}.contentWindow.scrollTo(0, 700)")
    cover = preview.theme / "templates" / "_cover.html"
    changed(cover, "<h1>", "<h1>Carnet de route ")
    tab.until(f"{INSIDE}.includes('Carnet de route')")
    tab.until(f"{FRAME}.contentWindow.scrollY == 700")
    changed(cover, "</h1>", "{% endif %}</h1>")
    tab.until(f"{INSIDE}.includes('_cover.html, ligne ')")
    changed(cover, "{% endif %}</h1>", " et de vie</h1>")
    tab.until(f"/Carnet de route.*et de vie/s.test({INSIDE})")


def test_a_script_in_a_template_does_not_run(preview: Preview, tab: Tab) -> None:
    changed(
        preview.theme / "templates" / "_cover.html",
        "<h1>",
        "<h1><script>document.title = 'ran'; parent.document.title = 'ran'</script>",
    )
    tab.open(f"{preview.url}/view/full.html")
    tab.until(SHOWN)
    assert tab.run(f"[{FRAME}.contentDocument.title, document.title].join()").count("ran") == 0
    # Opened alone, it meets the dossier's own policy.
    tab.open(f"{preview.url}/dossier/full.html")
    tab.until("document.readyState == 'complete'")
    assert tab.run("document.title") != "ran"
    assert any("Content Security Policy" in one for one in tab.complaints)


def test_the_logo_is_admitted_and_colours_of_both_modes_can_be_looked_at(
    preview: Preview, tab: Tab
) -> None:
    tab.open(f"{preview.url}/view/brand.html")
    tab.until(SHOWN)
    assert tab.run(f"{FRAME}.contentDocument.querySelector('.brand img').naturalWidth") > 0
    colour = (
        f"{FRAME}.contentWindow.getComputedStyle({FRAME}.contentDocument.querySelector('h1')).color"
    )
    for scheme, expected in (("light", "rgb(122, 31, 61)"), ("dark", "rgb(233, 163, 184)")):
        tab.run(
            f"document.getElementById('scheme').value = '{scheme}',"
            " document.getElementById('scheme').dispatchEvent(new Event('change'))"
        )
        tab.until(f"{colour} == '{expected}'")
    assert [one for one in tab.complaints if "favicon" not in one] == []
