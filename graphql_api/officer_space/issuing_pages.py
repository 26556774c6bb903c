"""Issuing codes: the form, and the slips.

The slips are the answer to the form itself: the API tells codes once, and a redirect would need
them kept somewhere meanwhile. To load the page again is to send the form again, which its key
makes harmless: that answer says where the batch is listed.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.officer_space.batch_pages import OFFICES
from graphql_api.officer_space.frame import office_values, siret_of
from graphql_api.page_kit.guide_fields import FIELD
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.assets import SLIPS_STYLE_URL
from graphql_api.web.forms.form_fields import build_form, posted_texts, stored_texts
from graphql_api.web.forms.form_values import posted_input, without_unread_days
from graphql_api.web.slips import address_on_paper, day_in_full

CODES_FORM = stored(__file__, "codes_form", FIELD)
CODES_ISSUE = stored(__file__, "codes_issue")
_ALREADY_ISSUED = "CODES_ALREADY_ISSUED"


async def issue_codes(page: PageRequest) -> Response:
    """Show the form, or make the codes that it asks for and show their slips."""
    fields = await page.public(CODES_FORM, lambda data: data["codesForm"])
    refusal = None
    if page.is_posted:
        wanted, problems = _wanted(fields, page)
        answer = await page.do(
            CODES_ISSUE,
            problems,
            siret=siret_of(page),
            key=page.idempotency_key,
            **wanted,
        )
        refusal = refusal_of(answer)
        if refusal is None:
            return await _slips(page, answer)
        if refusal.code == _ALREADY_ISSUED:
            return await _already_issued(page, answer)
    data = await page.ask(OFFICES)
    form = build_form(
        fields,
        {},
        posted_texts(page.form) if refusal else stored_texts(None),
        problems=refusal.problems if refusal else {},
        general=refusal.lines if refusal else (),
    )
    return page.render(
        "issue_codes.html",
        422 if refusal else 200,
        **office_values(page, data),
        form=form,
        problems=form.problems,
    )


def _wanted(fields: Any, page: PageRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """The arguments of the mutation, and the problems of what GraphQL cannot take."""
    wanted, problems = posted_input(fields, {}, page.form, erase=False)
    wanted, days = without_unread_days(fields, wanted)
    wanted.setdefault("count", 0)  # nothing was typed: the API says how many may be asked for
    return wanted, problems | days


async def _slips(page: PageRequest, issued: Mapping[str, Any]) -> Response:
    return page.render(
        "slips.html",
        **office_values(page, await page.ask(OFFICES)),
        issued=issued,
        until=day_in_full(issued["lastDay"]),
        address=address_on_paper(page.site.origin),
        slips_style_url=SLIPS_STYLE_URL,
    )


async def _already_issued(page: PageRequest, answer: Mapping[str, Any]) -> Response:
    data = await page.ask(OFFICES)
    return page.render(
        "already_issued.html",
        409,
        **office_values(page, data),
        batch=answer["batch"],
        message=answer["message"],
    )
