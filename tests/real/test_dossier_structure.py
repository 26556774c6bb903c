"""How the dossier's page is built: headings, landmarks, links both ways, order, and the keyboard.

What stands where is asked of the browser and by meaning, never by the name of a class.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .chromium import Tab, Tabs
from .conftest import Forms
from .screens import look

NAMES = ("whole", "empty", "request", "extreme", "julliard")
LANDMARKS = ("banner", "main", "contentinfo", "navigation", "complementary", "search", "form")
# An element of a booklet is what its code names: an article, or a row of the list of attachments.
PAGE = """(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const element = node => node.closest('article[id], tr[id]')?.id ?? '';
  return {
    language: document.documentElement.lang,
    headings: all('h1, h2, h3, h4, h5, h6').map(heading => +heading.tagName[1]),
    ids: all('[id]').map(node => node.id),
    elements: all('article[id], tr[id]').map(node => node.id),
    links: all('a').map(link => [element(link), link.getAttribute('href')]),
    named: all('[aria-labelledby], [aria-describedby], [aria-controls]').flatMap(node =>
      ['aria-labelledby', 'aria-describedby', 'aria-controls']
        .flatMap(name => (node.getAttribute(name) ?? '').split(' ').filter(Boolean))),
    heads: all('th').map(head => head.scope),
    headless: all('table').filter(table => !table.querySelector('thead th') || !table.caption)
      .map(table => table.outerHTML.slice(0, 90)),
  };
})()"""
# Blocks of text in the order of the page; those that stand in the same column must go down.
OUT_OF_ORDER = """(() => {
  const own = node => [...node.childNodes].some(child =>
    child.nodeType == 3 ? child.data.trim() : ['A', 'BDI', 'SPAN'].includes(child.tagName));
  const blocks = [...document.querySelectorAll('h1, h2, h3, h4, p, li, dt, dd, caption, th, td')]
    .filter(node => own(node) && node.checkVisibility() && node.getClientRects().length
                    && !['absolute', 'fixed'].includes(getComputedStyle(node).position));
  const faults = [], before = [];
  for (const node of blocks) {
    const box = node.getBoundingClientRect();
    const above = before.findLast(other => {
      const shared = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      return shared > 0.5 * Math.min(box.width, other.box.width) && !other.node.contains(node);
    });
    const legal = node.closest('.legal'), columns = legal && getComputedStyle(legal).columnCount > 1;
    const beside = columns && legal.contains(above?.node) && box.left >= above.box.right;
    if (above && !beside && box.top < above.box.top - 2)
      faults.push([above.node.textContent.slice(0, 40), node.textContent.slice(0, 40)].join(' < '));
    before.push({node, box});
  }
  return {blocks: blocks.length, faults};
})()"""
# After a key was pressed, `focus()` shows as it does for whoever uses the keyboard.
WITHOUT_FOCUS = """(() => {
  const nodes = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .filter(node => node.checkVisibility());
  const faults = nodes.filter(node => {
    node.focus();
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    const seen = style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 2;
    const here = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return document.activeElement != node || !node.matches(':focus-visible') || !seen || !here;
  });
  return {nodes: nodes.length, faults: faults.map(node => node.outerHTML.slice(0, 90))};
})()"""
LOST = """<!doctype html><html lang="fr"><title>x</title>
<style>body { display: flex; flex-direction: column-reverse } a { outline: none }</style>
<p>un</p><p>deux <a href="#x">trois</a></p></html>"""

pytestmark = pytest.mark.real


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest, tabs: Tabs, forms: Forms) -> Any:
    """What there is in a dossier's page."""
    found = look(tabs, forms.html(request.param), "wide").page.evaluate(PAGE)
    assert len(found["ids"]) > 5
    return found | {"name": request.param}


def spoken(tab: Tab) -> Iterator[tuple[str, str]]:
    """Role and name of everything that assistive technology is told of."""
    for node in tab.devtools.send("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            yield node["role"]["value"], node.get("name", {}).get("value", "")


def test_headings_never_skip_a_level_in_french(page: Any) -> None:
    assert page["language"] == "fr"
    assert page["headings"][0] == 1
    assert page["headings"].count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(page["headings"]))


