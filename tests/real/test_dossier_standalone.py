"""The dossier as someone receives it: renamed, among folders with spaces and accents, without a network."""

import copy
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from tests.print_site.hostile import BOOKLET, hostile
from tests.print_site.hostile_texts import TEXTS

from .chromium import Tab, Tabs
from .conftest import Forms
from .screens import look

SPECIAL = "L’HAŸ-LES-ROSES, cœur, Œuvre, 1 234 €, « ici » : 12 %"
# Any of these that ran would leave its trace in the title of the page.
TRACES = (
    "<script>document.title = 'ran'</script>",
    "</template><script>document.title = 'ran'</script><template>",
    "</style><script>document.title = 'ran'</script>",
    "--><img src=x onerror=\"document.title = 'ran'\">",
    "<svg onload=\"document.title = 'ran'\"></svg>",
    '"><details open ontoggle="document.title = \'ran\'">',
    "<iframe srcdoc=\"<script>top.document.title = 'ran'</script>\"></iframe>",
    "<a href=\"javascript:document.title = 'ran'\">x</a>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "<base href='http://127.0.0.1:9/'>",
    "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>",
)
RESTLESS = """<!doctype html><html lang="fr"><title>x</title><img src="http://127.0.0.1:9/x.png"><p>x</p>
<script>document.title = 'ran'; console.error('x')</script></html>"""
FONTS = """document.fonts.ready.then(fonts => [...fonts].map(
  font => [font.family.replaceAll('"', ''), font.weight, font.status].join(' ')).sort())"""
SHOWN = "h1, h2, h3, h4, p, li, dt, dd, caption, th, td, a, bdi, span, small, code, summary, text, tspan"

pytestmark = pytest.mark.real


@pytest.fixture(params=["with scripts", "without scripts"])
def read(request: pytest.FixtureRequest, tabs: Tabs) -> Callable[[Path], Tab]:
    """Opens a page in somebody's browser, with JavaScript or without."""
    scripts = request.param == "with scripts"
    return lambda page: look(tabs, page, "wide", java_script_enabled=scripts)


@pytest.fixture(params=["single file", "folder"])
def received(request: pytest.FixtureRequest, forms: Forms, tmp_path: Path) -> Path:
    """A dossier with hostile text wherever a person writes, moved and renamed; its page."""
    place = tmp_path / "Clé USB de l’été" / "à relire (2)"
    place.mkdir(parents=True)
    return moved(forms.data("whole"), place, in_folder=request.param == "folder")


def moved(whole: dict[str, Any], place: Path, *, in_folder: bool) -> Path:
    dossier = parse_dossier(poisoned(whole))
    if not in_folder:
        build.build_html(dossier, place / "d.html")
        return (place / "d.html").rename(place / "Livret d’Ÿves & Zoé #1 100 %.html")
    build.build_zip(dossier, place / "d.zip")
    with zipfile.ZipFile(place / "d.zip") as pack:
        pack.extractall(place / "reçu")
    return shutil.move(place / "reçu" / "livret", place / "Livret n° 1") / "index.html"


def poisoned(data: Any) -> Any:
    """The dossier with hostile texts for titles, values and notes, and rare characters in one."""
    texts = [text for text in (*TRACES, *TEXTS.values()) if len(text) < 5_000]
    data = copy.deepcopy(data)
    data["title"], data["recipient"] = TRACES[0], TRACES[3]
    data["holder"] |= {"firstName": SPECIAL, "lastName": TRACES[2]}
    entries = [
        entry for part in data["parts"] for one in part["rubrics"] for entry in one["entries"]
    ]
    for rank, entry in enumerate(entries):
        entry["headline"] = texts[rank % len(texts)]
        entry["lines"] = [
            line | {"text": texts[(rank + at) % len(texts)]}
            for at, line in enumerate(entry["lines"])
        ]
        entry["links"] = [
            link | {"note": texts[(rank + 5) % len(texts)]} for link in entry["links"]
        ]
    return data


