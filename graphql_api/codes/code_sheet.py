"""The printable list of a batch of codes: slips to cut out and hand to agents."""

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from graphql_api.codes.codes import Batch
from graphql_api.web.rendering import Typography
from schema.description.dates import MONTHS
from schema.description.shared_fields import siret_in_french

_HERE = Path(__file__).parent / "templates"
_CSS = Markup((_HERE / "slips.css").read_text(encoding="utf-8"))  # noqa: S704 - a file of ours
_templates = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[Typography],
)


def printable_list(batch: Batch, public_url: str) -> str:
    """A standalone page of HTML, in French, that prints on A4 as slips.

    The slips send people to `public_url`, the address of the service.
    """
    return _templates.get_template("code_sheet.html").render(
        css=_CSS,
        local_authority=batch.local_authority,
        siret=siret_in_french(batch.local_authority.siret),
        codes=batch.codes,
        uses=batch.uses,
        until=_in_french(batch.last_day),
        address=address_on_paper(public_url),
    )


def address_on_paper(public_url: str) -> str:
    """An address as people type it: browsers go to https without being told."""
    return public_url.removeprefix("https://")


def _in_french(day: date) -> Markup:
    number = Markup("1<sup>er</sup>") if day.day == 1 else day.day
    return Markup("{}\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}{}").format(
        number, MONTHS[day.month - 1], day.year
    )
