"""The pages for anybody in a real browser: judged by axe and by Nu, and a dossier verified without script."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from tests.patience import PATIENCE_SECONDS
from tests.print_site.conftest import BOOKLET, shortened

from .chromium import Tab, Tabs, expect
from .screens import SCREENS
from .service import RealService
from .test_dossier_accessibility import AXE, BEYOND, RUN, TAGS
from .test_dossier_markup import JAR

pytestmark = pytest.mark.real

PATHS = (
    *("/aide", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/contact"),
    *("/verifier", "/nowhere"),
)
ON = ("wide", "narrow, dark", "forced colours")
LEAST_RULES = 15


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A dossier as it was laid out, and the same with a word more."""
    folder = tmp_path_factory.mktemp("received")
    genuine, changed = folder / "Dossier reçu.html", folder / "changed.html"
    build.BUILDERS["html"](parse_dossier(shortened(BOOKLET)), genuine)
    text = genuine.read_text("utf-8")
    assert text.count("</main>") == 1
    changed.write_text(text.replace("</main>", "<p>Admis</p></main>"), "utf-8")
    return genuine, changed


def opened(tabs: Tabs, screen: str, **options: bool) -> Tab:
    shown = SCREENS[screen]
    return tabs.open(viewport={"width": shown.width, "height": 800}, **shown.preferences, **options)


def judge(tab: Tab, name: str) -> None:
    """Fail where axe or the width of the screen finds anything."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `make test-real` installs it")
    tab.page.evaluate(AXE.read_text("utf-8"))
    found = tab.page.evaluate(RUN % (json.dumps(TAGS), "true"))
    assert len(found["passes"]) >= LEAST_RULES, name
    assert found["violations"] == [], name
    width = tab.page.viewport_size
    assert width is not None
    assert tab.page.evaluate(BEYOND % width["width"])["beyond"] == [], name


@pytest.mark.parametrize("screen", ON)
def test_axe_finds_nothing_on_any_public_page(
    service: RealService, tabs: Tabs, screen: str
) -> None:
    tab = opened(tabs, screen)
    for path in PATHS:
        tab.page.goto(f"{service.url}{path}")
        judge(tab, path)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_received_dossier_is_verified(
    service: RealService, tabs: Tabs, received: tuple[Path, Path], *, scripts: bool
) -> None:
    genuine, changed = received
    tab = opened(tabs, "narrow, dark", java_script_enabled=scripts)
    page = tab.page
    page.goto(service.url)
    page.click("footer >> text=Vérifier un dossier")
    page.click("main button[type=submit]")
    expect(page.locator("[role=alert]:not([hidden])")).to_contain_text("Aucun fichier choisi")
    for file, heading in (
        (genuine, "Ce dossier est tel que Livret l’a mis en page"),
        (changed, "Ce dossier n’est pas celui qui a été mis en page"),
        (Path(__file__), "Ce fichier n’est pas un dossier de Livret"),
    ):
        page.set_input_files("#dossier", file)
        page.click("main button[type=submit]")
        expect(page.locator("h1")).to_have_text(heading)
        if scripts:
            judge(tab, heading)


def test_nu_finds_no_error_and_no_warning_in_them(service: RealService) -> None:
    java = shutil.which("java")
    if not java or not JAR.is_file():
        pytest.skip("Java or vnu-jar is not installed: `make test-real` installs them")
    addresses = [f"{service.url}{path}" for path in PATHS if path != "/nowhere"]
    done = subprocess.run(
        [
            *(java, "-Xss8m", "-Dnu.validator.servlet.allow-forbidden-hosts=true"),
            *("-jar", str(JAR), "--format", "json", "--stdout", *addresses),
        ],
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE_SECONDS,
        check=False,
    )
    told = json.loads(done.stdout)["messages"]
    assert [f"{one['url']}: {one.get('lastLine')}: {one['message']}" for one in told] == []
