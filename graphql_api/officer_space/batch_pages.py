"""Which collectivité; its batches of codes with their totals; the codes of a batch."""

from starlette.responses import Response

from graphql_api.officer_space.frame import (
    FRAME,
    OFFICES_PATH,
    frame_of,
    office_values,
    path_of,
    siret_of,
)
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.rendering import see_other

OFFICES = stored(__file__, "offices", FRAME)
BATCH = stored(__file__, "batch")
BATCH_LIST = stored(__file__, "batch_list", FRAME, BATCH)
BATCH_CODES = stored(__file__, "batch_codes", FRAME, BATCH)
AFTER = "suite"


async def offices(page: PageRequest) -> Response:
    """Let an officer choose among several collectivités; lead to the only one."""
    data = await page.ask(OFFICES)
    found = data["officerOf"]
    if not found:
        raise PageNotFoundError
    if len(found) == 1:
        return see_other(path_of(found[0]["siret"]))
    return page.render("offices.html", frame=frame_of(page, data), offices=found, path=OFFICES_PATH)


async def batch_list(page: PageRequest) -> Response:
    """Show the batches of a collectivité, the newest first."""
    after = page.query(AFTER)
    data = await page.ask(BATCH_LIST, siret=siret_of(page), after=after or None)
    return page.render(
        "batch_list.html",
        **office_values(page, data),
        batches=data["codeBatches"]["nodes"],
        page_info=data["codeBatches"]["pageInfo"],
        is_first_page=not after,
    )


async def batch_codes(page: PageRequest) -> Response:
    """Show the codes of a batch by their references: never which were used."""
    id, after = page.part_of_path("batch"), page.query(AFTER)
    data = await page.ask(BATCH_CODES, siret=siret_of(page), batch=id, after=after or None)
    return page.render(
        "batch_codes.html",
        **office_values(page, data),
        batch=require(data["codeBatch"]),
        codes=sorted(data["authorizationCodes"]["nodes"], key=lambda one: str(one["reference"])),
        page_info=data["authorizationCodes"]["pageInfo"],
    )
