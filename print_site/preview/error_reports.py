"""Reports an error of the theme to its designer: a sentence, a file, a line."""

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from print_site.errors import PrintError, Reason
from print_site.settings import THEME, TYPST

_AROUND = 4
_TYPST = re.compile(r"([\w-]+\.typ):(\d+):\d+ ?(.*)")


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """An error in French. `file` is relative to the theme's folder, and empty if no file is wrong.

    `excerpt` holds numbered lines around `line`, the wrong one.
    """

    message: str
    file: str = ""
    line: int = 0
    excerpt: tuple[tuple[int, str], ...] = ()


def report_of(error: Exception) -> ErrorReport:
    """Return the report of an error that was raised while a page was rendered."""
    if isinstance(error, PrintError):
        if error.reason is Reason.TARGET and isinstance(error.__context__, OSError):
            return report_of(error.__context__)  # a template or a sheet that is missing
        in_template = _TYPST.search(error.detail)
        if in_template:
            return _located(
                f"{error.message} {in_template[3]}", TYPST / in_template[1], int(in_template[2])
            )
        return ErrorReport(error.message)
    if isinstance(error, TemplateSyntaxError) and error.filename:
        said = f"Erreur de syntaxe dans un gabarit : {error.message}"
        return _located(said, Path(error.filename), error.lineno)
    if isinstance(error, OSError) and error.filename:
        return ErrorReport(
            "Ce fichier manque, ou n’est pas lisible.", _relative(Path(error.filename))
        )
    frames = traceback.extract_tb(error.__traceback__)
    in_theme = [frame for frame in frames if _is_in_theme(Path(frame.filename))]
    said = _sentence(error)
    if not in_theme:
        return ErrorReport(said)
    return _located(said, Path(in_theme[-1].filename), in_theme[-1].lineno or 0)


def _sentence(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"Le gabarit « {error.name} » n’existe pas."
    if isinstance(error, UndefinedError):
        return f"Un gabarit demande ce qui n’existe pas : {error.message}"
    return f"{type(error).__name__} : {error}"


def _located(message: str, file: Path, line: int) -> ErrorReport:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    first = max(line - _AROUND, 1)
    excerpt = tuple(enumerate(lines[first - 1 : line + _AROUND], start=first))
    return ErrorReport(message, _relative(file), line, excerpt)


def _is_in_theme(file: Path) -> bool:
    return file.is_relative_to(THEME)


def _relative(file: Path) -> str:
    return file.relative_to(THEME).as_posix() if _is_in_theme(file) else file.name
