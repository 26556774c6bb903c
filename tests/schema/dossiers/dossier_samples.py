"""Dossiers and posts for the rules of selection and of exemptions, without a service."""

from typing import Any

from schema.description.rubric import RubricName
from schema.dossiers.dispense import DispenseContent
from schema.dossiers.dossier import Dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.entries import Entry
from schema.entries.shapes import fill_missing
from tests.schema.entry_samples import an_entry

FORM: dict[str, Any] = {
    "employer_name": "Commune de Bordeaux",
    "employer_siret": "21330063500017",
    "signatory_name": "Jeanne Roy",
    "signatory_role": "Directrice générale des services",
    "cadre_emplois": "REDACTEURS",
    "grade": "Rédacteur",
    "appointed_on": "2024-01-01",
    "training_type": "INTEGRATION",
    "statutory_days": 10,
    "requested_days": 5,
    "ground": "ART17_FORMATIONS",
    "consulted_on": "2026-10-01",
    "duties": "Instruire les demandes.",
    "adequacy": "Formations du même domaine.",
}


def a_form(**changes: Any) -> dict[str, Any]:
    """A complete form of a request for exemption; `...` takes a field away."""
    return {name: value for name, value in (FORM | changes).items() if value is not ...}


def form_content(**changes: Any) -> DispenseContent:
    """The content of `a_form`."""
    return DispenseContent(**fill_missing(DispenseContent, a_form(**changes)))


def a_dossier(purpose: str = "AUTRE", **content: Any) -> Dossier:
    """A dossier as it is read from storage."""
    built_in = content.pop("built_in", False)
    values = {"title": "Dossier", "purpose": purpose, **content}
    return dossier_of("d", 1, built_in=built_in, content=values)


def a_post(start: str, end: str | None, id: str = "post", **more: Any) -> Entry:
    """A post from one date to another, or until today."""
    content: dict[str, Any] = {"start": start, "job_title": "Poste", "sector": "FPT"}
    content |= {"end": end} if end else {"ongoing": True}
    return an_entry(RubricName.PROFESSIONAL_EXPERIENCE, id, **content, **more)
