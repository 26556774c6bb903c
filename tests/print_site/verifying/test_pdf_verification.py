"""Verifying a PDF: saved by another program, changed, or no dossier at all."""

from tests.print_site.pdf_extra import pikepdf  # first: without it the rest is skipped

# isort: split
import re
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from print_site import build
from print_site.dossier.fingerprints import canonical_json
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.verifying import verification
from tests.print_site.conftest import BOOKLET, shortened

pytestmark = pytest.mark.real


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


def test_a_pdf_saved_by_another_program_is_compared_by_its_text_and_it_is_said(saved: Any) -> None:
    verdict = verification.verify(saved(lambda pdf: None))
    assert not verdict.pages_compared
    assert any("n’est pas le même" in sentence for sentence in verdict.sentences)


def test_changed_text_is_refused(saved: Any) -> None:
    def swap(pdf: Any) -> None:
        page = pdf.pages[2]
        instructions = list(pikepdf.parse_content_stream(page))
        at = [rank for rank, item in enumerate(instructions) if str(item.operator) == "TJ"]
        instructions[at[3]], instructions[at[4]] = instructions[at[4]], instructions[at[3]]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))

    refused = error_of(saved(swap))
    assert refused.reason is Reason.ALTERED
    assert "Les pages ne sont pas celles" in refused.message


def test_changed_attached_data_are_refused(saved: Any) -> None:
    data = shortened(BOOKLET)
    data["annexes"] = []
    data["holder"]["lastName"] = "Martin"
    refused = error_of(saved(lambda pdf: attach(pdf, canonical_json(data).encode())))
    assert refused.reason is Reason.ALTERED
    assert "empreinte imprimée" in refused.message


def test_a_pdf_of_another_edition_is_not_compared_and_it_is_said(saved: Any) -> None:
    def rename(pdf: Any) -> None:
        pdf.docinfo["/Creator"] = "Livret, édition 000000000000"

    verdict = verification.verify(saved(rename))
    assert not verdict.pages_compared
    assert any("autre édition" in sentence for sentence in verdict.sentences)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.Root.__delattr__("Names"),
        lambda pdf: attach(pdf, b"\xff\xfe"),
        lambda pdf: pdf.Root.__setattr__("Names", 3),
        lambda pdf: pdf.pages[0].__setattr__("Resources", pikepdf.Dictionary()),
        lambda pdf: pdf.pages[0].__setattr__("Contents", pdf.make_stream(b"/x 1 Tf [<41>] TJ")),
    ],
)
def test_a_pdf_that_is_no_dossier_is_said_so(saved: Any, change: Any) -> None:
    assert error_of(saved(change)).reason is Reason.UNREADABLE


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


def test_a_pdf_that_says_a_second_fingerprint_is_refused(saved: Any) -> None:
    def echo(pdf: Any) -> None:
        cover, last = pdf.pages[0], pdf.pages[-1]
        streams = [page.Contents.read_bytes() for page in (cover, last)]
        found = re.search(rb"BT(?:(?!ET).)*TJ\s*ET", streams[0], re.DOTALL)
        assert found
        cover.Contents = pdf.make_stream(streams[0] + b"\n" + found[0])

    assert error_of(saved(echo)).reason is Reason.ALTERED
