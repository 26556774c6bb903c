"""Pelican's part: a generator that turns one dossier into a page, and a run without the blog."""

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals
from pelican.writers import Writer

from print_site.branding.branding import Branding
from print_site.dossier import text
from print_site.dossier.fingerprints import DATA_FILE, grouped
from print_site.dossier.model import PrintedDossier
from print_site.drawing.matrix_svg import draw_matrix
from print_site.drawing.page_heights import is_short_on_its_cover, is_taller_than_a_page
from print_site.drawing.qr_code import qr_code
from print_site.drawing.timeline_svg import draw_timeline
from print_site.page_style import PageStyle, inlined_sheets, page_style, paged_style
from print_site.settings import ASSETS, STATIC, THEME, Form

# A page says the same titles and labels again and again: each is set once a page.
_inline = cache(text.inline)
_plain = cache(text.plain)


class DossierGenerator(Generator):  # type: ignore[misc]
    """Writes index.html, and beside it what it needs unless everything goes in the page."""

    def __init__(self, *, context: dict[str, Any], settings: dict[str, Any], **paths: str) -> None:
        # The parent would build readers and compile the templates anew for every dossier.
        self.context = context
        self.settings = settings
        self.output_path = paths["output_path"]
        self.env = _environment()

    def generate_output(self, writer: Writer) -> None:
        dossier: PrintedDossier = self.settings["LIVRET_DOSSIER"]
        form: Form = self.settings["LIVRET_FORM"]
        branding: Branding | None = self.settings["LIVRET_BRANDING"]
        style = (
            paged_style(dossier, branding)
            if form is Form.PAGED
            else page_style(dossier, branding, single_file=form is Form.SINGLE_FILE)
        )
        try:
            writer.write_file(
                "index.html",
                self.env.get_template("dossier.html"),
                self.context,
                **template_values(dossier, style, branding),
            )
        finally:
            clear_text_caches()
        if form is Form.FOLDER:
            folder = Path(self.output_path)
            _copy_assets(folder / "static")
            (folder / DATA_FILE).write_text(dossier.canonical_json, encoding="ascii")


class DossierPelican(Pelican):  # type: ignore[misc]
    """Pelican's run with the generators of its plugins only, and silent."""

    def run(self) -> None:
        context = self.settings.copy()
        context["localsiteurl"] = self.settings["SITEURL"]
        found = [generator for _, generator in signals.get_generators.send(self)]
        generators = [
            generator(
                context=context,
                settings=self.settings,
                path=self.path,
                theme=self.theme,
                output_path=self.output_path,
            )
            for generator in found
        ]
        writer = self._get_writer()
        for generator in generators:
            generator.generate_output(writer)
        signals.finalized.send(self)


def get_generators(_pelican: Pelican) -> type[DossierGenerator]:
    """Receiver of the signal of the same name."""
    return DossierGenerator


def register() -> None:
    """Called by Pelican, which is given this module as a plugin."""
    signals.get_generators.connect(get_generators)


def template_values(
    dossier: PrintedDossier, style: PageStyle, branding: Branding | None = None
) -> dict[str, Any]:
    """What the template is given."""
    return {
        "dossier": dossier,
        "brand": branding,
        "style": style,
        "lanes": draw_timeline(dossier.panorama.timeline, dossier.day),
        "matrices": draw_matrix(dossier.panorama.matrix),
    }


def clear_text_caches() -> None:
    """Keep nothing of what one dossier says."""
    _inline.cache_clear()
    _plain.cache_clear()


def clear_theme_caches() -> None:
    """Read templates and sheets anew for the next page: whoever changes them wants to see it."""
    _environment.cache_clear()
    inlined_sheets.cache_clear()


def warm_up() -> None:
    """Compile the templates and read the sheets and fonts: it is done once a process."""
    for name in _environment().list_templates():
        _environment().get_template(name)
    inlined_sheets()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(THEME / "templates"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.tests["short_on_its_cover"] = is_short_on_its_cover
    environment.tests["taller_than_a_page"] = is_taller_than_a_page
    environment.filters["inline"] = _inline
    environment.filters["plain"] = _plain
    environment.filters["paragraphs"] = text.paragraphs
    environment.filters["legal"] = text.legal
    environment.filters["number"] = text.french_number
    environment.filters["grouped"] = grouped
    environment.filters["qr_code"] = qr_code
    return environment


def _copy_assets(folder: Path) -> None:
    for name in ASSETS:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(STATIC / name, target)
