"""The query of a record."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from graphql_api.operations.mutation_support import Info, argument
from graphql_api.records import records


@strawberry.type(description="A booklet as a record.")
class RecordQueries:
    """A booklet as a record."""

    @strawberry.field(
        description="The complete record of the caller's own booklet, to take along: all that is stored of them, as docs/record.md describes it; null when there is none, or when the id is not its id. As a file: /booklet.json."
    )
    def booklet_record(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, argument("Only if it has this id.")] = None,
    ) -> JSON | None:
        record = records.export(info.context, id)
        return None if record is None else JSON(record)
