"""`/livret/dossiers/{id}/liens`: the share links of a dossier, a new one, and withdrawing one, which is asked for once.

The address of a link and its PIN are the answer to the form itself: the API tells them once, and a
redirect would need them kept somewhere meanwhile. To load that page again is to send the form
again, which its key makes harmless: that answer has no address any more, and says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.dossiers.dossier_form import DOSSIERS
from graphql_api.agent_space.frame import FRAME, frame_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.guide_fields import FIELD
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import build_form, posted_texts, stored_texts
from graphql_api.web.forms.form_values import Field, posted_input, without_unread_days
from graphql_api.web.qr_codes import qr_code
from schema.sharing.access_record import REASONS
from schema.typography import typeset

SHARE_LINK = stored(__file__, "share_link", FRAME)
SHARE_LINK_FORM = stored(__file__, "share_link_form", FIELD)
SHARE_LINKS = stored(__file__, "share_links", FRAME)
SHARE_LINK_ISSUE = stored(__file__, "share_link_issue")
SHARE_LINK_REVOKE = stored(__file__, "share_link_revoke")
_QR_NAME = typeset("Code QR de l’adresse à transmettre, écrite à côté")
# What became of an access by a link, in a list of them.
OUTCOMES = {"OPENED": "ouvert", "READ": "lu ou téléchargé", "REFUSED": "refusé"}
REFUSALS = {reason.name: words for reason, words in REASONS.items()}
STATES = {
    "LIVE": "en service",
    "USED_UP": "épuisé : toutes ses ouvertures sont faites",
    "LOCKED": "bloqué après cinq codes erronés",
    "EXPIRED": "terminé : son dernier jour est passé",
    "REVOKED": "retiré",
}


async def share_links(page: PageRequest) -> Response:
    """Show the links of a dossier with the form for another, or issue it and show its address."""
    fields = await page.public(SHARE_LINK_FORM, lambda data: data["shareLinkForm"])
    refusal, issued = None, None
    if page.is_posted:
        wanted, problems = _wanted(fields, page)
        dossier, key = page.part_of_path("id"), page.idempotency_key
        issued = await page.do(SHARE_LINK_ISSUE, problems, dossier=dossier, key=key, **wanted)
        refusal = refusal_of(issued)
    data = await page.ask(SHARE_LINKS, id=page.part_of_path("id"))
    dossier = require(require(data["booklet"])["dossier"])
    accesses = data["booklet"]["accessRecords"]["nodes"]
    around = {
        "frame": frame_of(page, await guide_of(page), data),
        "dossier": dossier,
        "path": f"{DOSSIERS}/{dossier['id']}",
    }
    if issued is not None and refusal is None:
        url = issued["url"]
        picture = qr_code(url, _QR_NAME) if url else ""
        return page.render("share_link_issued.html", **around, issued=issued, qr_code=picture)
    form = build_form(
        fields,
        {},
        posted_texts(page.form) if refusal else stored_texts(None),
        problems=refusal.problems if refusal else {},
        general=refusal.lines if refusal else (),
        tick=("withPin",),
    )
    return page.render(
        "share_links.html",
        refusal.status if refusal else 200,
        **around,
        live=[one for one in dossier["shareLinks"] if one["state"] == "LIVE"],
        ended=[one for one in dossier["shareLinks"] if one["state"] != "LIVE"],
        states=STATES,
        accesses={
            link["id"]: [one for one in accesses if one["shareLink"] == link["id"]]
            for link in dossier["shareLinks"]
        },
        outcomes=OUTCOMES,
        refusals=REFUSALS,
        form=form,
        problems=form.problems,
    )


async def revoke_share_link(page: PageRequest) -> Response:
    """Ask whether to withdraw a link, with what ends by it, or withdraw it.

    Of one that was withdrawn before, nothing changes.
    """
    path, id = f"{DOSSIERS}/{page.part_of_path('id')}/liens", page.part_of_path("link")
    if page.is_posted:
        require(None if refusal_of(await page.do(SHARE_LINK_REVOKE, id=id)) else id)
        return page.go(path, "lien-retire")
    data = await page.ask(SHARE_LINK, dossier=page.part_of_path("id"))
    dossier = require(require(data["booklet"])["dossier"])
    return page.render(
        "share_link_revoke.html",
        frame=frame_of(page, await guide_of(page), data),
        dossier=dossier,
        link=require(next((one for one in dossier["shareLinks"] if one["id"] == id), None)),
        states=STATES,
        path=path,
    )


def _wanted(fields: Sequence[Field], page: PageRequest) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The arguments of the mutation, and the problems of what GraphQL cannot take."""
    wanted, problems = posted_input(fields, {}, page.form, erase=False)
    wanted, days = without_unread_days(fields, wanted)
    return {"name": "", "withPin": False, **wanted}, problems | days
