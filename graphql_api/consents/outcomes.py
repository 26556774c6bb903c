"""What the mutations of consents answer, and the query of the notice."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
from schema.conflict import Conflict
from schema.damage import Damaged
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidEntry,
    LimitReached,
    NotFound,
    OutdatedCharter,
    WrongState,
)
from schema.sharing.consent import Consent, ConsentAlreadyGiven, ConsentNotice, OutdatedNotice


def _consent(description: str) -> Consent:
    field: Consent = strawberry.field(description=description)
    return field


@strawberry.type(description="The consent was given; the site may read from now on.")
class ConsentGiven:
    """The new consent."""

    consent: Consent = _consent("The consent; its id is the number of the receipt.")


@strawberry.type(description="The site may read less from now on.")
class ConsentNarrowed:
    """The consent at its new version."""

    consent: Consent = _consent("The consent as it is now.")


@strawberry.type(description="The site may read for longer.")
class ConsentRenewed:
    """The consent at its new version."""

    consent: Consent = _consent("The consent as it is now.")


@strawberry.type(
    description="The site may read no more, from now on, and is told to forget what it read."
)
class ConsentWithdrawn:
    """The consent, which has ended."""

    consent: Consent = _consent("The consent as it ended, now or before.")


ConsentNoticeResult = Annotated[ConsentNotice | InvalidEntry, union_of("consentNotice")]
ConsentGiveResult = Annotated[
    ConsentGiven
    | InvalidEntry
    | OutdatedNotice
    | ConsentAlreadyGiven
    | Conflict
    | NotFound
    | LimitReached
    | OutdatedCharter
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("consentGive"),
]
ConsentNarrowResult = Annotated[
    ConsentNarrowed
    | InvalidEntry
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("consentNarrow"),
]
ConsentRenewResult = Annotated[
    ConsentRenewed
    | InvalidEntry
    | OutdatedNotice
    | Conflict
    | NotFound
    | OutdatedCharter
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("consentRenew"),
]
ConsentWithdrawResult = Annotated[
    ConsentWithdrawn | InvalidEntry | NotFound | WrongState | IdempotencyMismatch | Damaged,
    union_of("consentWithdraw"),
]