def test_every_id_is_unique_and_every_name_and_link_leads_to_one(page: Any) -> None:
    ids = Counter(page["ids"])
    assert [one for one, times in ids.items() if times > 1] == []
    assert set(page["named"]) <= set(ids)
    targets = {href for _, href in page["links"]}
    assert targets
    assert targets <= {f"#{one}" for one in ids}


def test_elements_that_support_each_other_are_linked_both_ways(page: Any) -> None:
    elements = set(page["elements"])
    ties = {(source, href[1:]) for source, href in page["links"] if source and href[1:] in elements}
    assert (len(ties) > 50) == (page["name"] != "empty")
    assert {(there, here) for here, there in ties} - ties == set()


def test_tables_have_captions_and_headers_that_say_what_they_head(page: Any) -> None:
    assert (len(page["heads"]) > 50) == (page["name"] != "empty")
    assert page["headless"] == []
    assert set(page["heads"]) <= {"col", "row", "colgroup", "rowgroup"}


@pytest.mark.parametrize("name", NAMES)
def test_landmarks_are_those_of_a_document_and_have_names_of_their_own(
    tabs: Tabs, forms: Forms, name: str
) -> None:
    told = list(spoken(look(tabs, forms.html(name), "wide")))
    assert len(told) > 50
    roles = Counter(role for role, _ in told)
    assert {role: roles[role] for role in ("banner", "main", "contentinfo")} == {
        "banner": 1, "main": 1, "contentinfo": 1,
    }  # fmt: skip
    assert (roles["navigation"] >= 1) == (name != "empty"), "an empty dossier has no contents"
    assert roles["region"] > (2 if name == "empty" else 5)
    assert (roles["article"] > 20) == (name != "empty")
    for kind in ("navigation", "region", "article"):
        names = Counter(called for role, called in told if role == kind)
        assert "" not in names
        assert [called for called, times in names.items() if times > 1] == []


def test_the_check_of_order_and_focus_complains_of_a_page_without(
    tabs: Tabs, tmp_path: Path
) -> None:
    (tmp_path / "lost.html").write_text(LOST, encoding="utf-8")
    tab = look(tabs, tmp_path / "lost.html", "narrow")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate(OUT_OF_ORDER)["faults"] == ["un < deux trois"]
    assert len(tab.page.evaluate(WITHOUT_FOCUS)["faults"]) == 1


@pytest.mark.parametrize("screen", ["narrow", "telephone", "zoomed to 200 %", "wide", "paper"])
@pytest.mark.parametrize("name", ["whole", "empty", "request", "extreme"])
def test_what_is_read_in_order_stands_in_order(
    tabs: Tabs, forms: Forms, name: str, screen: str
) -> None:
    tab = look(tabs, forms.html(name), screen)
    found = tab.page.evaluate(OUT_OF_ORDER)
    assert found["blocks"] > (20 if name == "empty" else 300)
    assert found["faults"] == []


@pytest.mark.parametrize("screen", ["narrow", "wide", "wide, dark", "forced colours"])
def test_the_focus_is_seen_wherever_it_goes(tabs: Tabs, forms: Forms, screen: str) -> None:
    tab = look(tabs, forms.html("whole"), screen)
    tab.page.keyboard.press("Tab")
    found = tab.page.evaluate(WITHOUT_FOCUS)
    assert found["nodes"] > 100
    assert found["faults"] == []


@pytest.mark.parametrize("screen", ["narrow", "wide"])
def test_the_first_link_skips_to_the_content(tabs: Tabs, forms: Forms, screen: str) -> None:
    tab = look(tabs, forms.html("whole"), screen)
    tab.page.keyboard.press("Tab")
    box = "(box => box.top >= 0 && box.left >= 0 && box.height >= 20)"
    tab.page.wait_for_function(f"{box}(document.activeElement.getBoundingClientRect())")
    target = tab.page.evaluate("document.activeElement.getAttribute('href')")
    assert tab.page.evaluate(f"document.querySelector('{target}').matches('main')")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function(f"location.hash == '{target}'")
    top = "document.querySelector('main').getBoundingClientRect().top - visualViewport.offsetTop"
    tab.page.wait_for_function(f"Math.abs({top}) < 40")
    tab.page.keyboard.press("Tab")
    tab.page.wait_for_function("document.activeElement.closest('main')")
