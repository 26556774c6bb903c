"""Prints a dossier in a browser, or takes its PDF, and keeps with it the outline of its page."""

import base64
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from print_site.errors import PrintError

from .chromium import Tab
from .conftest import Forms
from .paper import Paper, paper_of
from .screens import SCREENS, look

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
    contents: document.querySelector('nav [id]').id,
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


def printed_by(tab: Tab) -> bytes:
    tab.send("Emulation.setEmulatedMedia", media="", features=[])
    tab.send("Emulation.clearDeviceMetricsOverride")
    told = tab.send(
        "Page.printToPDF", preferCSSPageSize=True, printBackground=False, generateTaggedPDF=True
    )
    return base64.b64decode(told["data"])


def press_of(tab: Tab, forms: Forms, folder: Path) -> Press:
    """Prints a dossier once with each engine; skips, with the reason, where a part is missing."""
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    made: dict[tuple[str, str], Printed] = {}

    def printed(engine: str, name: str) -> Printed:
        if (engine, name) not in made:
            made[engine, name] = _printed(engine, name, tab, forms, folder)
        return made[engine, name]

    return printed


def _printed(engine: str, name: str, tab: Tab, forms: Forms, folder: Path) -> Printed:
    look(tab, forms.html(name), SCREENS["paper"])
    outline = tab.run(OUTLINE)
    if engine == "browser":
        tab.run(LINK_ALL)
        path = folder / f"{name}.pdf"
        path.write_bytes(printed_by(tab))
    else:
        try:
            path = forms.pdf(name)
        except PrintError as refusal:
            pytest.skip(refusal.message)
    return Printed(engine, name, paper_of(path, paged=engine != "browser"), outline)
