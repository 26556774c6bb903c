"""A dossier as it is stored: one value, written by `content_of` and read by `dossier_of`.

Values stored by earlier versions are read too: without a form, they keep the FULL one.
"""

from typing import Any

import strawberry

from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName
from schema.dossiers.dispense import Dispense, DispenseContent
from schema.dossiers.dossier import IDENTITY_FIELDS, Dossier
from schema.dossiers.purposes import Annex, DossierForm
from schema.entries.shapes import fill_missing


def dossier_of(id: str, version: int, *, built_in: bool, content: dict[str, Any]) -> Dossier:
    """A dossier from its stored content."""
    purpose = content["purpose"]
    dispense = content.get("dispense")
    return Dossier(
        id=strawberry.ID(id),
        version=version,
        title=content["title"],
        purpose=CodeLabel(code=purpose, label=label_of("purpose", purpose)),
        built_in=built_in,
        sought_post=content.get("sought_post"),
        recipient=content.get("recipient"),
        parts=list(Part) if built_in else [Part(one) for one in content.get("parts", ())],
        rubrics=[RubricName(one) for one in content.get("rubrics", ())],
        identity_fields=list(IDENTITY_FIELDS if built_in else content.get("identity_fields", ())),
        situation=built_in or content.get("situation", False),
        annexes=list(Annex) if built_in else [Annex(one) for one in content.get("annexes", ())],
        form=DossierForm(content.get("form", DossierForm.FULL.value)),
        dispense=Dispense(**fill_missing(DispenseContent, dispense)) if dispense else None,
        named_entries=tuple(content.get("entries", ())),
    )


def content_of(dossier: Dossier) -> dict[str, Any]:
    """The stored content of a dossier: its filled values, by Python name."""
    values = {
        "title": dossier.title,
        "purpose": dossier.purpose.code,
        "sought_post": dossier.sought_post,
        "recipient": dossier.recipient,
        "parts": [part.value for part in dossier.parts],
        "rubrics": [rubric.value for rubric in dossier.rubrics],
        "entries": list(dossier.named_entries),
        "identity_fields": list(dossier.identity_fields),
        "situation": dossier.situation,
        "annexes": [annex.value for annex in dossier.annexes],
        "form": dossier.form.value,
        "dispense": dispense_content(dossier.dispense) if dossier.dispense else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def dispense_content(dispense: DispenseContent) -> dict[str, Any]:
    """The stored content of a request for exemption."""
    values = {each.name: getattr(dispense, each.name) for each in fields_of(DispenseContent)}
    return {name: value for name, value in values.items() if value is not None}
