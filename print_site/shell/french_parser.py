"""An argument parser whose help and errors are in French."""

import argparse
import re
from typing import NoReturn

from print_site.dossier.text import typeset_marks

# Errors do not repeat what was typed: it may be a token in the wrong place.
_ERRORS = (
    (r"the following arguments are required: (.*)", "Il manque : {0}."),
    (r"unrecognized arguments: .*", "Un argument est inconnu."),
    (r"argument (.*): not allowed with argument (.*)", "{0} ne va pas avec {1}."),
    (r"argument .*: invalid choice: .*", "Cette commande n’existe pas."),
    (r"argument (.*): expected one argument", "{0} : il manque une valeur."),
    (r"argument (.*): invalid .* value: .*", "{0} : cette valeur n’est pas possible."),
)


class _FrenchHelp(argparse.RawDescriptionHelpFormatter):
    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and f"{heading} ")


class FrenchParser(argparse.ArgumentParser):
    """A parser whose help and errors are in French. Options cannot be abbreviated."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            add_help=False,
            allow_abbrev=False,
            formatter_class=_FrenchHelp,
            **options,  # type: ignore[arg-type]  # handed on as they come
        )
        self._positionals.title = "argument"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        """Return the usage, with a French colon."""
        return typeset_marks(super().format_usage().replace("usage: ", "usage : ", 1))

    def format_help(self) -> str:
        """Return the help, with a French colon."""
        return typeset_marks(super().format_help().replace("usage: ", "usage : ", 1))

    def error(self, message: str) -> NoReturn:
        """Exit with code 2, a French error and the command that shows the help."""
        self.exit(2, typeset_marks(f"{_in_french(message)}\nVoir : {self.prog} --help\n"))


def _in_french(message: str) -> str:
    for english, french in _ERRORS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return french.format(*found.groups())
    return "Commande mal formée."
