"""What the real tests share: dossiers laid out once in each form, Chromium, and a running service."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from print_site import build
from print_site.dossier.model import PrintedDossier
from print_site.dossier.parsing import parse_dossier
from tests.conftest import Deployment

from . import dossiers
from .service import RealService, serving

if TYPE_CHECKING:  # these need the extra `real`: without it their importers are skipped
    from playwright.sync_api import Browser

    from .chromium import Tabs
    from .printing import Press


@dataclass
class Forms:
    """Each dossier by its name, and where it is in each form."""

    folder: Path
    deploy: Callable[[str], Deployment]
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def data(self, name: str) -> dict[str, Any]:
        if name not in self.known:
            if name in dossiers.DEMO:
                self.known[name] = dossiers.demo(self.deploy("sqlite"), name)
            else:
                self.known[name] = getattr(dossiers, name)()
        return self.known[name]

    def html(self, name: str) -> Path:
        """The single file."""
        return self._built(name, build.build_html, f"{name}.html")

    def unfolded(self, name: str) -> Path:
        """The folder."""
        return self._built(name, build.build_folder, name)

    def zip(self, name: str) -> Path:
        return self._built(name, build.build_zip, f"{name}.zip")

    def pdf(self, name: str) -> Path:
        """The PDF."""
        return self._built(name, build.build_pdf, f"{name}.pdf")

    def _built(self, name: str, builder: Callable[[PrintedDossier, Path], None], file: str) -> Path:
        target = self.folder / file
        if not target.exists():
            builder(parse_dossier(self.data(name)), target)
        return target


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory, deploy: Callable[[str], Deployment]) -> Forms:
    return Forms(tmp_path_factory.mktemp("dossiers"), deploy)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium. It lives as long as a file of tests: while it does, nothing else may use asyncio."""
    from .chromium import launched

    with launched() as started:
        yield started


@pytest.fixture
def tabs(browser: "Browser") -> Iterator["Tabs"]:
    """Opens pages, which are closed when the test ends."""
    from .chromium import Tabs

    with Tabs(browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def press(browser: "Browser", forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> "Press":
    """Prints each dossier once for a file of tests, in Chromium or by Typst."""
    from .printing import press_of

    return press_of(browser, forms, tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealService]:
    """A service that lives as long as a file of tests."""
    with serving(tmp_path_factory.mktemp("service")) as started:
        yield started
