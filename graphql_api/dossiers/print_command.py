"""What `print_site` says of a file or folder that a setting names, when the service starts.

It is started by command, never imported.
"""

import json
import subprocess
import sys
from typing import Any

from graphql_api.configuration.settings import SettingError

_SECONDS = 60


def ask_print_site(variable: str, *words: str) -> dict[str, Any]:
    """Return the JSON that a command of `print_site` writes.

    Raises `SettingError` with the error that it finds: a service that starts can print.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own path, and no shell
            [sys.executable, "-P", "-m", "print_site", *words],
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SettingError(f"{variable} : le contrôle n’a pas abouti.") from None
    if done.returncode != 0:
        said = done.stderr.strip().rpartition("\n")[2]
        raise SettingError(f"{variable} : {said}")
    return dict(json.loads(done.stdout))
