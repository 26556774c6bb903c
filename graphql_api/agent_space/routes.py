"""The routes of an agent's pages."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.agent_space.booklet_home import booklet_home
from graphql_api.agent_space.consents.consent_giving import NEW as NEW_CONSENT
from graphql_api.agent_space.consents.consent_giving import give_consent, renew_consent
from graphql_api.agent_space.consents.consent_pages import (
    CONSENTS,
    consent,
    consent_list,
    narrow_consent,
    withdraw_consent,
)
from graphql_api.agent_space.data.closing_pages import (
    ACCOUNT_PATH,
    CLOSING_PATH,
    RECEIPT_PATH,
    close_account,
    close_booklet,
    closing_receipt,
)
from graphql_api.agent_space.data.damaged_page import DAMAGED_PATH, damaged_parts
from graphql_api.agent_space.data.data_pages import DATA_PATH, data
from graphql_api.agent_space.data.journal import JOURNAL_PATH, journal
from graphql_api.agent_space.data.reminder_page import REMINDER_PATH, reminders
from graphql_api.agent_space.dossiers.dossier_form import DOSSIERS, NEW, change_dossier, new_dossier
from graphql_api.agent_space.dossiers.dossier_pages import (
    dossier,
    dossier_list,
    preview_dossier,
    remove_dossier,
)
from graphql_api.agent_space.dossiers.share_link_pages import revoke_share_link, share_links
from graphql_api.agent_space.entries.entry_form import (
    add_entry,
    delete_draft,
    draft_form,
    revise_entry,
)
from graphql_api.agent_space.entries.entry_list import entry_list, move_entry, remove_entry
from graphql_api.agent_space.entries.part_pages import part_page, recap
from graphql_api.agent_space.entries.tie_pages import ties
from graphql_api.agent_space.home import HomePage
from graphql_api.agent_space.opening.holder_pages import identity, situation
from graphql_api.agent_space.opening.opening_pages import (
    CHARTER_PATH,
    CODE_PATH,
    IDENTITY_PATH,
    authorization_code,
    charter,
    introduction,
)
from graphql_api.agent_space.panorama.panorama_pages import (
    PANORAMA_PATH,
    TABLES_PATH,
    panorama,
    panorama_tables,
)
from graphql_api.agent_space.site_map import SESSION_PATH, SITE_MAP_PATH, session, site_map
from graphql_api.page_kit.stored_documents import DocumentRunner
from graphql_api.page_kit.views import SiteFacts, ViewRoutes
from graphql_api.web.rendering import pages_from, see_other

_HERE = Path(__file__).parent
# Whose `templates/` hold those of the views beside them.
_FOLDERS = ("opening", "entries", "panorama", "dossiers", "consents", "data")
# What a page says after a redirect, by the word in its address.
NOTICES = {
    "ajout": "L’élément est ajouté à votre livret.",
    "modification": "Vos modifications sont enregistrées.",
    "place-changee": "La liste a changé entre-temps : la voici telle qu’elle est. Recommencez si besoin.",
    "brouillon": "Le brouillon est gardé trente jours. Il ne figure ni dans vos dossiers, ni dans vos compteurs.",
    "brouillon-supprime": "Le brouillon est supprimé.",
    "liens": "Les liens sont enregistrés.",
    "aucun-lien": "Aucun lien n’est choisi : rien n’a changé.",
    "plus-de-lien": "Les liens sont enregistrés : il n’en reste aucun.",
    "refus": "Vous avez refusé la charte : il ne reste rien de votre demande, et votre code peut encore servir.",
    "identite": "Votre identité est enregistrée.",
    "rappels": "Un courriel vous rappellera désormais qu’une échéance approche.",
    "sans-rappels": "Les rappels sont arrêtés.",
    "situation": "Votre situation actuelle est enregistrée.",
    "consentement": "Votre consentement est donné.",
    "consentement-prolonge": "Votre consentement est prolongé.",
    "consentement-reduit": "Le site ne peut plus lire que ce qui suit.",
    "consentement-retire": "Votre consentement est retiré : le site ne peut plus rien lire, et doit effacer ce qu’il a lu.",
    "dossier": "Le dossier est créé.",
    "dossier-modifie": "Le dossier est enregistré. Les liens de partage montrent déjà ce qui a changé.",
    "dossier-supprime": "Le dossier est supprimé.",
    "lien-retire": "Le lien est retiré : il n’ouvre plus rien, même pour qui lisait.",
    "partie-supprimee": "La partie endommagée est supprimée.",
    "reprise": "Vos données sont reprises dans ce livret.",
    "suppression": "L’élément est supprimé de votre livret.",
}


def agent_routes(runner: DocumentRunner, site: SiteFacts, home: HomePage) -> list[Route]:
    """All routes; those of a rubric stand last, since their path fits any other."""
    template = pages_from(
        _HERE / "templates", *(_HERE / folder / "templates" for folder in _FOLDERS)
    )
    views = ViewRoutes(runner, site, template, NOTICES)
    rubric = "/livret/{part}/{rubric}"
    return [
        views.route("/", home.answer),
        views.route(SITE_MAP_PATH, site_map),
        views.route(SESSION_PATH, session),
        views.route("/livret", booklet_home),
        Route("/livret/", _to_livret),  # by hand people type it so
        views.route("/livret/introduction", introduction),
        views.route(CODE_PATH, authorization_code, form=True),
        views.route(CHARTER_PATH, charter, form=True),
        views.route(IDENTITY_PATH, identity, form=True),
        views.route("/livret/situation", situation, form=True),
        views.route(PANORAMA_PATH, panorama),
        views.route(TABLES_PATH, panorama_tables),
        views.route(JOURNAL_PATH, journal),
        views.route(DATA_PATH, data, upload=True),
        views.route(CLOSING_PATH, close_booklet, form=True),
        views.route(ACCOUNT_PATH, close_account, form=True),
        views.route(RECEIPT_PATH, closing_receipt),
        views.route(DAMAGED_PATH, damaged_parts, form=True),
        views.route(REMINDER_PATH, reminders, form=True),
        views.route(DOSSIERS, dossier_list),
        views.route(NEW, new_dossier, form=True),
        views.route(f"{DOSSIERS}/{{id:uuid}}", dossier),
        views.route(f"{DOSSIERS}/{{id:uuid}}/apercu", preview_dossier),
        views.route(f"{DOSSIERS}/{{id:uuid}}/modifier", change_dossier, form=True),
        views.route(f"{DOSSIERS}/{{id:uuid}}/liens", share_links, form=True),
        views.route(
            f"{DOSSIERS}/{{id:uuid}}/liens/{{link:uuid}}/retirer", revoke_share_link, form=True
        ),
        views.route(f"{DOSSIERS}/{{id:uuid}}/supprimer", remove_dossier, form=True),
        views.route(CONSENTS, consent_list),
        views.route(NEW_CONSENT, give_consent, form=True),
        views.route(f"{CONSENTS}/{{id:uuid}}", consent),
        views.route(f"{CONSENTS}/{{id:uuid}}/restreindre", narrow_consent, form=True),
        views.route(f"{CONSENTS}/{{id:uuid}}/prolonger", renew_consent, form=True),
        views.route(f"{CONSENTS}/{{id:uuid}}/retirer", withdraw_consent, form=True),
        views.route("/livret/{part}", part_page),
        views.route("/livret/{part}/recapitulatif", recap),
        views.route("/livret/{part}/{id:uuid}/liens", ties, form=True),
        views.route(rubric, entry_list),
        views.route(f"{rubric}/ajouter", add_entry, form=True),
        views.route(f"{rubric}/{{id:uuid}}", revise_entry, form=True),
        views.route(f"{rubric}/{{id:uuid}}/supprimer", remove_entry, form=True),
        views.route(f"{rubric}/{{id:uuid}}/deplacer", move_entry, form=True),
        views.route(f"{rubric}/brouillons/{{id:uuid}}", draft_form, form=True),
        views.route(f"{rubric}/brouillons/{{id:uuid}}/supprimer", delete_draft, form=True),
    ]


async def _to_livret(_request: Request) -> Response:
    return see_other("/livret")
