"""Writes a dossier: a folder, a zip or a single file of HTML; whole or not at all.

The same data give the same bytes. No file name comes from the data.
"""

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pelican.settings import read_settings

from print_site import generator
from print_site.model import Dossier
from print_site.refusals import Reason, Refusal
from print_site.settings import ASSETS, settings_for

FOLDER_FILES = frozenset({"index.html", *(f"static/{asset}" for asset in ASSETS)})
ROOT_IN_ZIP = "livret"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def build_folder(dossier: Dossier, target: Path) -> None:
    """Write the folder that opens at index.html. Raises Refusal.

    An existing folder is replaced when it is empty or holds an earlier dossier and nothing else.
    """
    _check_replaceable(target)
    with _workshop(target) as workshop:
        fresh = workshop / "fresh"
        _generate(dossier, fresh, FOLDER_FILES)
        _swap(fresh, target, workshop / "former")


def build_zip(dossier: Dossier, target: Path) -> None:
    """Write a zip of that folder, named `livret` inside, with fixed dates and sorted names."""
    _check_file(target)
    with _workshop(target) as workshop:
        folder, archive = workshop / "fresh", workshop / "livret.zip"
        _generate(dossier, folder, FOLDER_FILES)
        _zip(folder, archive)
        archive.replace(target)


def build_html(dossier: Dossier, target: Path) -> None:
    """Write one file of HTML with its styles and fonts inside."""
    _check_file(target)
    with _workshop(target) as workshop:
        folder = workshop / "fresh"
        _generate(dossier, folder, frozenset({"index.html"}))
        (folder / "index.html").replace(target)


def _generate(dossier: Dossier, folder: Path, expected: frozenset[str]) -> None:
    folder.mkdir()
    single_file = expected == {"index.html"}
    settings = settings_for(dossier, folder, generator, single_file=single_file)
    generator.DossierPelican(read_settings(override=settings)).run()
    # Pelican logs some of its errors and goes on: only the files say that it worked.
    found = {path for path, size in _files(folder) if size > 0}
    if found != expected:
        raise Refusal(Reason.FAULT, "La mise en page n’a pas produit tous ses fichiers.")


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.rglob("*"):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.lstat().st_size


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in sorted(FOLDER_FILES):
            info = zipfile.ZipInfo(f"{ROOT_IN_ZIP}/{name}", FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            pack.writestr(info, (folder / name).read_bytes())


def _check_replaceable(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Refusal(Reason.TARGET, "La destination existe et n’est pas un dossier.")
    if target.is_dir() and not {path for path, _ in _files(target)} <= FOLDER_FILES:
        raise Refusal(
            Reason.TARGET,
            "La destination contient d’autres fichiers : choisissez un dossier vide ou nouveau.",
        )


def _check_file(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise Refusal(Reason.TARGET, "La destination existe et n’est pas un fichier.")


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """A private folder on the same disk as the target, so that renaming is atomic."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".livret-", dir=target.parent))
    except OSError:
        raise Refusal(Reason.TARGET, "La destination n’est pas accessible en écriture.") from None
    try:
        yield workshop
    except OSError:
        raise Refusal(Reason.TARGET, "L’écriture du dossier a échoué.") from None
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _swap(fresh: Path, target: Path, former: Path) -> None:
    if target.exists():
        target.rename(former)
    try:
        fresh.rename(target)
    except OSError:
        with suppress(OSError):
            former.rename(target)
        raise
