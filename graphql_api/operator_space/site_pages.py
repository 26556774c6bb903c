"""Regional sites: which are registered, registering one, taking the registration back.

The secret is the answer to the form itself: the API tells it once. To send the form again is
harmless: the site is registered by then, and the page says so.
"""

from typing import Any

from starlette.responses import Response

from graphql_api.operator_space.frame import FRAME, SITES_PATH, frame_of
from graphql_api.operator_space.rights import do_recently
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require

SITE_LIST = stored(__file__, "site_list", FRAME)
SITE_REGISTER = stored(__file__, "site_register")
SITE_UNREGISTER = stored(__file__, "site_unregister")


async def site_list(page: PageRequest) -> Response:
    """Show every regional site, registered or not."""
    data = await page.ask(SITE_LIST)
    lines = data["siteRegistrations"]
    return page.render(
        "site_list.html",
        frame=frame_of(page, data),
        path=SITES_PATH,
        registered=[one for one in lines if one["client"]],
        others=[one for one in lines if not one["client"]],
    )


async def register_site(page: PageRequest) -> Response:
    """Say what registering a site does; or do it, and show the secret of its machine this once."""
    if page.is_posted:
        answer = await do_recently(page, SITE_REGISTER, site=page.part_of_path("site"))
        if refusal_of(answer) is None:
            data, site = await _site(page)
            return page.render(
                "site_secret.html",
                frame=frame_of(page, data),
                path=SITES_PATH,
                site=site,
                made=answer,
            )
    data, site = await _site(page)
    return page.render(
        "register_site.html",
        409 if page.is_posted else 200,
        frame=frame_of(page, data),
        path=SITES_PATH,
        site=site,
    )


async def unregister_site(page: PageRequest) -> Response:
    """Say what unregistering a site does, or do it."""
    if page.is_posted:
        answer = await do_recently(page, SITE_UNREGISTER, site=page.part_of_path("site"))
        if refusal_of(answer) is None:
            return page.go(SITES_PATH, "site")
    data, site = await _site(page)
    return page.render(
        "unregister_site.html",
        frame=frame_of(page, data),
        path=SITES_PATH,
        site=require(site["client"] and site),
    )


async def _site(page: PageRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data of the list, and the site of the path. Raises `PageNotFoundError`."""
    data = await page.ask(SITE_LIST)
    code = page.part_of_path("site")
    found = [one for one in data["siteRegistrations"] if one["code"] == code]
    return data, require(found[0] if found else None)
