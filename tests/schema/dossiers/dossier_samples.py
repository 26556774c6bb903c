"""Entries and dossiers for the rules of selection and of exemptions, without a service."""

from datetime import UTC, date, datetime
from typing import Any

from schema.description.rubric import RubricName, ValidationContext
from schema.dossiers.dossier import Dossier, dossier_of
from schema.entries.entries import Entry
from schema.entries.inputs import KIND_OF
from schema.entries.shapes import SHAPE, upgrade_content

TODAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
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


def an_entry(rubric: RubricName, id: str = "", **content: Any) -> Entry:
    """An entry of a rubric as it would be read from the shelf."""
    return KIND_OF[rubric].entry_type(
        id=id or rubric.value,
        rubric=rubric,
        rank=1,
        version=1,
        created_at=MOMENT,
        updated_at=MOMENT,
        context=ValidationContext(TODAY),
        **upgrade_content(rubric, SHAPE, content),
    )


def a_dossier(purpose: str = "AUTRE", **content: Any) -> Dossier:
    """A dossier as it would be read from the shelf."""
    built_in = content.pop("built_in", False)
    values = {"title": "Dossier", "purpose": purpose, **content}
    return dossier_of("d", 1, built_in=built_in, content=values)


def a_post(start: str, end: str | None, id: str = "post", **more: Any) -> Entry:
    """A post from one date to another, or until today."""
    content: dict[str, Any] = {"start": start, "job_title": "Poste", "sector": "FPT"}
    content |= {"end": end} if end else {"ongoing": True}
    return an_entry(RubricName.PROFESSIONAL_EXPERIENCE, id, **content, **more)
