"""The mutations of dossiers."""

from typing import Annotated

import strawberry

from graphql_api.dossiers import dossiers
from graphql_api.dossiers.outcomes import (
    DossierRemoved,
    DossierRemoveResult,
    DossierSaved,
    DossierSaveResult,
)
from graphql_api.operations.mutation_support import (
    IdempotencyKey,
    Info,
    Version,
    argument,
    run_mutation,
)
from graphql_api.storage.operation import Operation
from schema.dossiers.inputs import DossierInput


@strawberry.type(description="Dossiers: what is communicated of a booklet.")
class DossierMutations:
    """Save, remove."""

    @strawberry.mutation(
        description="Make a dossier, or with an id and a version change the fields that are sent. A new one starts with what its purpose starts with (`dossierPurposes`)."
    )
    def dossier_save(
        self,
        info: Info,
        dossier: Annotated[DossierInput, argument("The cover and the choice.")],
        id: Annotated[
            strawberry.ID | None, argument("The dossier to change; a new one without.")
        ] = None,
        version: Annotated[
            int | None, argument("The version that the caller last saw; only with an id.")
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> DossierSaveResult:
        def verb(op: Operation) -> DossierSaved:
            booklet, same = dossiers.save(op, dossier, id, version)
            saved = next(one for one in booklet.content.dossiers if one.id == same)
            return DossierSaved(dossier=saved, booklet=booklet)

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(description="Remove a dossier; the built-in one cannot be.")
    def dossier_remove(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("The dossier.")],
        version: Version,
        idempotency_key: IdempotencyKey = None,
    ) -> DossierRemoveResult:
        return run_mutation(
            info,
            idempotency_key,
            lambda op: DossierRemoved(id=id, booklet=dossiers.remove(op, id, version)),
        )
