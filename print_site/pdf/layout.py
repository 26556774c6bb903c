"""Makes a PDF (PDF/A-3a, PDF/UA-1) of the same HTML with WeasyPrint, and attaches the data.

Part of the extra `livret[pdf]`: import it when a PDF is asked for. WeasyPrint fetches nothing here,
finds no font but ours, and logs nothing, since its warnings quote the text.
"""

import gc
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from weasyprint import CSS, HTML, Attachment, __version__
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from print_site.branding.branding import Branding
from print_site.branding.colours import fill_in_variables, theme_colours
from print_site.dossier.fingerprints import DATA_FILE
from print_site.dossier.model import PrintedDossier
from print_site.generator_tag import generator_tag
from print_site.pdf.fonts import install_fonts, replace_unprintable
from print_site.pdf.structure import finish_structure
from print_site.settings import PAGED, SHEETS, STATIC

# Other versions of WeasyPrint or Pango may break lines and pages elsewhere.
_ENGINE = f"WeasyPrint {__version__}, Pango {pango.pango_version()}"
_VARIANT = "pdf/a-3a"
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_DESCRIPTION = re.compile(r"</title><desc[^>]*>(.*?)</desc>", re.DOTALL)
_DRAWING = re.compile('(<svg class="[^"]*"[^>]*>)')

for _name in ("weasyprint", "fontTools"):
    logging.getLogger(_name).disabled = True


class BlockingFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
    """Blocks every URL except one data: URI, since a page contains all that it needs."""

    def __init__(self, admitted: str = "") -> None:
        super().__init__(allowed_protocols=("data",))
        self._admitted = admitted

    def fetch(self, url: str, headers: object = None) -> Any:
        """Fetch the admitted URI. Raises OSError for others, which WeasyPrint leaves out of the page."""
        if not self._admitted or url != self._admitted:
            raise OSError("a dossier asks for nothing")
        return super().fetch(url, headers)


def warm_up() -> None:
    """Open the fonts and read the sheets, once per process."""
    install_fonts()
    _sheets()


def pdf_generator_tag(branding: Branding | None = None) -> str:
    """Return the generator tag of a PDF, with the versions of its engine."""
    return f"{generator_tag(branding.digest if branding else '')}, {_ENGINE}"


def make_pdf(dossier: PrintedDossier, page: str, branding: Branding | None = None) -> bytes:
    """Return the PDF of a page: the same bytes for the same dossier and branding."""
    with _garbage_collector_off():
        return _lay_out(dossier, page, branding)


@contextmanager
def _garbage_collector_off() -> Iterator[None]:
    """Pause the garbage collector: layout frees nothing before its end, and collecting took a sixth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def _lay_out(dossier: PrintedDossier, page: str, branding: Branding | None) -> bytes:
    edited = datetime.combine(dossier.day, time(), UTC)
    logo = branding.logo.uri if branding and branding.logo else ""
    document = HTML(
        string=replace_unprintable(_style_drawings(page, branding)),
        url_fetcher=BlockingFetcher(logo),
    ).render(font_config=FontConfiguration(), stylesheets=_sheets(), pdf_variant=_VARIANT)
    document.metadata.generator = pdf_generator_tag(branding)
    data = Attachment(
        string=dossier.canonical_json,
        name=DATA_FILE,
        description="Données de ce dossier, dont l’empreinte est imprimée",
        created=edited,
        modified=edited,
        relationship="Source",
        url_fetcher=BlockingFetcher(),
    )
    with warnings.catch_warnings():
        # WeasyPrint leaves it to the garbage collector to close its colour profile.
        warnings.simplefilter("ignore", ResourceWarning)
        written = document.write_pdf(
            finisher=lambda _, pdf: finish_structure(pdf, dossier, document.metadata.title, edited),
            pdf_variant=_VARIANT,
            pdf_identifier=dossier.fingerprint[:32].encode("ascii"),
            attachments=[data],
        )
    return bytes(written)


@cache
def _sheets() -> tuple[CSS, ...]:
    """Return the sheets of screen and print, then the one for WeasyPrint alone."""
    text = "".join((STATIC / sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    paged = (PAGED / "paged.css").read_text(encoding="utf-8")
    return tuple(
        CSS(string=sheet, url_fetcher=BlockingFetcher())
        for sheet in (_FONT_FACE.sub("", text), paged)
    )


def _style_drawings(page: str, branding: Branding | None) -> str:
    """Give each drawing its styles and a single alternative text, as WeasyPrint reads them."""
    colours, _ = theme_colours()
    page = _DESCRIPTION.sub(r". \1</title>", page)
    styles = (PAGED / "drawings.css").read_text(encoding="utf-8")
    styles = fill_in_variables(styles, {**colours, **(branding.light if branding else {})})
    return _DRAWING.sub(rf"\1<style>{styles}</style>", page)
