"""Writes a dossier as one HTML file, a PDF, a folder or a zip; completely or not at all.

The same data give the same bytes. No file name comes from the data.
"""

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pelican.settings import read_settings

from print_site import generator
from print_site.branding.branding import Branding
from print_site.dossier.fingerprints import DATA_FILE
from print_site.dossier.model import PrintedDossier
from print_site.errors import PrintError, Reason
from print_site.settings import ASSETS, Form, settings_for

PAGE = "index.html"
FOLDER_FILES = frozenset({PAGE, DATA_FILE, *(f"static/{asset}" for asset in ASSETS)})
ROOT_IN_ZIP = "livret"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def warm_up(*, pdf: bool = False) -> None:
    """Load what the first dossier would wait for, and with `pdf` what the first PDF would."""
    generator.warm_up()
    if pdf:
        from print_site.pdf import layout  # here, since most processes print no PDF

        layout.warm_up()


def build_folder(dossier: PrintedDossier, target: Path, branding: Branding | None = None) -> None:
    """Write the folder that opens at index.html. Raises PrintError.

    An existing folder is replaced when it is empty or holds an earlier dossier and nothing else.
    """
    _check_replaceable(target)
    with _scratch_folder(target) as scratch:
        fresh = scratch / "fresh"
        _render(dossier, fresh, Form.FOLDER, branding)
        _replace_folder(fresh, target, scratch / "previous")


def build_zip(dossier: PrintedDossier, target: Path, branding: Branding | None = None) -> None:
    """Write a zip of the folder, named `livret` inside, with fixed dates and sorted names."""
    _check_file(target)
    with _scratch_folder(target) as scratch:
        folder, archive = scratch / "fresh", scratch / "livret.zip"
        _render(dossier, folder, Form.FOLDER, branding)
        _write_zip(folder, archive)
        archive.replace(target)


def build_html(dossier: PrintedDossier, target: Path, branding: Branding | None = None) -> None:
    """Write one HTML file that contains its styles, fonts and data."""
    _check_file(target)
    with _scratch_folder(target) as scratch:
        _render(dossier, scratch / "fresh", Form.SINGLE_FILE, branding)
        (scratch / "fresh" / PAGE).replace(target)


def build_pdf(dossier: PrintedDossier, target: Path, branding: Branding | None = None) -> None:
    """Write one PDF (PDF/A-3a, PDF/UA-1) with the data attached."""
    from print_site.pdf import layout  # here, since most processes print no PDF

    _check_file(target)
    with _scratch_folder(target) as scratch:
        written = scratch / "livret.pdf"
        written.write_bytes(layout.make_pdf(dossier, branding))
        written.replace(target)


# The keys are those of the worker's jobs, and the options of the command line.
BUILDERS: dict[str, Callable[[PrintedDossier, Path, Branding | None], None]] = {
    "html": build_html,
    "pdf": build_pdf,
    "zip": build_zip,
    "folder": build_folder,
}


def _render(dossier: PrintedDossier, folder: Path, form: Form, branding: Branding | None) -> None:
    folder.mkdir()
    settings = settings_for(dossier, folder, generator, form)
    settings["LIVRET_BRANDING"] = branding
    generator.DossierPelican(read_settings(override=settings)).run()
    # Pelican logs some errors and goes on: only the files show that it worked.
    expected = FOLDER_FILES if form is Form.FOLDER else {PAGE}
    found = {path for path, size in _files(folder) if size > 0}
    if found != expected:
        raise PrintError(Reason.FAULT, "La mise en page n’a pas produit tous ses fichiers.")


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.rglob("*"):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.lstat().st_size


def _write_zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in sorted(FOLDER_FILES):
            info = zipfile.ZipInfo(f"{ROOT_IN_ZIP}/{name}", FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            pack.writestr(info, (folder / name).read_bytes())


def _check_replaceable(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise PrintError(Reason.TARGET, "La destination existe et n’est pas un dossier.")
    if target.is_dir() and not {path for path, _ in _files(target)} <= FOLDER_FILES:
        raise PrintError(
            Reason.TARGET,
            "La destination contient d’autres fichiers : choisissez un dossier vide ou nouveau.",
        )


def _check_file(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise PrintError(Reason.TARGET, "La destination existe et n’est pas un fichier.")


@contextmanager
def _scratch_folder(target: Path) -> Iterator[Path]:
    """Create a private folder on the disk of the target, so that renaming is atomic."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".livret-", dir=target.parent))
    except OSError:
        raise PrintError(
            Reason.TARGET, "La destination n’est pas accessible en écriture."
        ) from None
    try:
        yield scratch
    except OSError:
        raise PrintError(Reason.TARGET, "L’écriture du dossier a échoué.") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _replace_folder(fresh: Path, target: Path, previous: Path) -> None:
    if target.exists():
        target.rename(previous)
    try:
        fresh.rename(target)
    except OSError:
        with suppress(OSError):
            previous.rename(target)
        raise
