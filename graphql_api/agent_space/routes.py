"""The routes of an agent's pages."""

from pathlib import Path

from starlette.routing import Route

from graphql_api.agent_space.booklet_home import booklet_home
from graphql_api.agent_space.entry_pages import add_entry, entry_list, remove_entry, revise_entry
from graphql_api.agent_space.home import HomePage
from graphql_api.page_kit.stored_documents import DocumentRunner
from graphql_api.page_kit.views import SiteFacts, ViewRoutes
from graphql_api.web.rendering import pages_from

# What a page says after a redirect, by the word in its address.
NOTICES = {
    "ajout": "L’élément est ajouté à votre livret.",
    "modification": "Vos modifications sont enregistrées.",
    "suppression": "L’élément est supprimé de votre livret.",
}


def agent_routes(runner: DocumentRunner, site: SiteFacts, home: HomePage) -> list[Route]:
    """All routes; those of a rubric stand last, since their path fits any other."""
    template = pages_from(Path(__file__).parent / "templates")
    views = ViewRoutes(runner, site, template, NOTICES)
    rubric = "/livret/{part}/{rubric}"
    return [
        views.route("/", home.answer),
        views.route("/livret", booklet_home),
        views.route(rubric, entry_list),
        views.route(f"{rubric}/ajouter", add_entry, form=True),
        views.route(f"{rubric}/{{id:uuid}}", revise_entry, form=True),
        views.route(f"{rubric}/{{id:uuid}}/supprimer", remove_entry, form=True),
    ]
