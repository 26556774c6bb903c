"""The PDF: the same content as the page, PDF/A-3a and PDF/UA-1 as far as structure can tell.

No veraPDF here: what its rules ask of such a file is checked on the objects, and `outloud`, where
it is installed, checks the rest of PDF/UA.
"""

import hashlib
import re
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from tests.print_site.conftest import BOOKLET
from tests.print_site.hostile import DISPENSE
from tests.print_site.pdf_checks import check_outloud, check_same_text
from tests.print_site.pdf_tree import Tree

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print the whole booklet once, as a PDF and as HTML, for all tests."""
    made = tmp_path_factory.mktemp("pdf")
    dossier = parse_dossier(BOOKLET)
    build.build_pdf(dossier, made / "d.pdf")
    build.build_html(dossier, made / "d.html")
    return made


@pytest.fixture(scope="module")
def tree(folder: Path) -> Tree:
    return Tree(folder / "d.pdf")


@pytest.fixture(scope="module")
def packet(tree: Tree) -> Any:
    return ElementTree.fromstring(tree.pdf.Root.Metadata.read_bytes())


def test_the_pdf_says_what_the_page_says_in_the_same_order(folder: Path, tree: Tree) -> None:
    check_same_text((folder / "d.html").read_text(encoding="utf-8"), tree)
    assert len(tree.heard()) > 20_000


def test_the_data_are_attached_as_the_source_and_give_the_fingerprint(tree: Tree) -> None:
    (name,) = tree.pdf.attachments
    assert name == "livret.json"
    file = tree.pdf.attachments[name]
    data = file.get_file().read_bytes()
    dossier = parse_dossier(BOOKLET)
    assert data == dossier.canonical_json.encode()
    assert hashlib.sha256(data).hexdigest() == dossier.fingerprint
    assert file.get_file().mime_type == "application/json"
    assert tree.pdf.Root.AF[0].AFRelationship == "/Source"
    assert dossier.fingerprint in re.sub(r"\s", "", tree.heard())


def test_the_packet_claims_both_standards_and_agrees_with_the_information(
    tree: Tree, packet: Any
) -> None:
    assert packet.findtext(".//pdfaid:part", namespaces=NAMESPACES) == "3"
    assert packet.findtext(".//pdfaid:conformance", namespaces=NAMESPACES) == "A"
    assert packet.findtext(".//pdfuaid:part", namespaces=NAMESPACES) == "1"
    prefixes = [found.text for found in packet.findall(".//schema:prefix", NAMESPACES)]
    assert "pdfuaid" in prefixes
    assert len(packet.findall("rdf:RDF", NAMESPACES)) == 1
    title = packet.findtext(".//dc:title/rdf:Alt/rdf:li", namespaces=NAMESPACES)
    assert (
        title
        == str(tree.pdf.docinfo.Title)
        == ("Livret individuel de formation – Christian Julliard")
    )
    for name, key in (("CreateDate", "/CreationDate"), ("ModifyDate", "/ModDate")):
        assert packet.findtext(f".//xmp:{name}", namespaces=NAMESPACES) == "2025-03-14T00:00:00Z"
        assert str(tree.pdf.docinfo[key]) == "D:20250314000000Z"


def test_the_file_is_what_an_archive_takes(tree: Tree) -> None:
    root = tree.pdf.Root
    assert not tree.pdf.is_encrypted
    assert tree.pdf.pdf_version == "1.7"
    assert [str(intent.S) for intent in root.OutputIntents] == ["/GTS_PDFA1"]
    assert len(tree.pdf.trailer.ID) == 2
    fonts = [found for found in tree.pdf.objects if is_of_type(found, "/Font")]
    assert fonts
    for font in fonts:
        if font.Subtype == "/Type0":
            assert "/ToUnicode" in font
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            assert font.DescendantFonts[0].CIDToGIDMap == "/Identity"
    assert "\ufffd" not in tree.heard()
    forbidden = {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/XFA", "/GoToR", "/URI"}
    for found in tree.pdf.objects:
        if isinstance(found, pikepdf.Dictionary):
            assert not forbidden & found.keys()
            assert found.get("/S") not in forbidden


def is_of_type(found: Any, name: str) -> bool:
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") == name


def test_the_file_is_what_assistive_technology_takes(tree: Tree) -> None:
    root = tree.pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "fr-FR"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert all(page.Tabs == "/S" for page in tree.pdf.pages)
    assert tree.untagged == []
    assert tree.orphans() == set()


def test_each_piece_of_text_and_its_element_name_each_other(tree: Tree) -> None:
    places = {int(page.StructParents): number for number, page in enumerate(tree.pdf.pages)}
    owners = {(places[key], mcid): owner for key, mcid, owner in tree.owners() if key in places}
    assert owners
    assert owners.keys() == tree.pieces.keys()
    for (_, mcid), owner in owners.items():
        assert mcid in [kid for kid in owner.K if not isinstance(kid, pikepdf.Object)]


def test_running_headers_are_heard_by_nobody(tree: Tree) -> None:
    assert not re.search(r"\d / \d", tree.heard())
    assert tree.heard().count("Édité le") == 1


def test_headings_never_skip_a_level_and_bookmarks_follow_them(tree: Tree) -> None:
    levels = [int(str(e.S)[2]) for e in tree.elements() if re.fullmatch(r"/H\d", str(e.S))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    with tree.pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles[:4] == ["Sommaire", "Panorama", "Mes formations", "Mes expériences"]
        rubrics = [item.title for item in outline.root[2].children]
        assert rubrics[0].startswith("F1 Titres et diplômes")
        assert outline.root[2].children[0].children[0].title.startswith("F1.1 ")


def test_figures_links_and_header_cells_say_what_they_are(tree: Tree) -> None:
    alternatives = [str(figure.Alt) for figure in tree.elements("Figure")]
    assert "Code QR" in alternatives[0]
    assert all("éléments datés" in lane for lane in alternatives[1:3])
    assert set(alternatives[3:]) == {"Case à cocher"}
    assert {str(found_scope(cell)) for cell in tree.elements("TH")} == {"/Column"}
    links = [found for found in tree.pdf.objects if found_is_link(found)]
    assert len(links) > 150
    assert all(str(link.Contents) for link in links)
    assert all(int(link.F) & 4 and "/StructParent" in link for link in links)


def found_scope(cell: Any) -> Any:
    return next(one.Scope for one in cell.A if "/Scope" in one)


def found_is_link(found: Any) -> bool:
    return isinstance(found, pikepdf.Dictionary) and found.get("/Subtype") == "/Link"


def test_contents_give_the_page_of_each_part(tree: Tree) -> None:
    headings = {
        tree.text(element): tree.pages[element.Pg.objgen] + 1 for element in tree.elements("H2")
    }
    heard = tree.heard()
    contents = heard[heard.index("Sommaire") : heard.index("Lire ce dossier")]
    for part in ("Mes formations", "Mes expériences", "Mes compétences", "Pièces jointes"):
        assert f"{part}{headings[part]}" in contents


@pytest.mark.skipif(not find_spec("outloud"), reason="outloud is not installed")
def test_outloud_finds_no_error(folder: Path) -> None:
    check_outloud(folder / "d.pdf")


def test_annexes_that_nobody_wants_are_in_neither_form(
    tmp_path: Path, short: dict[str, Any]
) -> None:
    short["annexes"] = []
    short["recipient"] = "Monsieur le maire"
    short["dispense"] = DISPENSE | {
        "lines": [{"key": "extent", "label": "Étendue", "text": "Dispense totale"}],
        "days": [],
        "supports": [],
        "total": None,
        "signatures": ["Christian Julliard", "L’autorité territoriale"],
    }
    dossier = parse_dossier(short)
    build.build_pdf(dossier, tmp_path / "d.pdf")
    build.build_html(dossier, tmp_path / "d.html")
    tree = Tree(tmp_path / "d.pdf")
    heard = tree.heard()
    check_same_text((tmp_path / "d.html").read_text(encoding="utf-8"), tree)
    assert "Panorama" not in heard
    assert short["decree"]["title"] not in heard
    assert short["charter"]["title"] not in heard
    for said in (
        *("Monsieur le maire", "Dispense totale"),
        "Fait àLeChristian JulliardL’autorité territoriale",
    ):
        assert said in heard
