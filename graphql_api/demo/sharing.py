"""Two dossiers, a share link and a consent for a regional site, of the demo's agent."""

from datetime import timedelta
from typing import Any

from graphql_api.demo.client import DemoClient
from graphql_api.operations.service import Service

SITE = "24"

_SAVE = """mutation ($dossier: DossierInput!) {
  dossierSave(dossier: $dossier) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on DossierSaved { dossier { id title } }
  }
}"""
_SHARE = """mutation ($dossier: ID!, $name: String!) {
  shareLinkIssue(dossier: $dossier, name: $name) {
    ... on Refusal { message } ... on ShareLinkIssued { url }
  }
}"""
_NOTICE = """query ($consent: ConsentInput!) {
  consentNotice(consent: $consent) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on ConsentNotice { sha256 }
  }
}"""
_CONSENT = """mutation ($consent: ConsentInput!, $notice: String!) {
  consentGive(consent: $consent, notice: $notice) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on ConsentGiven { consent { id } }
  }
}"""
MUTATION = {
    "title": "Candidature à la Ville de Tours",
    "purpose": "MUTATION",
    "soughtPost": "Responsable du service patrimoine bâti",
    "recipient": "Ville de Tours, direction des ressources humaines",
}
_DISPENSE = {
    "employerName": "Communauté de communes Choisille et Gâtine",
    "employerSiret": "24370999500019",
    "signatoryName": "Hélène Marchandeau",
    "signatoryRole": "Présidente",
    "cadreEmplois": "TECHNICIENS",
    "grade": "Technicien principal de 2e classe",
    "appointedOn": "2018-03-01",
    "trainingType": "PROF_PREMIER_EMPLOI",
    "statutoryDays": 5,
    "requestedDays": 3,
    "ground": "ART18_TITRE_DIPLOME",
    "duties": "Programmation des travaux et suivi des consommations des bâtiments communautaires.",
    "adequacy": "Le titre professionnel porte sur la conduite de projets de rénovation énergétique,"
    " qui est le cœur de mon poste.",
    "unusedDaysCarried": False,
}


def exemption(seen: dict[str, Any]) -> dict[str, Any]:
    """A request for exemption with two of the agent's entries, which are `seen` as `share` says."""
    return {
        "title": "Dispense de formation de professionnalisation",
        "purpose": "DISPENSE_FORMATION",
        "recipient": "CNFPT, délégation Centre-Val de Loire",
        "entries": [seen["diplome-titre-energie"]["id"], seen["poste-responsable"]["id"]],
        "dispense": _DISPENSE,
    }


def share(service: Service, token: str, seen: dict[str, Any]) -> str:
    """Save two dossiers, consent for a site, and issue a share link; return its address.

    `seen` are the agent's entries by their names in the demo's data.
    """
    ask = DemoClient(service, token)
    mutation = ask.do(_SAVE, dossier=MUTATION)["dossier"]
    ask.do(_SAVE, dossier=exemption(seen))
    last_day = service.clock().date() + timedelta(days=300)
    consent = {
        "site": SITE,
        "sections": ["HOLDER", "COUNTS", "CURRENT_POST", "TRAINING_TITLES"],
        "purpose": "CONSEIL_PARCOURS",
        "expiresOn": last_day.isoformat(),
    }
    notice = ask.do(_NOTICE, consent=consent)["sha256"]
    ask.do(_CONSENT, consent=consent, notice=notice)
    url: str = ask.do(_SHARE, dossier=mutation["id"], name="Ville de Tours")["url"]
    return url
