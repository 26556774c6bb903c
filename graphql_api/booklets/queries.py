"""The queries of a booklet, and of who its owner is."""

from typing import Annotated

import strawberry

from graphql_api.booklets import booklets
from graphql_api.booklets import own_account as accounts
from graphql_api.booklets.outcomes import OwnAccount
from graphql_api.operations.mutation_support import Info, argument
from schema.booklet import Booklet


@strawberry.type(description="A booklet, to its owner.")
class BookletQueries:
    """A booklet, to its owner."""

    @strawberry.field(
        description="The caller's own booklet; null when there is none, or when the id is not its id."
    )
    def booklet(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, argument("Only if it has this id.")] = None,
    ) -> Booklet | None:
        return booklets.get(info.context, id)

    @strawberry.field(description="What the caller's own account says of who they are.")
    def own_account(self, info: Info) -> OwnAccount:
        return accounts.own_account(info.context)
