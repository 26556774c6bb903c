"""What the mutation of reminders answers."""

from typing import Annotated

import strawberry

from schema.description.refusals import NoVerifiedAddress, OutdatedCharter, WrongState
from schema.panorama.reminders import Reminder


@strawberry.type(description="The setting is as was asked.")
class ReminderSet:
    """The setting as it is now."""

    reminder: Reminder = strawberry.field(description="The setting as it is now.")


ReminderSetResult = Annotated[
    ReminderSet | NoVerifiedAddress | OutdatedCharter | WrongState,
    strawberry.union("ReminderSetResult", description="What reminderSet answers."),
]
