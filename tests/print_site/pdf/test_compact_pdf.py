"""A compact dossier as a PDF: its first page, short rubrics as tables, and how many pages it takes."""

import copy
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from print_site.preview.samples import SAMPLES
from tests.print_site.pdf_checks import UNSEEN, check_outloud
from tests.print_site.pdf_tree import Tree


def printed(data: dict[str, Any], target: Path) -> Tree:
    build.build_pdf(parse_dossier(data), target)
    return Tree(target)


@pytest.fixture
def compact() -> dict[str, Any]:
    """The demo's booklet as a candidature, with a profile of two entries."""
    data = copy.deepcopy(SAMPLES["full"]())
    data |= {"form": "COMPACT", "title": "Candidature à la Ville de Tours", "annexes": []}
    posts = data["parts"][1]["rubrics"][0]["entries"][:2]
    items = [
        {key: post[key] for key in ("entry", "headline", "when")} | {"text": "B", "supports": []}
        for post in posts
    ]
    section = {"section": "POSTS", "label": "Derniers postes", "items": items}
    data["profile"] = {"present": data["holder"]["situation"], "sections": [section]}
    return data


def test_a_compact_dossier_begins_with_who_it_is_and_the_latest_posts(
    tmp_path: Path, compact: dict[str, Any]
) -> None:
    heard = UNSEEN.sub("", printed(compact, tmp_path / "d.pdf").heard())
    wanted = ("CandidatureàlaVilledeTours", "ChristianJulliard", "Situationactuelle", "Derniersp")
    places = [heard.index(words) for words in wanted]
    assert places == sorted(places)
    assert "LivretindividueldeformationMonsieur" not in heard
    for absent in ("Sommaire", "Panorama", "Liredossier", "Riendanscedossier", "Levolet«"):
        assert absent not in heard


def test_the_first_page_of_the_demo_has_its_whole_profile_and_the_second_begins_with_the_panorama(
    tmp_path: Path,
) -> None:
    pieces = printed(SAMPLES["compact"](), tmp_path / "d.pdf").pieces
    first, second = (
        UNSEEN.sub("", "".join(text for (page, _), text in pieces.items() if page == number))
        for number in range(2)
    )
    assert "procureaucunevalidation" in first
    assert second.startswith("Panorama")


def test_short_rubrics_are_tables_whose_columns_have_heads(
    tmp_path: Path, compact: dict[str, Any]
) -> None:
    tree = printed(compact, tmp_path / "d.pdf")
    tables = [tree.text(table) for table in tree.elements("Table")]
    assert any(table.startswith("CodeConcours") for table in tables)
    assert tree.orphans() == set()
    assert tree.untagged == []


def test_every_entry_of_the_demo_is_told_on_twelve_pages(
    tmp_path: Path, compact: dict[str, Any]
) -> None:
    tree = printed(compact, tmp_path / "d.pdf")
    assert len(tree.pdf.pages) <= 12
    heard = UNSEEN.sub("", tree.heard())
    entries = [e for part in compact["parts"] for r in part["rubrics"] for e in r["entries"]]
    assert all(UNSEEN.sub("", entry["headline"])[:30] in heard for entry in entries)


@pytest.mark.parametrize(("name", "most"), [("full", 22), ("empty", 2)])
def test_the_whole_booklet_keeps_to_its_pages(tmp_path: Path, name: str, most: int) -> None:
    build.build_pdf(parse_dossier(SAMPLES[name]()), tmp_path / "d.pdf")
    with pikepdf.open(tmp_path / "d.pdf") as pdf:
        assert len(pdf.pages) <= most


OUTLOUD = pytest.mark.skipif(not find_spec("outloud"), reason="outloud is not installed")


@OUTLOUD
def test_outloud_finds_no_error_in_a_compact_dossier(tmp_path: Path) -> None:
    build.build_pdf(parse_dossier(SAMPLES["compact"]()), tmp_path / "d.pdf")
    check_outloud(tmp_path / "d.pdf")


@OUTLOUD
def test_outloud_hears_when_prose_is_hidden_from_readers(
    tmp_path: Path, compact: dict[str, Any]
) -> None:
    build.build_pdf(parse_dossier(compact), tmp_path / "d.pdf")
    with pikepdf.open(tmp_path / "d.pdf") as pdf:
        for page in pdf.pages:
            hidden = pikepdf.unparse_content_stream(list(hidden_texts(page)))
            page.Contents = pdf.make_stream(hidden)
        pdf.save(tmp_path / "hidden.pdf")
    with pytest.raises(AssertionError, match="TAG-002"):
        check_outloud(tmp_path / "hidden.pdf")


def hidden_texts(page: Any) -> Iterator[Any]:
    """The drawing of a page, whose texts are artifacts instead of parts of the structure."""
    artifact = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    for one in pikepdf.parse_content_stream(page):
        begins = str(one.operator) == "BDC" and "/MCID" in one.operands[1]
        yield artifact if begins else one
