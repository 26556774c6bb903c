"""The branding that the settings name: for the print workshop a file to read, for pages what it sets.

`print_site` alone knows what a branding file may hold.
"""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql_api.dossiers.print_command import ask_print_site
from graphql_api.web.page_branding import PageBranding, PageLogo


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
    told = ask_print_site("LIVRET_BRANDING", "branding", "--json", path)
    return ServiceBranding(("--branding", path), _for_pages(told))


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
