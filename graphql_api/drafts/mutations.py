"""The mutations of drafts."""

from typing import Annotated

import strawberry

from graphql_api.drafts import drafts
from graphql_api.drafts.outcomes import (
    DraftDeleted,
    DraftDeleteResult,
    DraftSaved,
    DraftSaveResult,
)
from graphql_api.operations.mutation_support import (
    IdempotencyKey,
    Info,
    Version,
    argument,
    run_mutation,
)
from graphql_api.storage.operation import Operation
from schema.entries.draft import DRAFT_DAYS, MAX_DRAFTS
from schema.entries.inputs import EntryInput, chosen_content


@strawberry.type(description="Drafts: what is half-known of an entry.")
class DraftMutations:
    """Save, delete."""

    @strawberry.mutation(
        description=f"Keep what is known of an entry, whatever is missing or wrong; with an id and a version, change the fields that are sent. At most {MAX_DRAFTS} a booklet, for {DRAFT_DAYS} days after the last save. `entryAdd` with a draft makes the entry and deletes the draft."
    )
    def draft_save(
        self,
        info: Info,
        entry: Annotated[EntryInput, argument("What is known, under exactly one rubric.")],
        id: Annotated[
            strawberry.ID | None, argument("The draft to change; a new one without.")
        ] = None,
        version: Annotated[
            int | None, argument("The version that the caller last saw; only with an id.")
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> DraftSaveResult:
        def verb(op: Operation) -> DraftSaved:
            return DraftSaved(draft=drafts.save(op, *chosen_content(entry), id, version))

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(description="Delete a draft.")
    def draft_delete(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("The draft.")],
        version: Version,
        idempotency_key: IdempotencyKey = None,
    ) -> DraftDeleteResult:
        def verb(op: Operation) -> DraftDeleted:
            drafts.delete(op, id, version)
            return DraftDeleted(id=id)

        return run_mutation(info, idempotency_key, verb)
