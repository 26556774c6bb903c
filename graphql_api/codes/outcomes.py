"""What the queries and mutations of codes answer."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.codes.limits import MAX_PER_BATCH
from schema.description.bounds import MAX_PAGE, at_most
from schema.description.refusals import InvalidEntry, NotFound


@strawberry.type(description="Codes just made. They are shown this once: only hashes are kept.")
class CodesIssued:
    """A new secret comes back once."""

    batch: strawberry.ID = strawberry.field(description="Names the codes made together.")
    siret: str = strawberry.field(description="The collectivité that hands them out.")
    expires_at: datetime = strawberry.field(description="Until when they serve (UTC).")
    uses: int = strawberry.field(description="How many booklets each may open.")
    codes: list[str] = strawberry.field(
        description=f"The codes, as people type them; {at_most(MAX_PER_BATCH)}."
    )
    printable_list: str = strawberry.field(
        description="A standalone page of HTML, in French, that prints as slips to cut out."
    )


@strawberry.type(description="A code as its collectivité sees it later: used or not, and no more.")
class AuthorizationCode:
    """Neither the code itself, nor who used it, nor what became of it."""

    id: strawberry.ID = strawberry.field(description="Names the code; it does not open anything.")
    batch: strawberry.ID = strawberry.field(description="Which codes it was made with.")
    created_at: datetime = strawberry.field(description="When it was made (UTC).")
    expires_at: datetime = strawberry.field(description="Until when it serves (UTC).")
    used: bool = strawberry.field(description="Whether it was used.")
    revoked: bool = strawberry.field(description="Whether it was revoked.")


@strawberry.type(description="A page of codes.")
class AuthorizationCodes:
    """The newest first."""

    nodes: list[AuthorizationCode] = strawberry.field(
        description=f"The codes; {at_most(MAX_PAGE)}."
    )
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` for the next page; null when there is none."
    )


@strawberry.type(description="The code serves no more. Booklets that it opened stay.")
class CodeRevoked:
    """The code at its new state."""

    authorization_code: AuthorizationCode = strawberry.field(description="The code as it is now.")


CodesIssueResult = Annotated[
    CodesIssued | InvalidEntry,
    strawberry.union("CodesIssueResult", description="What codesIssue answers."),
]
CodeRevokeResult = Annotated[
    CodeRevoked | NotFound,
    strawberry.union("CodeRevokeResult", description="What codeRevoke answers."),
]
