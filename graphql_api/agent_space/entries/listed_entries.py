"""A page of entries: of a long list, a document reads what one page shows.

Its `entriesConnection` takes `$first` and `$offset`, and has `totalCount` and `nodes`. Where the
page of an element can be asked for (`?voir=…`), `listed` has the ids of the whole list.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql_api.agent_space.frame import require_open
from graphql_api.page_kit.paging import PAGE, SHOWN, PageOfList, page_at, page_number
from graphql_api.page_kit.stored_documents import StoredDocument
from graphql_api.page_kit.views import PageRequest


async def ask_for_page(
    page: PageRequest, document: StoredDocument, size: int, **variables: Any
) -> tuple[Mapping[str, Any], PageOfList]:
    """What the document answers, and the page of entries that the address asks for.

    Where that is another than the address says, that of an element or the last instead of one
    beyond, it is asked for once more. Raises `RedirectError` unless the booklet is open.
    """
    offset = (page_number(page.query(PAGE)) - 1) * size
    data = await page.ask(document, first=size, offset=offset, **variables)
    wanted = _page_in(page, data, size)
    if wanted.offset != offset:
        data = await page.ask(document, first=size, offset=wanted.offset, **variables)
        wanted = _page_in(page, data, size)
    return data, replace(wanted, items=data["booklet"]["entriesConnection"]["nodes"])


def _page_in(page: PageRequest, data: Mapping[str, Any], size: int) -> PageOfList:
    """The page that the address asks for, of the list as the document found it."""
    booklet, shown = require_open(data), page.query(SHOWN)
    wanted = page_number(page.query(PAGE))
    for place, entry in enumerate(booklet.get("listed", ())):
        if entry["id"] == shown:
            wanted = place // size + 1
    return page_at(booklet["entriesConnection"]["totalCount"], size, wanted)
