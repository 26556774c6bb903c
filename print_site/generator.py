"""Runs Pelican on one dossier: a generator of its page, without the features of a blog."""

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
from print_site.dossier.model import PrintedDossier, facts_and_texts
from print_site.drawing.matrix_svg import draw_matrix
from print_site.drawing.page_heights import is_taller_than_a_page
from print_site.drawing.qr_code import qr_code
from print_site.drawing.timeline_svg import draw_timeline
from print_site.page_style import PageStyle, inlined_sheets, page_style
from print_site.settings import ASSETS, STATIC, THEME, Form

# A page repeats titles and labels: each is typeset once.
_inline = cache(text.inline)
_plain = cache(text.plain)


class DossierGenerator(Generator):  # type: ignore[misc]
    """Writes index.html and, for a folder, the files that it needs."""

    def __init__(self, *, context: dict[str, Any], settings: dict[str, Any], **paths: str) -> None:
        # The parent's __init__ would build readers and compile templates for every dossier.
        self.context = context
        self.settings = settings
        self.output_path = paths["output_path"]
        self.env = _environment()

    def generate_output(self, writer: Writer) -> None:
        dossier: PrintedDossier = self.settings["LIVRET_DOSSIER"]
        form: Form = self.settings["LIVRET_FORM"]
        branding: Branding | None = self.settings["LIVRET_BRANDING"]
        style = page_style(dossier, branding, single_file=form is Form.SINGLE_FILE)
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
            (folder / DATA_FILE).write_text(dossier.canonical_json, encoding="utf-8")


class DossierPelican(Pelican):  # type: ignore[misc]
    """A silent run of Pelican, with the generators of its plugins only."""

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
    """Receive Pelican's signal of the same name."""
    return DossierGenerator


def register() -> None:
    """Connect the generator. Pelican calls it, as this module is its plugin."""
    signals.get_generators.connect(get_generators)


def template_values(
    dossier: PrintedDossier, style: PageStyle, branding: Branding | None = None
) -> dict[str, Any]:
    """Return the variables of the template."""
    return {
        "dossier": dossier,
        "brand": branding,
        "style": style,
        "lanes": draw_timeline(dossier.panorama.timeline, dossier.day),
        "matrices": draw_matrix(dossier.panorama.matrix),
    }


def clear_text_caches() -> None:
    """Forget the texts of the dossier that was printed."""
    _inline.cache_clear()
    _plain.cache_clear()


def clear_theme_caches() -> None:
    """Forget templates and sheets, so that the next page reads them anew."""
    _environment.cache_clear()
    inlined_sheets.cache_clear()


def warm_up() -> None:
    """Compile the templates and read the sheets and fonts, once per process."""
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
    environment.tests["taller_than_a_page"] = is_taller_than_a_page
    environment.filters["facts_and_texts"] = facts_and_texts
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
