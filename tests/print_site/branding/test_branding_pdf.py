"""A branding in the PDF: the logo is a figure with a name, the drawings take the colours."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from print_site import build
from print_site.branding.branding import read_branding
from print_site.dossier.parsing import parse_dossier
from tests.print_site.brands import example, png, written
from tests.print_site.conftest import BOOKLET, shortened
from tests.print_site.pdf_checks import check_outloud, check_same_text
from tests.print_site.pdf_tree import Tree

pytestmark = pytest.mark.real

TALL = 'name = "Communauté d’agglomération des Deux-Rives"\nshow_name = true\naccent = "#0b5c70"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print PDFs with two brandings: a wide SVG with every colour, and a tall PNG with a name."""
    made = tmp_path_factory.mktemp("branded")
    tall = read_branding(written(made, TALL, png()))
    whole, short = parse_dossier(BOOKLET), parse_dossier(shortened(BOOKLET))
    for name, dossier, branding in (("wide", whole, example()), ("tall", short, tall)):
        build.build_pdf(dossier, made / f"{name}.pdf", branding)
        build.build_html(dossier, made / f"{name}.html", branding)
    return made


@pytest.mark.parametrize(("name", "said"), [("wide", "Ville de Rivemont"), ("tall", "Logo")])
def test_the_logo_is_the_first_figure_and_says_its_name(folder: Path, name: str, said: str) -> None:
    tree = Tree(folder / f"{name}.pdf")
    assert str(next(tree.elements("Figure")).Alt) == said
    assert tree.untagged == []
    assert tree.orphans() == set()
    check_same_text((folder / f"{name}.html").read_text(encoding="utf-8"), tree)


@pytest.mark.skipif(not find_spec("outloud"), reason="outloud is not installed")
def test_outloud_finds_no_error_in_a_branded_dossier(folder: Path) -> None:
    check_outloud(folder / "wide.pdf")


def painted(pdf: Path) -> set[tuple[float, ...]]:
    """Return every fill colour of the pages and their drawings."""
    found: set[tuple[float, ...]] = set()
    with pikepdf.open(pdf) as opened:
        forms = [one for one in opened.objects if is_form(one)]
        for holder in (*opened.pages, *forms):
            for operands, _ in pikepdf.parse_content_stream(holder, "rg scn"):
                channels: Any = operands
                if len(operands) == 3:
                    found.add(tuple(round(float(one), 2) for one in channels))
    return found


def is_form(found: Any) -> bool:
    return isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Form"


def channels(colour: str) -> tuple[float, ...]:
    return tuple(round(int(colour[at : at + 2], 16) / 255, 2) for at in (1, 3, 5))


def test_titles_codes_and_drawings_are_painted_in_the_colours_of_the_branding(folder: Path) -> None:
    colours = painted(folder / "wide.pdf")
    for role in ("accent", "formations", "experiences", "competences"):
        assert channels(example().light[role]) in colours
    # Of those of the theme, nothing but the state « good » shares a colour with a part.
    for colour in ("#1f3a5f", "#1f5f94", "#a14f24"):
        assert channels(colour) not in colours


def test_images_are_what_an_archive_takes(folder: Path) -> None:
    with pikepdf.open(folder / "tall.pdf") as pdf:
        images = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        images = [one for one in images if one.get("/Subtype") == "/Image"]
        assert len(images) == 2  # its colours, and its transparency
        for image in images:
            assert not image.get("/Interpolate", False)
            assert "/Alternates" not in image
            assert "/OPI" not in image
