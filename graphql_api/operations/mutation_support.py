"""How a mutation answers: idempotency, verb, refusal; and the arguments that all share."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from graphql_api.engine.encoding import PublicError
from graphql_api.operations import idempotency
from graphql_api.storage import rate_limits
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.description.refusals import IdempotencyMismatch, Refused

Info = strawberry.Info[Operation, None]


def said(description: str) -> Any:
    """What the SDL says of an argument."""
    return strawberry.argument(description=description)


EntryId = Annotated[strawberry.ID, said("The entry.")]
Version = Annotated[int, said("The version that the caller last saw.")]
CompetenceId = Annotated[strawberry.ID, said("The competence, which owns the link.")]
AttachmentId = Annotated[strawberry.ID, said("The attachment, which owns the tie.")]
Key = Annotated[
    str | None,
    said("At most 100 characters: the same request under the same key is done once."),
]


def answered(info: Info, key: str | None, verb: Callable[[Operation], Any]) -> Any:
    """What a verb answers, or its refusal, in which case all that it did is undone."""
    op = info.context
    try:
        if not idempotency.check(op, key):
            return IdempotencyMismatch()  # not seen: the earlier answer is given instead
        with op.store.savepoint():
            return verb(op)
    except Refused as refused:
        op.answer_slot = None
        if refused.counter is not None:
            rate_limits.hit(op, refused.counter)
        return refused.refusal


def agent(op: Operation) -> Agent:
    """Whoever signed in; a top-level error for the others."""
    if not isinstance(op.actor, Agent):
        raise PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")
    return op.actor
