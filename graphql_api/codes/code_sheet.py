"""The printable list of a batch of codes: slips to cut out and hand to agents."""

from pathlib import Path

from markupsafe import Markup

from graphql_api.codes.codes import Batch
from graphql_api.web.rendering import templates_from
from graphql_api.web.slips import SLIPS_STYLE, address_on_paper, day_in_full
from schema.description.shared_fields import siret_in_french

_templates = templates_from(Path(__file__).parent / "templates")


def printable_list(batch: Batch, public_url: str) -> str:
    """A standalone page of HTML, in French, that prints on A4 as slips.

    The slips send people to `public_url`, the address of the service.
    """
    return _templates.get_template("code_sheet.html").render(
        css=Markup(SLIPS_STYLE),  # noqa: S704 - a file of ours
        local_authority=batch.local_authority,
        siret=siret_in_french(batch.local_authority.siret),
        codes=batch.codes,
        uses=batch.uses,
        until=day_in_full(batch.last_day),
        address=address_on_paper(public_url),
    )
