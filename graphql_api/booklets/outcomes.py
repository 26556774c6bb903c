"""What the mutations of the booklet answer: its new state, or one of their refusals."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
from schema.booklet import Booklet
from schema.closing import ClosingReceipt
from schema.conflict import Conflict
from schema.damage import Damaged
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidCode,
    InvalidEntry,
    NotFound,
    OutdatedCharter,
    RecentSignInRequired,
    TooManyAttempts,
    WrongState,
)


def booklet_field() -> Booklet:
    """The field `booklet` of an answer."""
    field: Booklet = strawberry.field(description="The whole booklet as it is now.")
    return field


@strawberry.type(
    description="What the account of the caller says of who they are, to greet them and to begin their identity with."
)
class OwnAccount:
    """All is null where the accounts are at another issuer, or the account does not say it."""

    civility: str | None = strawberry.field(
        description="A code of the table `civility`; null when it is not known."
    )
    family_name: str | None = strawberry.field(description="The family name.")
    given_name: str | None = strawberry.field(description="The given name.")
    email: str | None = strawberry.field(
        description="The e-mail address, if it is proven to be theirs."
    )


@strawberry.type(description="The code was right: the charter comes next.")
class BookletOpened:
    """The booklet waits for its owner to accept the charter."""

    booklet: Booklet = booklet_field()


@strawberry.type(
    description="The charter was accepted and the code used up: the identity comes next."
)
class CharterAccepted:
    """The booklet waits for the identity."""

    booklet: Booklet = booklet_field()


@strawberry.type(description="The charter was refused; nothing of the attempt is left.")
class CharterRefused:
    """There is no booklet, as before."""

    code_unused: bool = strawberry.field(
        description="True: the authorization code was not used up, and may serve again."
    )


@strawberry.type(description="The current situation was written.")
class SituationRevised:
    """The situation as it is now."""

    booklet: Booklet = booklet_field()


@strawberry.type(description="The damaged part is removed for good.")
class DamagedPartRemoved:
    """The booklet without it; without an identity, it waits for a new one."""

    booklet: Booklet = booklet_field()


@strawberry.type(description="The identity was written; the booklet is open.")
class IdentityRevised:
    """The identity as it is now."""

    booklet: Booklet = booklet_field()


@strawberry.type(
    description="The booklet is closed: nothing of it is left, and its key is destroyed."
)
class BookletClosed:
    """The account stays."""

    receipt: ClosingReceipt = strawberry.field(description="The receipt, shown this once.")


@strawberry.type(
    description="The account is ended: the person, their sign-ins and their rights are deleted."
)
class AccountClosed:
    """Somebody who comes back is a new person."""

    closed_at: datetime = strawberry.field(description="When the account was ended (UTC).")
    booklet_receipt: ClosingReceipt | None = strawberry.field(
        description="The receipt of the booklet that was closed with it; null when there was none."
    )


BookletOpenResult = Annotated[
    BookletOpened | InvalidCode | TooManyAttempts | WrongState, union_of("bookletOpen")
]
CharterAcceptResult = Annotated[
    CharterAccepted | OutdatedCharter | InvalidCode | WrongState | NotFound,
    union_of("charterAccept"),
]
CharterRefuseResult = Annotated[CharterRefused | WrongState, union_of("charterRefuse")]
SituationReviseResult = Annotated[
    SituationRevised
    | InvalidEntry
    | Conflict
    | OutdatedCharter
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("situationRevise"),
]
IdentityReviseResult = Annotated[
    IdentityRevised
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("identityRevise"),
]
DamagedPartRemoveResult = Annotated[
    DamagedPartRemoved | NotFound | WrongState | Damaged, union_of("damagedPartRemove")
]
BookletCloseResult = Annotated[
    BookletClosed | InvalidEntry | RecentSignInRequired | WrongState, union_of("bookletClose")
]
AccountCloseResult = Annotated[
    AccountClosed | InvalidEntry | RecentSignInRequired, union_of("accountClose")
]
