"""Closing a booklet: what goes with it, the words that confirm it, and the receipt that remains."""

from collections.abc import Callable
from datetime import datetime, timedelta

import strawberry

CLOSE_BOOKLET = "FERMER MON LIVRET"
CLOSE_ACCOUNT = "SUPPRIMER MON COMPTE"
RECENT_SIGN_IN = timedelta(minutes=10)
RECENT_MINUTES = RECENT_SIGN_IN // timedelta(minutes=1)


@strawberry.type(
    description="What is to be typed by hand to confirm what cannot be undone; capitals do not matter."
)
class ClosingWords:
    """The words that closing asks for."""

    booklet: str = strawberry.field(description="For `bookletClose`.")
    account: str = strawberry.field(description="For `accountClose`.")


CLOSING_WORDS = ClosingWords(booklet=CLOSE_BOOKLET, account=CLOSE_ACCOUNT)


@strawberry.type(
    description="What `bookletClose` deletes, in numbers. The identity, the situation, the journal and the receipts of consents go too."
)
class ClosingNotice:
    """What is told before a booklet is closed."""

    entries: int = strawberry.field(description="Entries, of all rubrics.")
    ties: int = strawberry.field(description="Links of competences, and what papers prove.")
    drafts: int = strawberry.field(description="Drafts.")
    dossiers: int = strawberry.field(
        description="Dossiers that the owner made: all but the built-in one."
    )
    share_links: int = strawberry.field(
        description="Share links that still open something, and then open nothing any more."
    )
    consents: int = strawberry.field(
        description="Live consents, which end: the sites are told to forget."
    )
    has_recent_sign_in: strawberry.Private[Callable[[], bool]]

    @strawberry.field(
        description=f"Whether to sign in again first: closing needs a sign-in of less than {RECENT_MINUTES} minutes."
    )
    def sign_in_needed(self) -> bool:
        return not self.has_recent_sign_in()


@strawberry.type(
    description="The receipt of a closing. It names nobody; keep it, for it is not shown again."
)
class ClosingReceipt:
    """The number by which the operator can confirm that the closing was done."""

    number: strawberry.ID = strawberry.field(
        description="The number of the receipt: what was the id of the booklet."
    )
    closed_at: datetime = strawberry.field(description="When the booklet was closed (UTC).")
    entries_deleted: int | None = strawberry.field(
        description="How many entries were deleted with it; null when that could not be read any more."
    )
