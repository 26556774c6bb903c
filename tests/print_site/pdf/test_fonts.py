"""A folder of fonts: what it adds to PDFs, and why one is refused."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from print_site import build
from print_site.__main__ import main
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import typeset_marks
from print_site.errors import PrintError, Reason
from print_site.pdf import font_characters
from print_site.pdf.fonts import VARIABLE
from print_site.pdf.layout import make_pdf
from print_site.settings import PDF_FONTS
from tests.print_site.font_files import write_font
from tests.print_site.pdf_tree import Tree

JAPANESE = "日本語"


@pytest.fixture(autouse=True)
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with the fonts of the theme, and forget those that a command added."""
    monkeypatch.setenv(VARIABLE, "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one font, of Japanese and of a letter that the theme has."""
    made = tmp_path_factory.mktemp("polices à part")
    write_font(made / "japonais.ttf", f"{JAPANESE}A")
    return made


@pytest.fixture
def abroad(short: dict[str, Any]) -> dict[str, Any]:
    """A dossier for a Japanese town."""
    return {**short, "recipient": f"Ville de {JAPANESE}"}


def test_the_letters_of_a_folder_are_printed(
    monkeypatch: pytest.MonkeyPatch, folder: Path, abroad: dict[str, Any]
) -> None:
    dossier = parse_dossier(abroad)
    assert "Ville de \ufffd\ufffd\ufffd" in Tree(BytesIO(make_pdf(dossier))).heard()
    monkeypatch.setenv(VARIABLE, str(folder))
    with_more = make_pdf(dossier)
    assert f"Ville de {JAPANESE}" in Tree(BytesIO(with_more)).heard()
    assert make_pdf(dossier) == with_more


def test_letters_that_the_theme_has_are_drawn_by_its_fonts(
    monkeypatch: pytest.MonkeyPatch, folder: Path, short: dict[str, Any]
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    with Tree(BytesIO(make_pdf(parse_dossier(short)))).pdf as pdf:
        names = {str(font.BaseFont) for font in pdf.objects if has_base_font(font)}
    assert names
    assert not [name for name in names if "Essai" in name]


def has_base_font(held: Any) -> bool:
    return isinstance(held, pikepdf.Dictionary) and "/BaseFont" in held


def test_a_pdf_is_compared_with_its_fonts_only(
    tmp_path: Path, folder: Path, abroad: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    for form in ("pdf", "html"):
        build.BUILDERS[form](parse_dossier(abroad), tmp_path / form)
    monkeypatch.setenv(VARIABLE, "")
    assert main(["verify", str(tmp_path / "pdf")]) == 12
    assert main(["verify", str(tmp_path / "html")]) == 0
    assert main(["verify", str(tmp_path / "pdf"), "--fonts", str(folder)]) == 0


def test_what_a_folder_adds_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fonts", str(folder)]) == 0
    assert capsys.readouterr().out == typeset_marks("japonais.ttf : 3 caractères de plus\n")
    assert main(["fonts", str(folder), "--json"]) == 0
    ranges = json.loads(capsys.readouterr().out)["printable"]
    assert {"0020-007E", "65E5-65E5", "672C-672C", "8A9E-8A9E"} <= set(ranges)


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda folder: folder.rmdir(), "le dossier n’est pas lisible."),
        (lambda folder: None, "il n’y en a aucune (.ttf, .otf, .ttc ou .otc)."),
        (
            lambda folder: (folder / "a.otf").write_bytes(b"OTTO broken"),
            "« a.otf » n’est pas lisible.",
        ),
        (
            lambda folder: write_font(folder / "a.ttf", JAPANESE, printed_name=""),
            "« a.ttf » ne s’imprime pas dans un PDF/A : prenez-en une autre.",
        ),
    ],
)
def test_fonts_that_cannot_print_are_refused(
    tmp_path: Path, prepare: Any, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "polices"
    folder.mkdir()
    prepare(folder)
    assert main(["fonts", str(folder), "--json"]) == 14
    told = capsys.readouterr()
    assert told.out == ""
    assert typeset_marks(f"Polices refusées : {why}") in told.err


def test_time_that_ends_while_a_font_is_read_is_not_said_to_be_a_bad_font(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def over(_content: object, **_options: object) -> None:
        raise PrintError(Reason.TOO_LONG, "x")

    monkeypatch.setattr(font_characters, "TTFont", over)
    with pytest.raises(PrintError) as raised:
        font_characters.faces_of_file(next(PDF_FONTS.glob("*.ttf")))
    assert raised.value.reason is Reason.TOO_LONG
