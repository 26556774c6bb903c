"""What the command line says to people: in French, typeset.

Figures, addresses, codes and files that programs read are printed as they are, by `print`.
"""

import sys

from schema.typography import typeset


class CommandError(Exception):
    """A command did nothing; the message says why, in French."""


def say(text: object) -> None:
    """Write a line for people on the standard output, at once."""
    print(typeset(str(text)), flush=True)  # noqa: T201, the one place of what is said


def complain(text: object) -> None:
    """Write a line for people on the standard error."""
    print(typeset(str(text)), file=sys.stderr, flush=True)  # noqa: T201, as above
