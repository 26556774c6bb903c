"""The branding of dossiers, as the service sees it: a file for the print workshop to read.

`print_site` alone knows what a branding holds, and is started by command, never imported.
"""

import subprocess
import sys
from pathlib import Path

from graphql_api.settings import SettingError

_SECONDS = 60


def branding_options(file: Path | None) -> tuple[str, ...]:
    """The options of `print_site worker` for this branding; none without a file.

    Raises `SettingError` with the error that `print_site` finds: a service that starts can print.
    """
    if file is None:
        return ()
    path = str(file.absolute())
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own path, and no shell
            [sys.executable, "-P", "-m", "print_site", "branding", path],
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SettingError("LIVRET_BRANDING : le contrôle de l’habillage n’a pas abouti.") from None
    if done.returncode != 0:
        said = done.stderr.strip().rpartition("\n")[2]
        raise SettingError(f"LIVRET_BRANDING : {said}")
    return ("--branding", path)
