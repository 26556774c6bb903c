"""What remains of a booklet that its owner closed: a receipt."""

from datetime import datetime

import strawberry


@strawberry.type(
    description="The receipt of a closing. It names nobody; keep it, for it is not shown again."
)
class ClosingReceipt:
    """The number by which the operator can confirm that the closing was done."""

    number: strawberry.ID = strawberry.field(
        description="The number of the receipt: what was the id of the booklet."
    )
    closed_at: datetime = strawberry.field(description="When the booklet was closed (UTC).")
    entries_deleted: int = strawberry.field(description="How many entries were deleted with it.")
