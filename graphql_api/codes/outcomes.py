"""What the queries and mutations of codes answer."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.codes.limits import MAX_PER_BATCH, SMALLEST_COUNTED
from graphql_api.operations.mutation_support import union_of
from schema.description.bounds import at_most
from schema.description.refusals import InvalidEntry, NotFound, Refusal


@strawberry.type(description="A collectivité for which codes are handed out.")
class LocalAuthority:
    """Known by its SIRET; the operator gives its name."""

    siret: str = strawberry.field(description="Its SIRET: 14 digits.")
    name: str | None = strawberry.field(
        description="What it is called; null when the operator gave no name."
    )
    label: str = strawberry.field(description="Its name or, without one, its SIRET, in French.")


@strawberry.type(description="A code just made, with the reference that names it afterwards.")
class IssuedCode:
    """A secret and what is not secret of it."""

    reference: str = strawberry.field(
        description="Names the code within its collectivité, on paper and aloud; it opens nothing."
    )
    code: str = strawberry.field(description="The code, as people type it.")


@strawberry.type(description="Codes just made. They are shown this once: only hashes are kept.")
class CodesIssued:
    """A new secret comes back once."""

    batch: strawberry.ID = strawberry.field(description="Names the codes made together.")
    local_authority: LocalAuthority = strawberry.field(
        description="The collectivité that hands them out."
    )
    expires_at: datetime = strawberry.field(description="Until when they serve (UTC).")
    last_day: date = strawberry.field(description="The last day on which they serve, in France.")
    uses: int = strawberry.field(description="How many booklets each may open.")
    codes: list[IssuedCode] = strawberry.field(
        description=f"The codes, in the order of the slips; {at_most(MAX_PER_BATCH)}."
    )
    printable_list: str = strawberry.field(
        description="A standalone page of HTML, in French, that prints as slips to cut out."
    )


@strawberry.type(description="A code as its collectivité sees it later.")
class AuthorizationCode:
    """Neither the code itself, nor whether it was used: that would tell of a known person."""

    id: strawberry.ID = strawberry.field(description="Names the code; it does not open anything.")
    reference: str = strawberry.field(
        description="What is printed on the slip, by which the code is revoked."
    )
    batch: strawberry.ID = strawberry.field(description="Which codes it was made with.")
    created_at: datetime = strawberry.field(description="When it was made (UTC).")
    expires_at: datetime = strawberry.field(description="Until when it serves (UTC).")
    last_day: date = strawberry.field(description="The last day on which it serves, in France.")
    expired: bool = strawberry.field(description="Whether that time has passed.")
    revoked: bool = strawberry.field(description="Whether it was revoked.")


@strawberry.type(
    description="Codes that were made together, as their collectivité sees them later."
)
class CodeBatch:
    """Totals only."""

    id: strawberry.ID = strawberry.field(description="Names the batch.")
    created_at: datetime = strawberry.field(description="When it was made (UTC).")
    expires_at: datetime = strawberry.field(description="Until when its codes serve (UTC).")
    last_day: date = strawberry.field(description="The last day on which they serve, in France.")
    expired: bool = strawberry.field(description="Whether that time has passed.")
    uses: int = strawberry.field(description="How many booklets each code may open.")
    count: int = strawberry.field(description="How many codes were made.")
    revoked: int = strawberry.field(description="How many of them were revoked.")
    used: int | None = strawberry.field(
        description=f"How many of them were used; null for a batch of fewer than {SMALLEST_COUNTED}, whose total would tell of persons."
    )


@strawberry.type(description="The code serves no more. Booklets that it opened stay.")
class CodeRevoked:
    """The code at its new state."""

    authorization_code: AuthorizationCode = strawberry.field(description="The code as it is now.")


@strawberry.type(
    description="Codes were made under this idempotency key before. They are shown once: if nobody has them, make others."
)
class CodesAlreadyIssued(Refusal):
    """A second sending made nothing; the codes of the first cannot be shown again."""

    batch: strawberry.ID = strawberry.field(description="Names the codes that were made then.")
    code: str = strawberry.field(default="CODES_ALREADY_ISSUED", description="A stable code.")
    message: str = strawberry.field(
        default="Ces codes ont déjà été délivrés : ils ne peuvent pas être affichés de nouveau.",
        description="A French sentence for people.",
    )


@strawberry.type(
    description="The codes of the batch serve no more. Booklets that they opened stay."
)
class CodeBatchRevoked:
    """The batch at its new state."""

    code_batch: CodeBatch = strawberry.field(description="The batch as it is now.")


CodesIssueResult = Annotated[
    CodesIssued | CodesAlreadyIssued | InvalidEntry, union_of("codesIssue")
]
CodeRevokeResult = Annotated[CodeRevoked | NotFound, union_of("codeRevoke")]
CodeBatchRevokeResult = Annotated[CodeBatchRevoked | NotFound, union_of("codeBatchRevoke")]
