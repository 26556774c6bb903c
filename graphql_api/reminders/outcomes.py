"""What the mutation of reminders answers."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
from schema.damage import Damaged
from schema.description.refusals import NoVerifiedAddress, OutdatedCharter, WrongState
from schema.panorama.reminders import Reminder


@strawberry.type(description="The setting is as was asked.")
class ReminderSet:
    """The setting as it is now."""

    reminder: Reminder = strawberry.field(description="The setting as it is now.")


ReminderSetResult = Annotated[
    ReminderSet | NoVerifiedAddress | OutdatedCharter | WrongState | Damaged,
    union_of("reminderSet"),
]
