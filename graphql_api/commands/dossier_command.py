"""`livret dossier build | verify`: what `print_site` does from a shell, under the service's name.

`graphql_api/` never imports `print_site/`: the process is replaced by it, so input, output, signals
and exit code are those of `python -m print_site`.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

NAME = "dossier"
HELP = "écrit un dossier lu par l’API, ou vérifie un dossier imprimé"


def become_print_site(arguments: Sequence[str]) -> NoReturn:
    """Run `print_site` with these arguments instead of this program."""
    sys.stdout.flush()
    # -P: a file received by mail may lie beside one named print_site.py.
    words = [sys.executable, "-P", "-m", "print_site", "--called", f"livret {NAME}", *arguments]
    os.execv(sys.executable, words)  # noqa: S606, without a shell is what is meant
