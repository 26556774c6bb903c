"""The branding that the settings name: for the print workshop a file to read, for pages what it sets.

`print_site` alone knows what a branding file may hold, and is started by command, never imported.
"""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql_api.settings import SettingError
from graphql_api.web.page_branding import PageBranding, PageLogo

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ServiceBranding:
    """The options of `print_site worker` for a branding, and the same branding for pages."""

    options: tuple[str, ...] = ()
    pages: PageBranding | None = None


def read_branding(file: Path | None) -> ServiceBranding:
    """Read a branding; there is none without a file.

    Raises `SettingError` with the error that `print_site` finds: a service that starts can print.
    """
    if file is None:
        return ServiceBranding()
    path = str(file.absolute())
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own path, and no shell
            [sys.executable, "-P", "-m", "print_site", "branding", "--json", path],
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
    return ServiceBranding(("--branding", path), _for_pages(json.loads(done.stdout)))


def _for_pages(given: dict[str, Any]) -> PageBranding:
    logo = given["logo"]
    return PageBranding(
        name=given["name"],
        show_name=given["showName"],
        css=given["css"],
        logo=logo and _logo(logo),
    )


def _logo(given: dict[str, Any]) -> PageLogo:
    start, _, encoded = given["uri"].partition(";base64,")
    return PageLogo(
        base64.b64decode(encoded), start.removeprefix("data:"), given["width"], given["height"]
    )
