"""Slips of authorization codes: what a page and the standalone sheet have in common."""

from datetime import date

from markupsafe import Markup

from graphql_api.web.assets import CONTENTS
from schema.description.dates import MONTHS

SLIPS_STYLE = CONTENTS["slips.css"].decode()


def address_on_paper(public_url: str) -> str:
    """An address as people type it: browsers go to https without being told."""
    return public_url.removeprefix("https://")


def day_in_full(day: date | str) -> Markup:
    """A day, or the API's text for one, as a letter writes it: `1er novembre 2027`."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    number = Markup("1<sup>er</sup>") if when.day == 1 else when.day
    return Markup("{}\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}{}").format(
        number, MONTHS[when.month - 1], when.year
    )
