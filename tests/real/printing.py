"""Prints a dossier in a browser, or takes its PDF, and keeps with it the outline of its page."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from print_site.errors import PrintError

from .chromium import Browser, Tab, Tabs
from .conftest import Forms
from .paper import Paper, paper_of
from .screens import look

Press = Callable[[str, str], "Printed"]
# Chromium gives a place to those anchors only that something links to.
LINK_ALL = """(() => {
  const links = document.createElement('div');
  links.hidden = true;
  for (const node of document.querySelectorAll('[id]')) {
    const link = document.createElement('a');
    link.href = '#' + node.id;
    links.append(link);
  }
  document.body.append(links);
})()"""
# Entries, each with the anchor that follows it; what the contents lead to, but single entries.
OUTLINE = """(() => {
  const inked = node => node.checkVisibility() && node.getBoundingClientRect().width > 1;
  const texts = node => [...node.childNodes].map(child => child.nodeType == 3 ? child.data
    : child.nodeType == 1 && inked(child) ? texts(child) : '').join('');
  const nodes = [...document.querySelectorAll('[id]')];
  const words = node => node.textContent.replaceAll(/\\s/g, '');
  const targets = [...document.querySelectorAll('nav a[href^="#"]')]
    .map(link => document.querySelector(link.getAttribute('href')))
    .filter(node => !node.matches('article, tr'));
  return {
    entries: [...document.querySelectorAll('article[id]')].map(entry => [entry.id, nodes.find(
      node => entry.compareDocumentPosition(node) == Node.DOCUMENT_POSITION_FOLLOWING)?.id ?? '']),
    contents: document.querySelector('nav [id]')?.id ?? '',
    targets: targets.map(node => [node.id, words(node)]),
    title: document.querySelector('title').textContent,
    text: texts(document.body),
  };
})()"""


@dataclass(frozen=True)
class Printed:
    """A dossier on paper, and the outline of the page that it was made from."""

    engine: str
    name: str
    paper: Paper
    outline: Any

    @property
    def holder(self) -> str:
        return str(self.outline["title"].rpartition(" – ")[2])


def print_page(tab: Tab, target: Path) -> None:
    """Print a page to PDF, as a browser does where nobody chooses anything."""
    tab.page.pdf(path=target, prefer_css_page_size=True, print_background=False, tagged=True)


def press_of(browser: Browser, forms: Forms, folder: Path) -> Press:
    """Prints a dossier once with each engine; skips, with the reason, where a part is missing."""
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    made: dict[tuple[str, str], Printed] = {}

    def printed(engine: str, name: str) -> Printed:
        if (engine, name) not in made:
            made[engine, name] = _printed(engine, name, browser, forms, folder)
        return made[engine, name]

    return printed


def _printed(engine: str, name: str, browser: Browser, forms: Forms, folder: Path) -> Printed:
    with Tabs(browser) as tabs:
        tab = look(tabs, forms.html(name), "paper")
        outline = tab.page.evaluate(OUTLINE)
        path = folder / f"{name}.pdf"
        if engine == "browser":
            tab.page.evaluate(LINK_ALL)
            print_page(tab, path)
    if engine != "browser":
        try:
            path = forms.pdf(name)
        except PrintError as refusal:
            pytest.skip(refusal.message)
    return Printed(engine, name, paper_of(path, paged=engine != "browser"), outline)
