"""The routes of an operator's pages."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from graphql_api.operator_space.account_pages import (
    disable_account,
    enable_account,
    find_account,
    resend_activation,
)
from graphql_api.operator_space.act_pages import acts
from graphql_api.operator_space.client_pages import (
    client_list,
    disable_client,
    register_front_end,
    register_machine,
    revise_client,
)
from graphql_api.operator_space.frame import (
    ACCOUNTS_PATH,
    ACTS_PATH,
    CHARTERS_PATH,
    CLIENTS_PATH,
    FRAME_ONLY,
    OFFICERS_PATH,
    OPERATORS_PATH,
    ROOT,
    SITES_PATH,
    STATISTICS_PATH,
)
from graphql_api.operator_space.people_pages import (
    appoint_officer,
    appoint_operator,
    dismiss_officer,
    dismiss_operator,
    officer_list,
    operator_list,
)
from graphql_api.operator_space.site_pages import register_site, site_list, unregister_site
from graphql_api.operator_space.state_pages import charters, state
from graphql_api.operator_space.statistics_pages import statistics
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.stored_documents import DocumentRunner
from graphql_api.page_kit.views import PageRequest, SiteFacts, ViewRoutes
from graphql_api.web.rendering import pages_from

# What a page says after a redirect, by the word in its address.
NOTICES = {
    "agent-rh": "C’est fait : cette personne peut délivrer les codes de la collectivité.",
    "exploitant": "C’est fait : cette personne exploite le service.",
    "site": "C’est fait : ce site ne lit plus rien.",
    "application": "C’est fait : cette application n’obtient plus rien.",
    "application-modifiee": "C’est fait : l’application est modifiée.",
    "activation": "C’est fait : le courriel d’activation est renvoyé, et son lien vaut 24 heures.",
    "desactive": "C’est fait : plus personne ne se connecte à ce compte.",
    "reactive": "C’est fait : la personne peut de nouveau se connecter à ce compte.",
    "retrait": "C’est fait : le droit est retiré.",
}


async def absent(page: PageRequest) -> Response:
    """What is no page here is answered like a page to whoever may not open it."""
    await page.ask(FRAME_ONLY)
    raise PageNotFoundError


def operator_routes(runner: DocumentRunner, site: SiteFacts) -> list[Route]:
    """All routes."""
    template = pages_from(Path(__file__).parent / "templates")
    views = ViewRoutes(runner, site, template, NOTICES)
    return [
        views.route(ROOT, state),
        views.route(OFFICERS_PATH, officer_list),
        views.route(f"{OFFICERS_PATH}/nommer", appoint_officer, form=True),
        views.route(f"{OFFICERS_PATH}/{{siret}}/{{person}}/retirer", dismiss_officer, form=True),
        views.route(OPERATORS_PATH, operator_list),
        views.route(f"{OPERATORS_PATH}/nommer", appoint_operator, form=True),
        views.route(f"{OPERATORS_PATH}/{{person}}/retirer", dismiss_operator, form=True),
        views.route(STATISTICS_PATH, statistics),
        views.route(f"{STATISTICS_PATH}/{{month}}", statistics),
        views.route(CHARTERS_PATH, charters),
        views.route(SITES_PATH, site_list),
        views.route(CLIENTS_PATH, client_list),
        views.route(f"{CLIENTS_PATH}/site/inscrire", register_front_end, form=True),
        views.route(f"{CLIENTS_PATH}/machine/inscrire", register_machine, form=True),
        views.route(f"{CLIENTS_PATH}/{{client}}/modifier", revise_client, form=True),
        views.route(f"{CLIENTS_PATH}/{{client}}/retirer", disable_client, form=True),
        views.route(f"{SITES_PATH}/{{site}}/inscrire", register_site, form=True),
        views.route(f"{SITES_PATH}/{{site}}/retirer", unregister_site, form=True),
        views.route(ACCOUNTS_PATH, find_account, form=True),
        views.route(f"{ACCOUNTS_PATH}/activation", resend_activation, form=True),
        views.route(f"{ACCOUNTS_PATH}/desactiver", disable_account, form=True),
        views.route(f"{ACCOUNTS_PATH}/reactiver", enable_account, form=True),
        views.route(ACTS_PATH, acts),
        views.route(f"{ROOT}/{{rest:path}}", absent, form=True),
    ]
