"""The reference data: what is the same for everybody, with a version that says when it changes.

The guide's words and forms, the code tables, the purposes and the legal texts. Clients keep them as
long as the version is the same.
"""

import json
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

from strawberry.types import get_object_definition

from schema.closing import CLOSING_WORDS
from schema.codes import CODE_TABLES
from schema.description.fields import camel
from schema.dossiers.purposes import PURPOSES
from schema.guide import (
    consent_guide,
    dispense_guide,
    dossier_guide,
    dossier_identity_guide,
    identity_guide,
    part_guides,
    rubric_guides,
    share_link_guide,
    situation_guide,
)
from schema.texts import CHARTER, DECREE
from schema.texts.screens import MENU, SCREENS


@cache
def reference_version() -> str:
    """The version of the reference data: 16 hexadecimal digits that change exactly when they do."""
    return sha256(_written(_reference()).encode()).hexdigest()[:16]


@cache
def reference_json() -> str:
    """The reference data as JSON: what the queries of these names answer, and `referenceVersion`."""
    return _written({"referenceVersion": reference_version(), **_reference()})


def _reference() -> dict[str, Any]:
    queries: dict[str, object] = {
        "screens": SCREENS,
        "menu": MENU,
        "parts": part_guides(),
        "rubrics": rubric_guides(),
        "identityForm": identity_guide(),
        "situationForm": situation_guide(),
        "dossierForm": dossier_guide(),
        "dossierIdentityForm": dossier_identity_guide(),
        "dispenseForm": dispense_guide(),
        "shareLinkForm": share_link_guide(),
        "consentForm": consent_guide(),
        "dossierPurposes": PURPOSES,
        "codeTables": CODE_TABLES,
        "charter": CHARTER,
        "decree": DECREE,
        "closingWords": CLOSING_WORDS,
    }
    return {name: _as_answered(value) for name, value in queries.items()}


def _as_answered(value: object) -> object:
    """A value of GraphQL types as an answer that selects all of it has it."""
    if isinstance(value, Enum):
        return value.value
    if (described := get_object_definition(value)) is not None:
        names = [field.python_name for field in described.fields]  # without those that are private
        return {camel(name): _as_answered(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [_as_answered(item) for item in value]
    return value


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
