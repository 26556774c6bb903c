"""The forms of dossiers and their purposes, asked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql_api.page_kit.guide_fields import FIELD
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_values import Field

DOSSIER_GUIDE = stored(__file__, "dossier_guide", FIELD)


@dataclass(frozen=True, slots=True)
class DossierGuide:
    """What a dossier is made of: `fields` beside its choice, the purposes by code.

    `identity` are the fields of the identity that it may communicate, `dispense` those of a request
    for exemption.
    """

    fields: list[Field]
    identity: list[Field]
    dispense: list[Field]
    purposes: Mapping[str, Any]

    def asks_dispense(self, purpose: str) -> bool:
        """Whether a dossier for this purpose has the form of a request for exemption."""
        return purpose in self.purposes and bool(self.purposes[purpose]["asksDispense"])


async def dossier_guide_of(page: PageRequest) -> DossierGuide:
    """The guide, which is the same for everybody."""
    return await page.public(DOSSIER_GUIDE, _read)


def _read(data: Mapping[str, Any]) -> DossierGuide:
    return DossierGuide(
        fields=data["dossierForm"],
        identity=data["dossierIdentityForm"],
        dispense=data["dispenseForm"],
        purposes={one["purpose"]["code"]: one for one in data["dossierPurposes"]},
    )
