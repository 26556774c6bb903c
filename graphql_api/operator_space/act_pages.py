"""The log of what operators did."""

from starlette.responses import Response

from graphql_api.operator_space.frame import ACTS_PATH, FRAME, frame_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

ACTS = stored(__file__, "acts", FRAME)
AFTER = "suite"


async def acts(page: PageRequest) -> Response:
    """Show who did what and when, the last act first."""
    after = page.query(AFTER)
    data = await page.ask(ACTS, after=after or None)
    return page.render(
        "acts.html",
        frame=frame_of(page, data),
        path=ACTS_PATH,
        acts=data["operatorActs"]["nodes"],
        page_info=data["operatorActs"]["pageInfo"],
        is_first_page=not after,
    )
