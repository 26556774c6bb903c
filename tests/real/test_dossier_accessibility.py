"""The dossier's page in a browser, as axe judges it, on every kind of screen; and what axe leaves open."""

import json
from pathlib import Path
from typing import Any

import pytest

from .chromium import Tab, Tabs
from .conftest import Forms
from .screens import SCREENS, look

AXE = Path(__file__).parent / "page_checkers" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST_RULES = 30
# What axe leaves to people, looked at: a cell of the matrix is empty where nothing supports.
LEFT_OPEN = {"th-has-data-cells"}
BROKEN = """<!doctype html><html><head><title></title>
<style>p { color: #bbb; width: 900px } a { outline: none }</style></head>
<body><div><h3>x</h3><img src="data:,"><p>gris <a href="#y">z</a></p></div></body></html>"""
# Nothing is tapped on paper; `preload` would ask for the sheets again, which the policy refuses.
RUN = """axe.run(document, {
  runOnly: {type: 'tag', values: %s}, rules: {'target-size': {enabled: %s}}, preload: false,
  resultTypes: ['violations', 'incomplete'],
}).then(found => {
  const told = rules => rules.flatMap(rule => rule.nodes.map(node =>
    [rule.id, node.target.join(' '), node.failureSummary].join(' | ')));
  return {passes: found.passes.map(rule => rule.id), violations: told(found.violations),
          open: told(found.incomplete.filter(rule => rule.id != 'color-contrast')),
          contrasts: found.incomplete.filter(rule => rule.id == 'color-contrast')
                     .flatMap(rule => rule.nodes.map(node => node.target.at(-1)))};
})"""
# The contrast of what axe cannot judge, the texts of drawings and what is scrolled out of sight, upon
# the page's colour. On a canvas of one pixel every way to write a colour becomes four numbers.
CONTRASTS = """(selectors => {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = colour => rgba(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgba(colour)[3] == 255) return colour;
    }
    return 'white';
  };
  return selectors.map(selector => {
    const element = document.querySelector(selector), style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [least, most] = [light(ink), light(ground(element))].sort((a, b) => a - b);
    return {selector, known: element instanceof SVGElement || !!element.closest('[tabindex="0"]'),
            contrast: (most + 0.05) / (least + 0.05)};
  });
})(%s)"""
# A text of a drawing that lies over a shape has another ground than the page's; or it is cut.
ILL_DRAWN = """(() => {
  const texts = [...document.querySelectorAll('svg text')];
  return {texts: texts.length, cut: texts.filter(text => {
    const own = text.getBoundingClientRect(), all = text.closest('svg').getBoundingClientRect();
    return own.left < all.left - 1 || own.right > all.right + 1;
  }).map(text => text.textContent.slice(0, 40)), covered: texts.flatMap(text => {
    const own = text.getBoundingClientRect();
    const shapes = [...text.closest('svg').querySelectorAll('rect, circle, ellipse, polygon')];
    return shapes.filter(shape => {
      const box = shape.getBoundingClientRect();
      return Math.min(own.right, box.right) - Math.max(own.left, box.left) > 1
          && Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top) > own.height / 4;
    }).map(shape => text.textContent.slice(0, 40) + ' over ' + shape.outerHTML.slice(0, 80));
  })};
})()"""
# What stands beyond the right edge, but for what scrolls by itself, is named and takes the focus.
BEYOND = """(width => {
  const scrolls = element => {
    const region = element.closest('[tabindex="0"][aria-label], [tabindex="0"][aria-labelledby]');
    return region && ['auto', 'scroll'].includes(getComputedStyle(region).overflowX);
  };
  const beyond = [...document.querySelectorAll('body *')].filter(element =>
    element.getBoundingClientRect().right > width + 1 && !scrolls(element)
    && getComputedStyle(element).position != 'absolute');
  return {page: document.scrollingElement.scrollWidth, seen: document.querySelectorAll('*').length,
          beyond: beyond.map(element => element.outerHTML.slice(0, 90))};
})(%d)"""
SOME = [
    *(("whole", screen) for screen in SCREENS),
    *(("empty", screen) for screen in ("wide", "narrow, dark", "paper")),
    ("request", "narrow"),
    ("request", "paper"),
    ("extreme", "wide"),
    ("extreme", "narrow, dark"),
    ("julliard", "telephone"),
]
NAMES = ("whole", "empty", "request", "extreme")
WIDTHS = [
    (name, screen)
    for name in NAMES
    for screen in ("narrow", "telephone", "zoomed to 200 %", "wide", "paper")
]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe. Without it the tests are skipped; in CI they fail."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `make test-real` installs it")
    return AXE.read_text(encoding="utf-8")


def judged(tab: Tab, axe: str, *, tapped: bool = True) -> Any:
    """What axe says of the page that the tab shows, which it must really have examined."""
    tab.page.evaluate(f"{axe}; typeof axe.run")
    return tab.page.evaluate(RUN % (json.dumps(TAGS), json.dumps(tapped)))


def test_axe_complains_of_a_broken_page(tabs: Tabs, axe: str, tmp_path: Path) -> None:
    (tmp_path / "broken.html").write_text(BROKEN, encoding="utf-8")
    tab = look(tabs, tmp_path / "broken.html", "narrow")
    found = judged(tab, axe)
    broken = {violation.split(" | ")[0] for violation in found["violations"]}
    assert broken >= {
        *("html-has-lang", "document-title", "image-alt", "color-contrast"),
        *("region", "landmark-one-main", "page-has-heading-one"),
    }
    assert tab.page.evaluate(BEYOND % 320)["beyond"] != []


@pytest.mark.parametrize(("name", "screen"), SOME)
def test_axe_finds_nothing_wrong(
    tabs: Tabs, axe: str, forms: Forms, name: str, screen: str
) -> None:
    tab = look(tabs, forms.html(name), screen)
    found = judged(tab, axe, tapped=SCREENS[screen].media == "screen")
    assert len(found["passes"]) >= LEAST_RULES
    assert "color-contrast" in found["passes"]
    assert found["violations"] == []
    assert [one for one in found["open"] if one.split(" | ")[0] not in LEFT_OPEN] == []
    contrasts = tab.page.evaluate(CONTRASTS % json.dumps(found["contrasts"]))
    assert [one for one in contrasts if not one["known"] or one["contrast"] < 4.5] == []


@pytest.mark.parametrize("screen", ["wide", "narrow"])
@pytest.mark.parametrize("name", ["whole", "extreme", "julliard"])
def test_the_texts_of_drawings_are_whole_and_lie_upon_nothing(
    tabs: Tabs, forms: Forms, name: str, screen: str
) -> None:
    tab = look(tabs, forms.html(name), screen)
    found = tab.page.evaluate(ILL_DRAWN)
    assert found["texts"] > 20
    assert found["covered"] == []
    assert found["cut"] == []


@pytest.mark.parametrize(("name", "screen"), WIDTHS)
def test_no_page_is_wider_than_its_screen(tabs: Tabs, forms: Forms, name: str, screen: str) -> None:
    tab = look(tabs, forms.html(name), screen)
    width = SCREENS[screen].width
    found = tab.page.evaluate(BEYOND % width)
    assert found["seen"] > 100
    assert found["beyond"] == []
    assert found["page"] <= width
