"""Every form of the dossier as the Nu HTML checker reads it: no error and no warning, nothing filtered."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from print_site.settings import SHEETS
from tests.patience import PATIENCE_SECONDS

from .conftest import Forms
from .http_server import files_served

JAR = Path(__file__).parent / "page_checkers" / "node_modules" / "vnu-jar/build/dist/vnu.jar"
BROKEN = {
    "broken.html": "<!doctype html><html lang=fr><title>x</title><p id=a></div><img id=a>"
    "<style>p { colour: red }</style>",
    "dubious.html": "<!doctype html><html><title>x</title><h1>Un titre</h1><h3>Un autre</h3>",
    "broken.css": "p { colour: red } q { color: 12px }",
}
NAMES = ("whole", "empty", "request", "extreme", "julliard")
Said = dict[str, list[str]]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def said(forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What Nu says of each file, errors, warnings and the rest alike, in one run of Java."""
    java = shutil.which("java")
    if not java:
        pytest.skip("Java is not installed")
    if not JAR.is_file():
        pytest.skip("vnu-jar is not installed: `make test-real` installs it")
    folder = tmp_path_factory.mktemp("broken")
    for name, text in BROKEN.items():
        (folder / name).write_text(text, encoding="utf-8")
    static = forms.unfolded("whole") / "static"
    files = [
        *(forms.html(name) for name in NAMES),
        *(static / sheet for sheet in SHEETS),
        *(folder / name for name in BROKEN),
    ]
    told: Said = {file.name: [] for file in files} | {"index.html": []}
    # A page of a file has no origin, so Nu would say of each sheet that `'self'` refuses it.
    with files_served(static.parent) as address:
        done = subprocess.run(
            [
                *(java, "-Xss8m", "-Dnu.validator.servlet.allow-forbidden-hosts=true"),
                *("-jar", str(JAR), "--format", "json", "--stdout", "--also-check-css"),
                # First: after a sheet Nu would read a page from an address by the rules of the sheet.
                *(f"{address}/index.html", *map(str, files)),
            ],
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE_SECONDS,
            check=False,
        )
    for one in json.loads(done.stdout)["messages"]:
        kind, name = one.get("subType", one["type"]), one["url"].rpartition("/")[2]
        told[name].append(f"{kind} in line {one.get('lastLine')}: {one['message']}")
    return told


def test_nu_complains_of_broken_pages_and_sheets(said: Said) -> None:
    broken = " ".join(said["broken.html"])
    assert "Duplicate ID" in broken
    assert "colour" in broken
    assert any(one.startswith("warning ") for one in said["dubious.html"])
    assert len(said["broken.css"]) == 2


@pytest.mark.parametrize("page", [*(f"{name}.html" for name in NAMES), "index.html"])
def test_no_page_has_an_error_or_a_warning(said: Said, page: str) -> None:
    assert said[page] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_sheet_has_an_error_or_a_warning(said: Said, sheet: str) -> None:
    assert said[sheet] == []
