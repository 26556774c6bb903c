"""What the queries and mutations answer by which operators help with an account."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
from schema.description.refusals import (
    InvalidEntry,
    NotFound,
    RecentSignInRequired,
    TooManyAttempts,
)


@strawberry.type(
    description="An account of this service, as operators help with it: never a booklet."
)
class HelpedAccount:
    """What there is at an address: an account, a registration, or neither."""

    id: strawberry.ID | None = strawberry.field(
        description="Names the account; null while there is none."
    )
    email: str = strawberry.field(description="The address that was asked for.")
    created_on: date | None = strawberry.field(
        description="The day in France when the account was made; null while there is none."
    )
    disabled_at: datetime | None = strawberry.field(
        description="Since when nobody signs in to it (UTC); null while people do."
    )
    is_caller: bool = strawberry.field(description="Whether that is who is asking.")
    registration_until: datetime | None = strawberry.field(
        description="Until when a registration waits to be activated (UTC); null when none does."
    )


@strawberry.type(description="What there is at an address.")
class AccountLookedUp:
    """Looking is written to the log of operators."""

    account: HelpedAccount | None = strawberry.field(
        description="Null when there is neither an account nor a registration."
    )


@strawberry.type(description="The letter that activates an account was sent again.")
class ActivationResent:
    """With the same key, which serves for another day."""

    until: datetime = strawberry.field(description="Until when the key serves (UTC).")


@strawberry.type(description="Nobody signs in to the account any more.")
class AccountDisabled:
    """Its sessions ended; tokens that were given serve for ten minutes at most."""

    account: HelpedAccount = strawberry.field(description="The account.")


@strawberry.type(description="The account signs in again.")
class AccountEnabled:
    """With the password and the login methods that it had."""

    account: HelpedAccount = strawberry.field(description="The account.")


AccountLookUpResult = Annotated[AccountLookedUp | InvalidEntry, union_of("accountLookUp")]
ActivationResendResult = Annotated[
    ActivationResent | NotFound | TooManyAttempts, union_of("activationResend")
]
AccountDisableResult = Annotated[
    AccountDisabled | InvalidEntry | NotFound | RecentSignInRequired, union_of("accountDisable")
]
AccountEnableResult = Annotated[
    AccountEnabled | NotFound | RecentSignInRequired, union_of("accountEnable")
]
