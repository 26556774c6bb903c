"""The refusal of a write that came too late: it carries the present state."""

import strawberry

from schema.description.refusals import Refusal
from schema.dossiers.dossier import Dossier
from schema.entries.draft import Draft
from schema.entries.entries import Entry
from schema.entries.identity import Identity
from schema.entries.situation import Situation
from schema.sharing.consent import Consent


@strawberry.type(
    description="Somebody, or another window, wrote in between: the version given is not the present one."
)
class Conflict(Refusal):
    """The state to look at before trying again; exactly one of them is given."""

    current_version: int = strawberry.field(description="The present version.")
    current_entry: Entry | None = strawberry.field(
        default=None, description="The entry as it is now."
    )
    current_identity: Identity | None = strawberry.field(
        default=None, description="The identity as it is now."
    )
    current_situation: Situation | None = strawberry.field(
        default=None, description="The current situation as it is now."
    )
    current_consent: Consent | None = strawberry.field(
        default=None, description="The consent as it is now."
    )
    current_dossier: Dossier | None = strawberry.field(
        default=None, description="The dossier as it is now."
    )
    current_draft: Draft | None = strawberry.field(
        default=None, description="The draft as it is now."
    )
    code: str = strawberry.field(default="CONFLICT", description="A stable code.")
    message: str = strawberry.field(
        default="Cet élément a été modifié entre-temps : relisez-le avant de recommencer.",
        description="A French sentence for people.",
    )
