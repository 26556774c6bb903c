"""The map of the site, for whoever is signed in or not; and whether a session goes on."""

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, OPEN, OWN_ACCOUNT, frame_of, state_of
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import NotSignedInError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.page_frame import MenuItem
from schema.typography import typeset

SITE_MAP = stored(__file__, "site_map", FRAME, OWN_ACCOUNT)
SESSION = stored(__file__, "session")
SITE_MAP_PATH, SESSION_PATH = "/plan-du-site", "/session"


async def site_map(page: PageRequest) -> Response:
    """List the pages of Espace Pro, of the booklet with its rubrics, and those for anybody."""
    try:
        data = await page.ask(SITE_MAP)
    except NotSignedInError:
        return page.render(
            "site_map.html",
            groups=(),
            below={},
            registration=page.site.registration,
        )
    guide = await guide_of(page)
    frame = frame_of(page, guide, data)
    return page.render(
        "site_map.html",
        frame=frame,
        groups=frame.menu,
        below=_below(guide) if state_of(data) == OPEN else {},
    )


async def session(page: PageRequest) -> Response:
    """Answer with nothing while the session goes on; asking makes it go on."""
    await page.ask(SESSION)
    return Response(status_code=204, headers={"cache-control": "no-store"})


def _below(guide: Guide) -> dict[str, list[MenuItem]]:
    """The pages below each page of the menu, by its path."""
    parts = {
        f"/livret/{part['slug']}": [
            MenuItem(
                f"/livret/{part['slug']}/recapitulatif", typeset(f"Récapitulatif : {part['label']}")
            ),
            *(MenuItem(guide.path_of(one), one["label"]) for one in guide.rubrics_of(part)),
        ]
        for part in guide.parts.values()
    }
    tables = MenuItem("/livret/panorama/tableaux", "En tableaux")
    return {**parts, "/livret/panorama": [tables]}
