"""Lays a dossier out as a PDF (PDF/A-3a, PDF/UA-1) with Typst, and attaches its data.

Typst finds no font but those of the theme and of the optional folder, no package, and no file outside
`theme/typst`. The same dossier, branding and fonts give the same bytes.
"""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from print_site.branding.branding import Branding
from print_site.dossier.model import PrintedDossier
from print_site.errors import PrintError, Reason
from print_site.generator_tag import generator_tag
from print_site.pdf.fonts import font_folders, fonts_digest
from print_site.pdf.packing import pack_pdf
from print_site.pdf.paper_view import paper_view
from print_site.pdf.printable import printable_with
from print_site.settings import TYPST

# Typst keeps what it has laid out for ten compilations, 600 MB of it, and a dossier is kept by nobody.
_COMPILATIONS_TO_FORGET = 11


def warm_up() -> None:
    """Read the fonts, once per process."""
    printable_with(font_folders())
    _compiler(font_folders())


def pdf_generator_tag(branding: Branding | None = None) -> str:
    """Return the generator tag of a PDF, which stands in its keywords."""
    return generator_tag(branding.digest if branding else "", fonts_digest())


def make_pdf(dossier: PrintedDossier, branding: Branding | None = None) -> bytes:
    """Return the PDF of a dossier. Raises PrintError when it cannot be laid out."""
    inputs, day = template_inputs(dossier, branding)

    def lay_out() -> bytes:
        try:
            return pack_pdf(compile_template(inputs, day))
        finally:
            forget()

    return _interruptible(lay_out)


def template_inputs(
    dossier: PrintedDossier, branding: Branding | None = None
) -> tuple[dict[str, str], datetime]:
    """Return what the template reads, and the instant of the document."""
    written = paper_view(dossier, pdf_generator_tag(branding), branding)
    view = printable_with(font_folders()).of(written)
    inputs = {"view": json.dumps(view, ensure_ascii=False), "data": dossier.canonical_json}
    return inputs, datetime.combine(dossier.day, time(), UTC)


def compile_template(inputs: dict[str, str], day: datetime) -> bytes:
    """Return the PDF as Typst writes it. Raises PrintError."""
    try:
        written = _compiler(font_folders()).compile(
            format="pdf", sys_inputs=inputs, pdf_standards=["ua-1", "a-3a"], timestamp=day
        )
    except typst.TypstError as error:
        # The message may quote what the booklet says; the place in the template does not.
        detail = next(
            (line.strip() for line in error.diagnostic.split("\n") if ".typ:" in line), ""
        )
        raise PrintError(Reason.FAULT, "La mise en page du PDF a échoué.", detail) from None
    if not isinstance(written, bytes):  # never: one file is asked for
        raise PrintError(Reason.FAULT, "La mise en page du PDF a échoué.")
    return written


def forget() -> None:
    """Drop what Typst remembers of a dossier."""
    for _ in range(_COMPILATIONS_TO_FORGET):
        _empty(font_folders()).compile(input=b"", format="svg")


@cache
def _compiler(folders: tuple[Path, ...]) -> typst.Compiler:
    return typst.Compiler(
        input=str(TYPST / "dossier.typ"),
        root=str(TYPST),
        font_paths=_fonts(folders),
        ignore_system_fonts=True,
        package_path=str(TYPST / "no-packages"),
        package_cache_path=str(TYPST / "no-packages"),
    )


@cache
def _empty(folders: tuple[Path, ...]) -> typst.Compiler:
    return typst.Compiler(root=str(TYPST), font_paths=_fonts(folders), ignore_system_fonts=True)


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def _interruptible(work: Callable[[], bytes]) -> bytes:
    """Do the work in a thread, since a time limit interrupts Python and not the compiler.

    When the limit ends the wait, the thread goes on until its process ends.
    """
    outcome: list[bytes | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001, it is raised again below
            outcome.append(error)

    thread = threading.Thread(target=run, name="typst", daemon=True)
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]
