"""How a mutation runs (idempotency, verb, refusal), and the arguments that mutations share."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry.types.union import StrawberryUnion

from graphql_api.engine.encoding import PublicError
from graphql_api.operations import idempotency
from graphql_api.storage import rate_limits
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.description.refusals import IdempotencyMismatch, Refused

Info = strawberry.Info[Operation, None]


def argument(description: str) -> Any:
    """An argument with its description in the SDL."""
    return strawberry.argument(description=description)


def union_of(field: str) -> StrawberryUnion:
    """The union of what a field answers, named after it: `EntryAddResult` of `entryAdd`."""
    name = f"{field[0].upper()}{field[1:]}Result"
    return strawberry.union(name, description=f"What {field} answers.")


EntryId = Annotated[strawberry.ID, argument("The entry.")]
Version = Annotated[int, argument("The version that the caller last saw.")]
CompetenceId = Annotated[strawberry.ID, argument("The competence, which owns the link.")]
AttachmentId = Annotated[strawberry.ID, argument("The attachment, which owns the tie.")]
IdempotencyKey = Annotated[
    str | None,
    argument(
        f"At most {idempotency.MAX_KEY_LENGTH} characters: the same request under the same key is done once."
    ),
]


def run_mutation(info: Info, key: str | None, verb: Callable[[Operation], Any]) -> Any:
    """Run a verb under an idempotency key; a refusal is returned, and undoes what the verb did."""
    op = info.context
    try:
        if not idempotency.is_first_request(op, key):
            return IdempotencyMismatch()  # never sent: `execution` sends the cached answer
        with op.store.savepoint():
            answer = verb(op)
        op.lists.expect()  # by the answer: the verb has written
        return answer
    except Refused as refused:
        op.answer_slot = None
        op.written_heads.clear()
        for counter in sorted(refused.counters):  # one order, so that none waits for another
            rate_limits.hit(op, counter)
        return refused.refusal


def require_agent(op: Operation) -> Agent:
    """The person who is calling; a top-level error for a caller who is none."""
    if not isinstance(op.actor, Agent):
        raise PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")
    return op.actor
