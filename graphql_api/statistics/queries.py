"""The query of statistics, for operators."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import Info, argument
from graphql_api.statistics import statistics
from schema.statistics import StatisticsRelease


@strawberry.type(description="A published month.")
class StatisticsQueries:
    """A published month."""

    @strawberry.field(
        description="For somebody who operates the service: the statistics of a month, of those who ticked the box; null when there are none, and for anybody else."
    )
    def statistics(
        self,
        info: Info,
        month: Annotated[
            str | None,
            argument("YYYY-MM; the last one published when absent."),
        ] = None,
    ) -> StatisticsRelease | None:
        return statistics.get(info.context, month)
