"""The GraphQL schema: queries and mutations in one, with the guard before every root field."""

from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema

from graphql_api.callers.authorization import guard_root_fields
from graphql_api.mutations import Mutation
from graphql_api.queries import Query
from schema.entries.inputs import ENTRY_KINDS

SCHEMA = strawberry.Schema(Query, Mutation, types=[kind.entry_type for kind in ENTRY_KINDS])
GRAPHQL_SCHEMA: GraphQLSchema = SCHEMA._schema  # Strawberry offers no public name for it
guard_root_fields(GRAPHQL_SCHEMA)


@cache
def sdl() -> str:
    """The schema in the schema definition language, as it is committed and served."""
    return print_schema(SCHEMA) + "\n"
