"""The door of every root field: the table decides before the resolver runs, the journal after it.

No resolver checks who may ask, so none can disagree with the table; a root field on which nothing
was decided is answered to nobody. What a field says of somebody else's booklet, or refuses to say,
is noted for the owner here as well, whatever its resolver does.
"""

from typing import Any

from graphql import GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from graphql_api.callers import access_log
from graphql_api.callers.permissions import FIELDS, check_may
from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.sharing.access_record import Accessed, AccessOutcome

# The root fields that name a booklet, or something of one, by an id: it may be somebody else's.
NAMING = {
    "Query.booklet": Accessed.BOOKLET,
    "Query.bookletRecord": Accessed.BOOKLET,
    "Query.sharedDossier": Accessed.DOSSIER,
}


class Undecided(Exception):  # noqa: N818 - says what the field is
    """Nobody decided who may ask for this field: a fault of the service, masked as any other."""


def guard(schema: GraphQLSchema) -> None:
    """Put the guard before every root field of a schema."""
    for kind in (schema.query_type, schema.mutation_type):
        for name, field in (kind.fields if kind else {}).items():
            field.resolve = _guarded(f"{kind}.{name}", field.resolve or default_field_resolver)


def _guarded(field: str, resolve: GraphQLFieldResolver) -> GraphQLFieldResolver:
    naming = NAMING.get(field)

    def answer(source: Any, info: GraphQLResolveInfo[Operation], **arguments: Any) -> Any:
        op = info.context
        if field not in FIELDS:
            raise Undecided(field)
        if naming is None or arguments.get("id") is None:
            check_may(op.actor, FIELDS[field])
            return resolve(source, info, **arguments)
        id = str(arguments["id"])
        try:
            check_may(op.actor, FIELDS[field])
            found = resolve(source, info, **arguments)
        except PublicError:
            access_log.record(op, naming, id, AccessOutcome.REFUSED)
            raise
        if found is None:
            access_log.record(op, naming, id, AccessOutcome.REFUSED)
        elif not isinstance(op.actor, Agent):  # an agent reads nothing but what is theirs
            access_log.record(op, naming, id, AccessOutcome.READ)
        return found

    return answer
