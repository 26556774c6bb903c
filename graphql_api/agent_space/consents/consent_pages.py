"""`/livret/consentements`: what regional sites may read, the receipt of each, narrowing and withdrawing."""

from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import FormProblem, new_key
from graphql_api.web.rendering import see_other

TERMS = stored(__file__, "consent_terms")
CONSENT_LIST = stored(__file__, "consent_list", FRAME, TERMS)
CONSENT = stored(__file__, "consent", FRAME, TERMS)
CONSENT_NARROW = stored(__file__, "consent_narrow")
CONSENT_WITHDRAW = stored(__file__, "consent_withdraw")
CONSENTS = "/livret/consentements"
ENDS = {
    "WITHDRAWN": "retiré",
    "EXPIRED": "terminé : son dernier jour est passé",
    "CLOSED": "terminé à la fermeture du livret",
}
_SECTIONS = "sections"


async def consent_list(page: PageRequest) -> Response:
    """Show the consents, live and ended, or what one is for."""
    data = await page.ask(CONSENT_LIST)
    consents = require_open(data)["consents"]
    return page.render(
        "consent_list.html",
        frame=frame_of(page, await guide_of(page), data),
        live=[one for one in consents if one["endedBy"] is None],
        ended=[one for one in consents if one["endedBy"] is not None],
        labels=await labels_of_sections(page),
        ends=ENDS,
    )


async def consent(page: PageRequest) -> Response:
    """Show a consent as its receipt has it: to whom, what, why, until when, and how it ended."""
    data, found = await consent_of(page)
    return page.render(
        "consent.html",
        frame=frame_of(page, await guide_of(page), data),
        consent=found,
        path=f"{CONSENTS}/{found['id']}",
        labels=await labels_of_sections(page),
        ends=ENDS,
    )


async def narrow_consent(page: PageRequest) -> Response:
    """Let a site read fewer sections: those that stay ticked."""
    id, refusal = page.part_of_path("id"), None
    path = f"{CONSENTS}/{id}"
    labels = await labels_of_sections(page)
    if page.is_posted:
        refusal = await _narrow(
            page, id, [one for one in page.form.all(_SECTIONS) if one in labels]
        )
        if refusal is None:
            return page.go(path, "consentement-reduit")
    data, found = await consent_of(page)
    if found["endedBy"] is not None:
        return see_other(path)
    problem = refusal.problems.get(_SECTIONS, "") if refusal else ""
    lines = [FormProblem(problem, _SECTIONS)] if problem else list(refusal.lines if refusal else ())
    return page.render(
        "consent_narrow.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, await guide_of(page), data),
        consent=found,
        path=path,
        labels=labels,
        ticked=page.form.all(_SECTIONS) if refusal else found["sections"],
        problem=problem,
        key=new_key(),
        problems=lines,
    )


async def withdraw_consent(page: PageRequest) -> Response:
    """Withdraw a consent, in one step; of one that has ended, nothing changes."""
    path = f"{CONSENTS}/{page.part_of_path('id')}"
    if not page.is_posted:
        return see_other(path)
    answer = await page.do(CONSENT_WITHDRAW, id=page.part_of_path("id"))
    require(None if refusal_of(answer) else path)
    return page.go(path, "consentement-retire")


async def consent_of(page: PageRequest) -> tuple[Any, Any]:
    """The data of the document of a consent, and the consent that the path names."""
    data = await page.ask(CONSENT, id=page.part_of_path("id"))
    return data, require(require(data["booklet"])["consent"])


async def labels_of_sections(page: PageRequest) -> dict[str, str]:
    """The French label of each section that a site may read."""
    guide = await guide_of(page)
    return {one["code"]: one["label"] for one in guide.tables["summarySection"]}


async def _narrow(page: PageRequest, id: str, sections: list[str]) -> FormRefusal | None:
    variables = {"id": id, "version": page.version, "key": page.idempotency_key}
    return refusal_of(await page.do(CONSENT_NARROW, sections=sections, **variables))
