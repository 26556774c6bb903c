"""The guard of every root field: permissions are checked before its resolver, accesses recorded after.

No resolver checks who may ask, so none can disagree with the table; a root field that stands in no
row of the table is refused to everybody. What a field answers about another person's booklet, or
refuses to answer, is recorded here for the owner, whatever its resolver does.
"""

from typing import Any

from graphql import GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from graphql_api.callers import access_log
from graphql_api.callers.permissions import FIELDS, check_permission
from graphql_api.engine.direct_resolvers import direct_resolver
from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.sharing.access_record import Accessed, AccessOutcome

# The root fields that name a booklet, or something of one, by an id: it may be somebody else's.
FIELDS_WITH_ID = {
    "Query.booklet": Accessed.BOOKLET,
    "Query.bookletRecord": Accessed.BOOKLET,
    "Query.sharedDossier": Accessed.DOSSIER,
}


class UndeclaredFieldError(Exception):
    """A root field stands in no row of the table: a fault of the service, masked as any other."""


def guard_root_fields(schema: GraphQLSchema) -> None:
    """Wrap the resolver of every root field of a schema in the guard."""
    for kind in (schema.query_type, schema.mutation_type):
        for name, field in (kind.fields if kind else {}).items():
            resolve = direct_resolver(field) or field.resolve or default_field_resolver
            field.resolve = _guard(f"{kind}.{name}", resolve)


def _guard(field: str, resolve: GraphQLFieldResolver) -> GraphQLFieldResolver:
    naming = FIELDS_WITH_ID.get(field)

    def answer(source: Any, info: GraphQLResolveInfo[Operation], **arguments: Any) -> Any:
        op = info.context
        if field not in FIELDS:
            raise UndeclaredFieldError(field)
        if naming is None or arguments.get("id") is None:
            check_permission(op.actor, FIELDS[field])
            return resolve(source, info, **arguments)
        id = str(arguments["id"])
        try:
            check_permission(op.actor, FIELDS[field])
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
