"""What the mutations of the end answer."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.closing import ClosingReceipt
from schema.description.refusals import InvalidEntry, RecentSignInRequired, WrongState


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
    """Whoever comes back is a new person."""

    closed_at: datetime = strawberry.field(description="When the account was ended (UTC).")
    booklet_receipt: ClosingReceipt | None = strawberry.field(
        description="The receipt of the booklet that was closed with it; null when there was none."
    )


BookletCloseResult = Annotated[
    BookletClosed | InvalidEntry | RecentSignInRequired | WrongState,
    strawberry.union("BookletCloseResult", description="What bookletClose answers."),
]
AccountCloseResult = Annotated[
    AccountClosed | InvalidEntry | RecentSignInRequired,
    strawberry.union("AccountCloseResult", description="What accountClose answers."),
]
