"""`/livret/journal`: who else read the booklet, or was refused it, and when."""

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, OWN_ACCOUNT, frame_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.rendering import see_other

JOURNAL = stored(__file__, "journal", FRAME, OWN_ACCOUNT)
JOURNAL_PATH = "/livret/journal"
RECORDS_OF_A_PAGE = 50
AFTER = "apres"


async def journal(page: PageRequest) -> Response:
    """Show the accesses, the newest first, so many to a page."""
    after = page.query(AFTER)
    data = await page.ask(JOURNAL, first=RECORDS_OF_A_PAGE, after=after or None)
    if data["booklet"] is None:
        return see_other("/livret")
    guide = await guide_of(page)
    records = data["booklet"]["accessRecords"]
    return page.render(
        "journal.html",
        frame=frame_of(page, guide, data),
        path=JOURNAL_PATH,
        records=records["nodes"],
        is_first=not after,
        older=records["pageInfo"]["endCursor"] if records["pageInfo"]["hasNextPage"] else "",
    )
