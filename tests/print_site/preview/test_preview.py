"""The designers' preview over HTTP: changes, errors, and requests that are refused."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from print_site.dossier.text import typeset_marks
from tests.print_site.brands import written
from tests.print_site.previews import PACKAGE, Preview, changed, previewing


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with previewing(tmp_path_factory.mktemp("preview")) as started:
        yield started


@pytest.fixture
def preview(alone: Preview, tmp_path: Path) -> Iterator[Preview]:
    """One preview for all tests; changes of its theme are undone after each."""
    kept = shutil.copytree(alone.theme, tmp_path / "kept")
    yield alone
    shutil.rmtree(alone.theme)
    shutil.copytree(kept, alone.theme)


def test_the_index_leads_to_every_view_and_every_view_answers(preview: Preview) -> None:
    index = preview.client.get("/").text
    views = re.findall(r'href="(/view/[^"]+\.html)"', index)
    assert len(views) == 5
    assert len(re.findall(r'href="/view/[^"]+\.pdf"', index)) == 5
    for view in views:
        page = preview.client.get(view).text
        (inner,) = re.findall(r'<iframe[^>]* src="([^"]+)"', page)
        assert preview.client.get(inner).text.startswith("<!doctype html>")


def test_a_changed_template_changes_the_page_that_is_served(preview: Preview) -> None:
    assert "Carnet de route" not in preview.page()
    before = preview.stamp()
    changed(preview.theme / "templates" / "_cover.html", "<h1>", "<h1>Carnet de route ")
    assert preview.stamp() != before
    assert "<h1>Carnet de route " in preview.page()


def test_a_changed_sheet_changes_the_page_that_is_served(preview: Preview) -> None:
    assert ".couverture" not in preview.page()
    changed(preview.theme / "static" / "cover.css", ".cover", ".couverture")
    assert ".couverture" in preview.page()


def test_nothing_changes_as_long_as_nothing_changes(preview: Preview) -> None:
    assert preview.stamp() == preview.stamp()
    assert preview.page() == preview.page()


def test_a_syntax_error_shows_its_file_and_line_and_the_next_save_heals(preview: Preview) -> None:
    good = preview.page()
    file = preview.theme / "templates" / "_cover.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{{# un #}}\n{{% if %}}\n{text}", encoding="utf-8")
    fault = preview.fault()
    assert "Erreur de syntaxe" in fault
    assert "<code>templates/_cover.html</code>, ligne 2" in fault
    assert '<code class="blamed"><span>2</span>{% if %}</code>' in fault
    assert "Traceback" not in fault
    file.write_text(text, encoding="utf-8")
    assert preview.page() == good


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{{ dossier.titel }}", "Un gabarit demande ce qui n’existe pas : "),
        ("{{ nobody }}", "&#39;nobody&#39; is undefined"),
        ('{% include "_nothing.html" %}', "Le gabarit « _nothing.html » n’existe pas."),
        ("{{ 1 | nofilter }}", "No filter named &#39;nofilter&#39;"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_mistake_shows_its_file_and_line(preview: Preview, wrong: str, said: str) -> None:
    changed(preview.theme / "templates" / "_contents.html", "\n", f"\n<p>{wrong}</p>\n")
    fault = preview.fault()
    assert said in fault
    assert "<code>templates/_contents.html</code>, ligne 2" in fault


def test_a_sheet_that_is_gone_is_named(preview: Preview) -> None:
    (preview.theme / "static" / "parts.css").unlink()
    assert "<code>static/parts.css</code>" in preview.fault()


def test_a_changed_branding_changes_the_page_and_a_bad_one_says_why(tmp_path: Path) -> None:
    file = written(tmp_path, 'name = "Pays des Lacs"')
    with previewing(tmp_path, "--branding", str(file)) as preview:
        assert "Pays des Lacs" in preview.page()
        assert "Ville de Rivemont" in preview.page("brand")
        written(tmp_path, 'name = "Pays des Lacs"\naccent = "#eeeeee"')
        assert "n’est pas assez lisible en mode clair" in preview.fault()
        written(tmp_path, 'name = "Pays des Monts"')
        assert "Pays des Monts" in preview.page("empty")
        file.unlink()
        assert "n’est pas lisible" in preview.fault()


def test_the_dossier_is_served_without_a_script_under_its_own_policy(preview: Preview) -> None:
    for name in ("full", "compact", "empty", "extreme", "brand"):
        page = preview.page(name)
        assert "<script" not in page
        assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
    around = preview.client.get("/view/full.html")
    assert '<script src="/preview.js" defer></script>' in around.text
    assert 'sandbox="allow-same-origin allow-modals"' in around.text
    assert "script-src 'self'" in around.headers["content-security-policy"]
    assert "unsafe" not in around.headers["content-security-policy"]


def test_the_page_is_the_one_that_is_printed(preview: Preview, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(preview.page("brand"), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-m", "print_site", "verify"),
            *(str(tmp_path / "page.html"), "--branding"),
            str(preview.theme.parent / "preview" / "example" / "branding.toml"),
        ],
        cwd=preview.theme.parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_paper_is_a_pdf_and_shows_mistakes_too(preview: Preview) -> None:
    answer = preview.client.get("/dossier/empty.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    changed(preview.theme / "typst" / "dossier.typ", "\n", "\n#nobody\n")
    assert "<code>typst/dossier.typ</code>, ligne 2" in preview.fault("empty.pdf")


@pytest.mark.parametrize("host", ["livret.example.org", "127.0.0.1", ""])
def test_another_name_for_this_machine_is_refused(preview: Preview, host: str) -> None:
    answer = preview.client.get("/dossier/full.html", headers={"host": host})
    assert answer.status_code == 421
    assert "Julliard" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/dossier/full.zip", "/dossier/nobody.html", "/view/full.exe", "/../Makefile",
     "/preview/sample.json", "/preview/compact.json", "/pages/view.html"],
)  # fmt: skip
def test_nothing_else_is_served(preview: Preview, path: str) -> None:
    assert preview.client.get(path).status_code == 404


def test_a_port_that_is_taken_is_said_so(preview: Preview) -> None:
    port = str(preview.client.base_url.port)
    done = subprocess.run(
        [sys.executable, "-m", "print_site", "preview", "--port", port],
        cwd=PACKAGE.parent,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 7
    assert done.stderr == typeset_marks(
        f"Le port {port} est déjà pris : choisissez-en un autre avec --port.\n"
    )
