"""What judges a page in Chromium: axe in light, dark and forced colours, its width, weight and console; and Nu."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

from .chromium import Response, Tab
from .test_dossier_accessibility import AXE, RUN, TAGS
from .test_dossier_markup import JAR

LEAST_RULES = 15
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
TELEPHONE = {"width": 360, "height": 740}
HEAVIEST = 60_000
# What a telephone changes of a page is where things stand.
PLACES = """axe.run(document, {runOnly: ['target-size', 'scrollable-region-focusable',
  'color-contrast', 'skip-link', 'meta-viewport'], preload: false})
.then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
  [rule.id, node.target.join(' '), node.failureSummary].join(' | '))))"""
# What a scheme changes of a page are its colours.
COLOURS = """axe.run(document, {runOnly: ['color-contrast', 'link-in-text-block'], preload: false})
.then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
  [rule.id, node.target.join(' '), node.failureSummary].join(' | '))))"""
BEYOND = """[...document.querySelectorAll('body *')]
.filter(one => document.documentElement.scrollWidth > innerWidth
  && one.getBoundingClientRect().right > innerWidth + 1)
.map(one => one.tagName + '.' + one.className)"""
# The same with the spacing of WCAG 1.4.12, and what is then cut off; a field of text scrolls what it holds.
SPACED = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets.push(sheet);
  const found = [...document.querySelectorAll('body *:not(svg *, input)')].filter(one => {
    const style = getComputedStyle(one);
    return one.checkVisibility() && style.clipPath == 'none' && one.clientWidth > 1
      && ['hidden', 'clip'].includes(style.overflowX)
      && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  });
  const wide = document.documentElement.scrollWidth > innerWidth ? ['beyond the screen'] : [];
  document.adoptedStyleSheets.pop();
  return [...wide, ...found.map(one => one.tagName + '.' + one.className)];
})()"""
WEIGHT = "performance.getEntriesByType('navigation')[0].decodedBodySize"


@dataclass
class Judge:
    """Looks at pages of a tab, and keeps what it finds. `folder` takes them for Nu."""

    tab: Tab
    folder: Path
    names: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    _answer: Response | None = None

    def __post_init__(self) -> None:
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: `make test-real` installs it")
        self.tab.page.on("response", self._note)

    def look(self, name: str) -> None:
        """Judge the page that the tab shows."""
        page = self.tab.page
        self.names.append(name)
        page.wait_for_load_state()
        page.evaluate(AXE.read_text("utf-8"))
        weight = page.evaluate(WEIGHT)
        self._find(name, [] if weight < HEAVIEST else [f"heavy: {weight} bytes"])
        found = page.evaluate(RUN % (json.dumps(TAGS), "true"))
        self._find(name, found["violations"])
        if len(found["passes"]) < LEAST_RULES:
            self._find(name, ["axe examined next to nothing"])
        page.emulate_media(color_scheme="dark")
        self._find(f"{name}, dark", page.evaluate(COLOURS))
        page.emulate_media(color_scheme="dark", forced_colors="active")
        self._find(f"{name}, forced colours", page.evaluate(COLOURS))
        page.emulate_media(color_scheme="null", forced_colors="null")
        size = page.viewport_size
        page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type] # a ViewportSize is such a dict
        self._find(f"{name}, 360 px wide", [*page.evaluate(PLACES), *page.evaluate(BEYOND)])
        page.set_viewport_size(NARROW)  # type: ignore[arg-type] # a ViewportSize is such a dict
        self._find(f"{name}, 320 px wide", page.evaluate(BEYOND))
        self._find(f"{name}, spaced", page.evaluate(SPACED))
        if size is not None:
            page.set_viewport_size(size)
        self._find(name, complaints_of(self.tab))
        self.tab.complaints.clear()
        if self._answer is not None:
            (self.folder / f"{len(self.names)}.html").write_text(self._answer.text(), "utf-8")

    def ask_nu(self) -> None:
        """Let the Nu checker read every page that was looked at, as it was sent."""
        java = shutil.which("java")
        if not java or not JAR.is_file():
            pytest.skip("Java or vnu-jar is not installed: `make test-real` installs them")
        done = subprocess.run(
            [java, "-Xss8m", "-jar", str(JAR), "--format", "json", "--stdout", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE_SECONDS,
            check=False,
        )
        for one in json.loads(done.stdout)["messages"]:
            number = int(one["url"].rpartition("/")[2].removesuffix(".html"))
            line = f"Nu, line {one.get('lastLine')}: {one['message']}"
            self._find(self.names[number - 1], [line])

    def _note(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and response.frame == self.tab.page.main_frame:
            self._answer = response if "html" in response.headers.get("content-type", "") else None

    def _find(self, name: str, said: list[str]) -> None:
        self.findings += [f"{name}: {one}" for one in said]


def complaints_of(tab: Tab) -> list[str]:
    """What went wrong, but for what Chromium says of each refused form and each file that it saves."""
    usual = ("the server responded with a status of 4", "net::ERR_ABORTED")
    return [one for one in tab.complaints if not any(part in one for part in usual)]
