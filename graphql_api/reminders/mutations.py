"""The mutation of reminders."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import Info, argument, run_mutation
from graphql_api.reminders import reminders
from graphql_api.reminders.outcomes import ReminderSet, ReminderSetResult


@strawberry.type(description="Reminders by e-mail.")
class ReminderMutations:
    """Say yes or no."""

    @strawberry.mutation(
        description="Ask for reminders by e-mail, or end them. Letters carry an address that ends them too. Sent again, it changes nothing."
    )
    def reminder_set(
        self,
        info: Info,
        enabled: Annotated[bool, argument("Whether the owner wants them.")],
    ) -> ReminderSetResult:
        return run_mutation(
            info, None, lambda op: ReminderSet(reminder=reminders.set_enabled(op, enabled))
        )
