"""The folder of fonts that the settings name: for the print workshop, and for what it warns of."""

from dataclasses import dataclass, field
from pathlib import Path

from graphql_api.dossiers.print_command import ask_print_site
from schema.dossiers.printable import Printable, bundled_printable


@dataclass(frozen=True, slots=True)
class ServiceFonts:
    """The options of `print_site worker` for more fonts, and what PDFs draw with them."""

    options: tuple[str, ...] = ()
    printable: Printable = field(default_factory=bundled_printable)


def read_fonts(folder: Path | None) -> ServiceFonts:
    """Read what a folder of fonts adds; nothing without a folder. Raises `SettingError`."""
    if folder is None:
        return ServiceFonts()
    path = str(folder.absolute())
    told = ask_print_site("LIVRET_FONTS", "fonts", "--json", path)
    return ServiceFonts(("--fonts", path), Printable(told["printable"]))
