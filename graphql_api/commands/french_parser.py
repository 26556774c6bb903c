"""A command line that speaks French: argparse words its usage, headings and errors in English.

A catalogue for argparse's own gettext would not be shorter; decision 0013 says why.
"""

import argparse
import re
from typing import NoReturn

from schema.typography import typeset

_USAGE = "usage : "
_ERRORS = (
    (r"the following arguments are required: (.*)", "Il manque : {0}."),
    (r"unrecognized arguments: (.*)", "Arguments inconnus : {0}."),
    (r"one of the arguments (.*) is required", "Il manque l’un de : {0}."),
    (r"argument (.*): not allowed with argument (.*)", "{0} ne va pas avec {1}."),
    (
        r"argument (.*): invalid choice: '(.*)' \(choose from (.*)\)",
        "{0} : « {1} » n’existe pas (au choix : {2}).",
    ),
    (r"argument (.*): expected (?:one|at least one) argument", "{0} : il manque une valeur."),
    (r"argument (.*): expected (\d+) arguments", "{0} : {1} valeurs attendues."),
    (r"argument (.*): ignored explicit argument '(.*)'", "{0} ne prend pas de valeur ({1})."),
    (r"argument (.*): invalid .* value: '(.*)'", "{0} : « {1} » n’est pas une valeur possible."),
    (r"argument (.*): (.*)", "{0} : {1}."),
)

_REPR = re.compile(r"'([^',]*)'")  # argparse names the choices as Python writes them


class _LivretHelp(argparse.RawDescriptionHelpFormatter):
    """French headings, set off from their colon; description and epilog as the source wraps them."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def start_section(self, heading: str | None) -> None:
        """Begin a group of arguments."""
        super().start_section(heading and f"{heading} ")


class LivretParser(argparse.ArgumentParser):
    """A parser whose help and errors are in French. Options are written in full."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            add_help=False,
            allow_abbrev=False,
            formatter_class=_LivretHelp,
            **options,  # type: ignore[arg-type]  # those of argparse, passed on
        )
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        """The usage, with its French colon."""
        return typeset(super().format_usage().replace("usage: ", _USAGE, 1))

    def format_help(self) -> str:
        """The help, typeset."""
        return typeset(super().format_help().replace("usage: ", _USAGE, 1))

    def error(self, message: str) -> NoReturn:
        """Exit with code 2, saying in French what is wrong and where the help is."""
        self.exit(2, typeset(f"{in_french(message)}\nVoir : {self.prog} --help\n"))


def in_french(message: str) -> str:
    """Translate an error of argparse into French."""
    for english, french in _ERRORS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return french.format(*(_REPR.sub(r"\1", one.rstrip(".")) for one in found.groups()))
    return "Commande mal formée."
