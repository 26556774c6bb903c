"""Verifying a PDF: saved by another program, changed, or no dossier at all."""

import re
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from print_site import build
from print_site.dossier.fingerprints import canonical_json
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.verifying import verification
from tests.print_site.conftest import BOOKLET, shortened


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("original") / "d.pdf"
    data = shortened(BOOKLET)
    data["annexes"] = []
    build.build_pdf(parse_dossier(data), path)
    return path.read_bytes()


@pytest.fixture
def saved(original: bytes, tmp_path: Path) -> Any:
    """Save the PDF with changes and return its path."""

    def save(change: Any, **options: Any) -> Path:
        with pikepdf.open(BytesIO(original)) as pdf:
            change(pdf)
            pdf.save(tmp_path / "saved.pdf", **options)
        return tmp_path / "saved.pdf"

    return save


def error_of(path: Path) -> PrintError:
    with pytest.raises(PrintError) as refused:
        verification.verify(path)
    return refused.value


def attach(pdf: Any, data: bytes, name: str = "livret.json") -> None:
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)


def test_a_pdf_saved_by_another_program_is_not_the_one_that_was_written(saved: Any) -> None:
    refused = error_of(saved(lambda pdf: None))
    assert refused.reason is Reason.ALTERED
    assert "enregistré par un autre logiciel" in refused.message


def test_one_other_byte_on_a_page_is_refused(original: bytes, tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(original)) as pdf:
        drawn = pdf.pages[0].Contents.read_raw_bytes()
    place = original.index(drawn) + len(drawn) // 2
    changed = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
    (tmp_path / "changed.pdf").write_bytes(changed)
    assert error_of(tmp_path / "changed.pdf").reason is Reason.ALTERED


def test_changed_attached_data_are_refused(saved: Any) -> None:
    data = shortened(BOOKLET)
    data["annexes"] = []
    data["holder"]["lastName"] = "Martin"
    refused = error_of(saved(lambda pdf: attach(pdf, canonical_json(data).encode())))
    assert refused.reason is Reason.ALTERED


def test_a_pdf_of_another_edition_is_not_compared_and_it_is_said(
    original: bytes, tmp_path: Path
) -> None:
    edition = re.search(rb"<pdf:Keywords>Livret, \xc3\xa9dition ([0-9a-f]{12})", original)
    assert edition
    other = original.replace(edition[0], edition[0].replace(edition[1], b"0" * 12))
    (tmp_path / "other.pdf").write_bytes(other)
    verdict = verification.verify(tmp_path / "other.pdf")
    assert not verdict.pages_compared
    assert any("autre édition" in sentence for sentence in verdict.sentences)
    assert any("comparez-la avec celle qui est imprimée" in said for said in verdict.sentences)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.attachments.__delitem__("livret.json"),
        lambda pdf: attach(pdf, b"\xff\xfe"),
        lambda pdf: attach(pdf, b"{}", "other.json"),
    ],
)
def test_a_pdf_that_is_no_dossier_is_said_so(saved: Any, change: Any) -> None:
    assert error_of(saved(change)).reason in (Reason.UNREADABLE, Reason.ALTERED)


def test_an_encrypted_pdf_is_not_read(saved: Any) -> None:
    locked = saved(lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert error_of(locked).reason is Reason.UNREADABLE


def test_an_attachment_that_swells_is_cut(saved: Any) -> None:
    def swell(pdf: Any) -> None:
        stream = pdf.attachments["livret.json"].obj.EF.F
        stream.write(zlib.compress(b"0" * (300 * 1024**2), 9), filter=pikepdf.Name.FlateDecode)

    path = saved(swell, compress_streams=True)
    assert path.stat().st_size < 2 * 1024**2
    assert error_of(path).reason in (Reason.ALTERED, Reason.UNREADABLE)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_pdf_is_refused(original: bytes, tmp_path: Path, part: float) -> None:
    (tmp_path / "cut.pdf").write_bytes(original[: int(len(original) * part)])
    assert error_of(tmp_path / "cut.pdf").reason in (Reason.UNREADABLE, Reason.ALTERED)
