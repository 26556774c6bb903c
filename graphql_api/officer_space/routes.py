"""The routes of an officer's pages."""

from pathlib import Path

from starlette.routing import Route

from graphql_api.officer_space.batch_pages import batch_codes, batch_list, offices
from graphql_api.officer_space.frame import OFFICES_PATH
from graphql_api.officer_space.issuing_pages import issue_codes
from graphql_api.officer_space.revoking_pages import find_code, revoke_batch, revoke_code
from graphql_api.page_kit.stored_documents import DocumentRunner
from graphql_api.page_kit.views import SiteFacts, ViewRoutes
from graphql_api.web.rendering import pages_from

# What a page says after a redirect, by the word in its address.
NOTICES = {
    "revocation": "Le code est révoqué : il n’ouvre plus de livret.",
    "revocation-lot": "Tous les codes du lot sont révoqués : ils n’ouvrent plus de livret.",
}


def officer_routes(runner: DocumentRunner, site: SiteFacts) -> list[Route]:
    """All routes."""
    template = pages_from(Path(__file__).parent / "templates")
    views = ViewRoutes(runner, site, template, NOTICES)
    office = f"{OFFICES_PATH}/{{siret}}"
    return [
        views.route(OFFICES_PATH, offices),
        views.route(office, batch_list),
        views.route(f"{office}/delivrer", issue_codes, form=True),
        views.route(f"{office}/lots/{{batch:uuid}}", batch_codes),
        views.route(f"{office}/lots/{{batch:uuid}}/revoquer", revoke_batch, form=True),
        views.route(f"{office}/revoquer", find_code, form=True),
        views.route(f"{office}/codes/{{reference}}/revoquer", revoke_code, form=True),
    ]
