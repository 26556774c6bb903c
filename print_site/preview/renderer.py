"""Renders samples with the present theme, and again when its files change."""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from print_site import generator
from print_site.branding.branding import Branding, read_branding
from print_site.build import BUILDERS
from print_site.dossier.parsing import parse_dossier
from print_site.limits import JOB_SECONDS, time_limit
from print_site.preview.error_reports import ErrorReport, report_of
from print_site.preview.samples import SAMPLES
from print_site.settings import THEME

EXAMPLE = Path(__file__).parent / "example" / "branding.toml"
FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class SampleView:
    """A page of the preview: a sample with the example's branding, or the command line's."""

    name: str
    label: str
    about: str
    sample: str
    with_example_branding: bool = False


VIEWS = (
    SampleView("full", "Livret complet", "Le livret de la démonstration, avec toutes ses rubriques.", "full"),
    SampleView("compact", "Candidature", "La forme brève : une première page, puis le détail en tableaux.", "compact"),
    SampleView("empty", "Livret vide", "Un livret qui vient d’être ouvert : rien ne doit manquer.", "empty"),
    SampleView(
        "extreme",
        "Textes extrêmes",
        "Trop long, trop court, de droite à gauche, en forme de code : rien ne doit déborder.",
        "extreme",
    ),
    SampleView("brand", "Habillage d’exemple", "Le logo et les couleurs de Rivemont.", "full", True),
)  # fmt: skip


class PreviewRenderer:
    """Renders samples, and keeps each until a file of the theme or the branding changes."""

    def __init__(self, branding: Path | None) -> None:
        self.branding = branding
        self._rendered: dict[tuple[str, str], tuple[str, bytes | ErrorReport]] = {}
        self._read_at = ""
        # One lock per form: HTML does not wait for a PDF, which takes seconds.
        self._turns = {form: threading.Lock() for form in FORMS}

    def stamp(self) -> str:
        """Return a digest that changes with any template, sheet, font, branding or logo."""
        digest = hashlib.sha256()
        for file in self._watched():
            try:
                found = file.stat()
            except OSError:  # deleted meanwhile
                continue
            digest.update(f"{file}\0{found.st_mtime_ns}\0{found.st_size}\0".encode())
        return digest.hexdigest()[:16]

    def render(self, view: SampleView, form: str) -> bytes | ErrorReport:
        """Return a view as HTML or PDF, or the report of an error."""
        with self._turns[form]:
            now = self.stamp()
            stamp, rendered = self._rendered.get((view.name, form), ("", b""))
            if stamp != now:
                rendered = self._render_now(view, form, now)
                self._rendered[view.name, form] = now, rendered
            return rendered

    def _render_now(self, view: SampleView, form: str, now: str) -> bytes | ErrorReport:
        try:
            file = EXAMPLE if view.with_example_branding else self.branding
            branding = read_branding(file) if file else None
        except Exception as error:  # noqa: BLE001, the page reports every error
            return report_of(error)
        if form == "pdf":
            return _render_in_subprocess(view.sample, branding)
        if now != self._read_at:
            generator.clear_theme_caches()
            self._read_at = now
        return render_sample(view.sample, form, branding)

    def _watched(self) -> Iterator[Path]:
        folders = [THEME, EXAMPLE.parent]
        yield from sorted(file for folder in folders for file in folder.rglob("*.*"))
        if self.branding:
            beside = self.branding.absolute().parent
            yield self.branding
            yield from sorted((*beside.glob("*.svg"), *beside.glob("*.png")))


def render_sample(sample: str, form: str, branding: Branding | None) -> bytes | ErrorReport:
    """Return a sample in a form, or the report of an error, with the theme in this process's caches."""
    with tempfile.TemporaryDirectory(prefix="livret-preview-") as folder:
        target = Path(folder) / "rendered"
        try:
            BUILDERS[form](parse_dossier(SAMPLES[sample]()), target, branding)
            return target.read_bytes()
        except Exception as error:  # noqa: BLE001, the page reports every error
            return report_of(error)


def render_pdf(sample: str, branding: Branding | None) -> bytes | ErrorReport:
    """Return a sample as PDF, within the time limit of a job. Works in the main thread only."""
    with time_limit(JOB_SECONDS):
        return render_sample(sample, "pdf", branding)


def _render_in_subprocess(sample: str, branding: Branding | None) -> bytes | ErrorReport:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(render_pdf, sample, branding).result()
        except BrokenProcessPool:
            return ErrorReport("La mise en page du PDF s’est arrêtée : le dossier est trop gros.")
        except Exception as error:  # noqa: BLE001, the page reports every error
            return report_of(error)
