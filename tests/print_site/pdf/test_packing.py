"""A PDF is packed: small, whole, and in the same words and data as Typst wrote it."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest

from print_site.dossier.parsing import parse_dossier
from print_site.pdf import layout
from print_site.pdf.packing import pack_pdf
from print_site.preview.samples import SAMPLES
from tests.print_site.pdf_tree import Tree

LARGEST_BYTES = 400_000


@pytest.fixture(scope="module")
def unpacked() -> bytes:
    """What Typst writes of the whole booklet."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layout, "pack_pdf", lambda content: content)
        return layout.make_pdf(parse_dossier(SAMPLES["full"]()))


@pytest.mark.parametrize("name", ["full", "compact"])
def test_the_demo_takes_less_than_400_kilobytes(name: str) -> None:
    assert len(layout.make_pdf(parse_dossier(SAMPLES[name]()))) < LARGEST_BYTES


def test_packing_gives_the_same_bytes_and_leaves_nothing_out(unpacked: bytes) -> None:
    packed = pack_pdf(unpacked)
    assert packed == pack_pdf(unpacked)
    assert len(packed) < len(unpacked) / 2
    before, after = Tree(BytesIO(unpacked)), Tree(BytesIO(packed))
    assert after.heard() == before.heard()
    assert after.painted == before.painted
    assert after.orphans() == set()
    assert len(list(after.elements())) == len(list(before.elements())) > 1_000
    assert kept_bytes(after.pdf) == kept_bytes(before.pdf)


def kept_bytes(pdf: Any) -> list[bytes]:
    """The pages, fonts, metadata and data as they stand in a file."""
    return sorted(
        held.read_raw_bytes()
        for held in pdf.objects
        if isinstance(held, pikepdf.Stream) and held.get("/Type") not in ("/ObjStm", "/XRef")
    )


def test_the_structure_is_compressed_and_the_metadata_are_not(unpacked: bytes) -> None:
    """PDF/A asks that whoever knows nothing of PDF finds the metadata."""
    packed = pack_pdf(unpacked)
    assert packed.startswith(b"%PDF-1.7\n%")
    assert b"/StructElem" in unpacked
    assert b"/StructElem" not in packed
    assert b"<pdfaid:part>3</pdfaid:part>" in packed
    with pikepdf.open(BytesIO(packed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.trailer.ID) == 2
