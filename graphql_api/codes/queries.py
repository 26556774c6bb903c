"""The queries of authorization codes, for HR officers."""

from typing import Annotated

import strawberry

from graphql_api.codes import batches, codes
from graphql_api.codes.form import codes_guide
from graphql_api.codes.local_authority import local_authorities
from graphql_api.codes.mutations import Reference
from graphql_api.codes.outcomes import (
    AuthorizationCode,
    CodeBatch,
    LocalAuthority,
)
from graphql_api.operations.mutation_support import Info, argument
from schema.description.bounds import MAX_FORM_LINES, MAX_PAGE, at_most
from schema.description.connection import Connection
from schema.description.field_guide import FieldGuide


@strawberry.type(description="Batches, codes, and the form that asks for them.")
class CodeQueries:
    """Batches, codes, and the form that asks for them."""

    @strawberry.field(
        description="The collectivités for which the caller is an HR officer, by SIRET; at most 1,000."
    )
    def officer_of(self, info: Info) -> list[LocalAuthority]:
        return local_authorities(info.context)

    @strawberry.field(
        description="The batches of authorization codes of a collectivité, the newest first, for one of its officers."
    )
    def code_batches(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
    ) -> Connection[CodeBatch]:
        return batches.page(info.context, siret, first, after)

    @strawberry.field(
        description="A batch of authorization codes of a collectivité, for one of its officers; null when there is none."
    )
    def code_batch(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        id: Annotated[strawberry.ID, argument("The batch.")],
    ) -> CodeBatch | None:
        return batches.get(info.context, siret, id)

    @strawberry.field(
        description="The code of a collectivité that has a reference, for one of its officers; null when there is none."
    )
    def authorization_code(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        reference: Reference,
    ) -> AuthorizationCode | None:
        return codes.get(info.context, siret, reference)

    @strawberry.field(
        description="The authorization codes of a collectivité, or of one batch, the newest first, for one of its officers."
    )
    def authorization_codes(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
        batch: Annotated[strawberry.ID | None, argument("Only the codes of this batch.")] = None,
    ) -> Connection[AuthorizationCode]:
        return codes.page(info.context, siret, first, after, batch)

    @strawberry.field(
        description=f"The fields by which an HR officer asks for codes (`codesIssue`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def codes_form(self) -> list[FieldGuide]:
        return codes_guide()
