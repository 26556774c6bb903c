"""What the mutations of share links answer."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
from schema.damage import Damaged
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidEntry,
    LimitReached,
    NotFound,
    OutdatedCharter,
    WrongState,
)
from schema.sharing.share_link import ShareLink


@strawberry.type(description="The link was issued. Its address and its PIN are told this once.")
class ShareLinkIssued:
    """The new link, with what is to be handed on."""

    link: ShareLink = strawberry.field(description="The link.")
    url: str | None = strawberry.field(
        description="The address to hand on, with the secret in it; null when this repeats an earlier answer, since it was told then."
    )
    pin: str | None = strawberry.field(
        description="Six digits to send by another way; null without a PIN, and when this repeats an earlier answer."
    )


@strawberry.type(description="The link opens nothing any more, from the next request on.")
class ShareLinkRevoked:
    """The link, which has ended."""

    link: ShareLink = strawberry.field(description="The link as it ended, now or before.")


ShareLinkIssueResult = Annotated[
    ShareLinkIssued
    | InvalidEntry
    | LimitReached
    | NotFound
    | OutdatedCharter
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("shareLinkIssue"),
]
ShareLinkRevokeResult = Annotated[
    ShareLinkRevoked | InvalidEntry | NotFound | WrongState | IdempotencyMismatch | Damaged,
    union_of("shareLinkRevoke"),
]
