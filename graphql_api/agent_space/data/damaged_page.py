"""`/livret/parties-endommagees`: what of the booklet cannot be read, each with the way to remove it."""

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, frame_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

DAMAGED_PARTS = stored(__file__, "damaged_parts", FRAME)
DAMAGED_PART_REMOVE = stored(__file__, "damaged_part_remove")
DAMAGED_PATH = "/livret/parties-endommagees"
PART = "partie"


async def damaged_parts(page: PageRequest) -> Response:
    """List the damaged parts, or remove one for good."""
    guide, refusal = await guide_of(page), None
    if page.is_posted:
        kind, _, id = page.form.text(PART).partition(" ")
        refusal = refusal_of(await page.do(DAMAGED_PART_REMOVE, kind=kind, id=id))
        if refusal is None:
            return page.go(DAMAGED_PATH, "partie-supprimee")
    data = await page.ask(DAMAGED_PARTS)
    found = (data["booklet"] or {}).get("damaged", ())
    return page.render(
        "damaged_parts.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        path=DAMAGED_PATH,
        name=PART,
        parts=[
            {
                **part,
                "rubric": guide.rubric_named(part["rubric"])["label"] if part["rubric"] else "",
            }
            for part in found
        ],
        problems=refusal.lines if refusal else (),
    )
