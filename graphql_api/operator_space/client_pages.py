"""Front ends and machines that may ask for tokens: which there are, and disabling one."""

from starlette.responses import Response

from graphql_api.operator_space.frame import CLIENTS_PATH, FRAME, SITES_PATH, frame_of
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require

CLIENT_LIST = stored(__file__, "client_list", FRAME)
CLIENT_DISABLE = stored(__file__, "client_disable")


async def client_list(page: PageRequest) -> Response:
    """Show who may ask for tokens."""
    data = await page.ask(CLIENT_LIST)
    return page.render(
        "client_list.html",
        frame=frame_of(page, data),
        path=CLIENTS_PATH,
        sites_path=SITES_PATH,
        clients=data["apiClients"],
    )


async def disable_client(page: PageRequest) -> Response:
    """Say what disabling a client does, or do it. A site's machine goes with its site."""
    id = page.part_of_path("client")
    data = await page.ask(CLIENT_LIST)
    found = [one for one in data["apiClients"] if one["id"] == id]
    client = require(found[0] if found and not found[0]["site"] else None)
    if page.is_posted and refusal_of(await page.do(CLIENT_DISABLE, id=id)) is None:
        return page.go(CLIENTS_PATH, "application")
    return page.render(
        "disable_client.html", frame=frame_of(page, data), path=CLIENTS_PATH, client=client
    )
