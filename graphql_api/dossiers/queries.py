"""The query of a dossier, as its reader sees it."""

from typing import Annotated

import strawberry

from graphql_api.dossiers import dossiers
from graphql_api.operations.mutation_support import Info, argument
from schema.dossiers.shared_dossier import SharedDossier


@strawberry.type(description="A dossier.")
class DossierQueries:
    """A dossier."""

    @strawberry.field(
        description="A dossier as its reader sees it; null when it does not exist or is not the caller's."
    )
    def shared_dossier(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("The dossier.")],
    ) -> SharedDossier | None:
        return dossiers.get(info.context, id)