def asked(tab: Tab) -> set[str]:
    """The addresses that the page asked for, but what it carries within itself."""
    return {unquote(one) for one in tab.requests if not one.startswith(("data:", "about:"))}


def test_a_page_that_asks_and_runs_and_complains_would_be_seen(tabs: Tabs, tmp_path: Path) -> None:
    (tmp_path / "restless.html").write_text(RESTLESS, encoding="utf-8")
    tab = look(tabs, tmp_path / "restless.html", "wide")
    assert "http://127.0.0.1:9/x.png" in asked(tab)
    assert tab.page.title() == "ran"
    assert len(tab.complaints) >= 2
    assert fonts_used(tab)
    assert not any(ours for _, ours in fonts_used(tab))


def test_a_dossier_asks_for_nothing_and_runs_nothing(
    read: Callable[[Path], Tab], received: Path
) -> None:
    reader = read(received)
    reader.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    ours = {received}
    if received.name == "index.html":
        ours |= {received.parent / "static" / name for name in build.ASSETS}
    found = asked(reader)
    assert unquote(received.as_uri()) in found
    assert found <= {unquote(one.as_uri()) for one in ours}
    assert reader.complaints == []
    assert TRACES[0] in reader.page.evaluate("document.title")
    assert (
        reader.page.evaluate(
            "document.querySelectorAll('script, iframe, img, base, object').length"
        )
        == 0
    )
    assert reader.page.evaluate("document.body.innerText.length") > 5_000


@pytest.mark.parametrize("data", [BOOKLET, hostile()], ids=["booklet", "hostile"])
def test_a_folder_opens_and_prints_and_asks_for_nothing(
    tabs: Tabs, tmp_path: Path, data: dict[str, Any]
) -> None:
    build.build_folder(parse_dossier(data), tmp_path / "dossier")
    folder = (tmp_path / "dossier").rename(tmp_path / "clé USB été")
    tab = look(tabs, folder / "index.html", "wide")
    pdf = tab.page.pdf()
    found = asked(tab)
    assert unquote((folder / "index.html").as_uri()) in found
    assert found <= {unquote(one.as_uri()) for one in folder.rglob("*")}
    assert tab.complaints == []
    assert pdf.startswith(b"%PDF")
    assert b"PublicSans" in pdf


def test_both_weights_load_and_no_letter_is_borrowed(
    read: Callable[[Path], Tab], forms: Forms, tmp_path: Path
) -> None:
    for in_folder in (False, True):
        data = forms.data("whole") | {"title": SPECIAL}
        target = tmp_path / ("folder" if in_folder else "page.html")
        (build.build_folder if in_folder else build.build_html)(parse_dossier(data), target)
        reader = read(target / "index.html" if in_folder else target)
        assert reader.page.evaluate(FONTS) == ["Public Sans 400 loaded", "Public Sans 700 loaded"]
        used = fonts_used(reader)
        assert sum(used.values()) > 10_000
        assert {family for family, _ in used} == {"Public Sans"}, used
        assert all(ours for _, ours in used)
        shown = reader.page.evaluate("document.body.innerText")
        assert all(letter in shown for letter in "Ÿœ\u202f«")


@pytest.mark.parametrize("name", ["julliard", "teriitahi"])
def test_the_demo_borrows_no_letter(tabs: Tabs, forms: Forms, name: str) -> None:
    tab = look(tabs, forms.html(name), "wide")
    assert {family for family, _ in fonts_used(tab)} == {"Public Sans"}


def fonts_used(tab: Tab) -> dict[tuple[str, bool], int]:
    """How many glyphs were drawn with each font, and whether the page brought it."""
    ask = tab.devtools.send
    ask("DOM.enable")
    ask("CSS.enable")
    root = ask("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = ask("DOM.querySelectorAll", {"nodeId": root, "selector": SHOWN})["nodeIds"]
    used: dict[tuple[str, bool], int] = {}
    for node in nodes:
        for font in ask("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            key = (font["familyName"], font["isCustomFont"])
            used[key] = used.get(key, 0) + int(font["glyphCount"])
    return used
