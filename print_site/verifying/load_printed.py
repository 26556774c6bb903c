"""Loads a printed dossier in any form: its data, the fingerprints that it shows, all its files.

A file may come from anyone: sizes are bounded, links are not followed, nothing in it is run.
"""

import lzma
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from print_site.build import FOLDER_FILES, PAGE, ROOT_IN_ZIP
from print_site.dossier.fingerprints import DATA_FILE, find_fingerprints, split_data
from print_site.errors import PrintError, Reason
from print_site.limits import LARGEST_FILE_BYTES
from print_site.pdf.reader import read_pdf

_GENERATOR = re.compile('<meta name="generator" content="([^"]*)">')
# What zipfile and its three compressions raise for a damaged file.
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_FOREIGN = "Ce n’est pas un dossier de Livret, ou il ne porte pas de données."


@dataclass(frozen=True)
class PrintedFile:
    """A printed dossier. `form` is a key of `build.BUILDERS`.

    `data` is JSON as it was found, `fingerprints` the fingerprints that the pages print, or a PDF's
    metadata say, `generator` what laid them out as they say, `files` every byte by name; the data of a
    single page are a file apart, since another machine may compress them otherwise.
    """

    form: str
    data: str
    fingerprints: frozenset[str]
    generator: str
    files: dict[str, bytes]


def load_printed(path: Path) -> PrintedFile:
    """Load a single file, a PDF, a zip or a folder, by its content. Raises PrintError."""
    try:
        if path.is_dir():
            return _of_folder("folder", _folder_files(path))
        if path.name == PAGE and (path.parent / DATA_FILE).is_file():
            return _of_folder(
                "folder", _folder_files(path.parent)
            )  # the path is that of the folder's page
        content = _content(path)
    except OSError:
        raise PrintError(
            Reason.UNREADABLE, "Ce fichier n’existe pas ou n’est pas lisible."
        ) from None
    if content.startswith(b"%PDF-"):
        found = read_pdf(content)
        return PrintedFile(
            form="pdf",
            data=found.data,
            fingerprints=found.fingerprints,
            generator=found.generator,
            files={"livret.pdf": content},
        )
    if content.startswith(b"PK"):
        return _of_folder("zip", _zip_files(path))
    return _of_page(content)


def _of_page(content: bytes) -> PrintedFile:
    split = split_data(_decoded(content))
    if split is None:
        raise _foreign_file_error()
    page, data = split
    files = {PAGE: page.encode(), DATA_FILE: data.encode()}
    return PrintedFile("html", data, frozenset(find_fingerprints(page)), _generator(page), files)


def _of_folder(form: str, files: dict[str, bytes]) -> PrintedFile:
    if not {PAGE, DATA_FILE} <= files.keys():
        raise _foreign_file_error()
    page = _decoded(files[PAGE])
    data = _decoded(files[DATA_FILE])
    return PrintedFile(form, data, frozenset(find_fingerprints(page)), _generator(page), files)


def _folder_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a dossier by name; those that do not belong there are empty."""
    files: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() or path.is_symlink():
            files[name] = _content(path) if name in FOLDER_FILES else b""
        if len(files) > 2 * len(FOLDER_FILES):
            raise _foreign_file_error()
    return files


def _zip_files(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as pack:
            members = pack.infolist()
            if len(members) > 2 * len(FOLDER_FILES):
                raise _foreign_file_error()
            for member in members:
                name = member.filename.removeprefix(f"{ROOT_IN_ZIP}/")
                if name in files:
                    raise PrintError(
                        Reason.ALTERED, "L’archive contient deux fois le même fichier."
                    )
                held = sum(len(content) for content in files.values())
                with pack.open(member) as source:
                    files[name] = _bounded(source.read(LARGEST_FILE_BYTES + 1), held)
    except _BROKEN_ZIP:
        raise PrintError(
            Reason.UNREADABLE, "Cette archive est abîmée, chiffrée ou illisible."
        ) from None
    return files


def _content(path: Path) -> bytes:
    # A pipe or a device could block or never end.
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _foreign_file_error()
    with path.open("rb") as source:
        return _bounded(source.read(LARGEST_FILE_BYTES + 1))


def _bounded(content: bytes, held: int = 0) -> bytes:
    if held + len(content) > LARGEST_FILE_BYTES:
        raise PrintError(Reason.UNREADABLE, "Ce fichier est trop gros pour être un dossier.")
    return content


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _foreign_file_error() from None


def _generator(page: str) -> str:
    found = _GENERATOR.search(page)
    return found[1] if found else ""


def _foreign_file_error() -> PrintError:
    return PrintError(Reason.UNREADABLE, _FOREIGN)
