"""The mutation of the record: bringing one into an empty booklet."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from graphql_api.operations.mutation_support import IdempotencyKey, Info, argument, run_mutation
from graphql_api.records import records
from graphql_api.records.outcomes import BookletImported, BookletImportResult
from graphql_api.storage.operation import Operation


@strawberry.type(description="Portability.")
class RecordMutations:
    """What `Query.bookletRecord` gave comes back."""

    @strawberry.mutation(
        description="Bring a record, as bookletRecord gives it, into one's own open and empty booklet: all of it or nothing. A record too long for a GraphQL request is posted to /booklet.json."
    )
    def booklet_import(
        self,
        info: Info,
        record: Annotated[JSON, argument("The record: format « livret », version 1.")],
        dry_run: Annotated[
            bool,
            argument(
                "Only try: the answer shows the booklet as it would be, or the refusal, and nothing is written."
            ),
        ] = False,
        idempotency_key: IdempotencyKey = None,
    ) -> BookletImportResult:
        def verb(op: Operation) -> BookletImported:
            if dry_run:
                return BookletImported(booklet=records.try_restore(op, record, "record"))
            booklet, _ = records.restore(op, record, "record")
            return BookletImported(booklet=booklet)

        return run_mutation(info, None if dry_run else idempotency_key, verb)
