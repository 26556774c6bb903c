"""The query of summaries, for regional sites."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import Info, argument
from graphql_api.summaries import summaries
from schema.description.bounds import MAX_PAGE, at_most
from schema.summaries.summary import BookletSummaryConnection


@strawberry.type(description="The summaries of those who consented.")
class SummaryQueries:
    """The summaries of those who consented."""

    @strawberry.field(
        description="For a regional site: the summaries of the booklets whose owners consented, whole in the order of ids or, with `changedSince`, what has changed. docs/regional-sites.md says how to keep a copy."
    )
    def booklet_summaries(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
        changed_since: Annotated[
            datetime | None,
            strawberry.argument(
                description=f"The `asOf` of an earlier reading, at most {summaries.OLDEST.days} days old: only what changed or ended since."
            ),
        ] = None,
    ) -> BookletSummaryConnection:
        return summaries.page(info.context, first, after, changed_since)
