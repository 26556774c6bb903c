"""The GraphQL schema: queries and mutations in one, with the guard before every root field."""

from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import StrawberryObjectDefinition, StrawberryType

from graphql_api.callers.authorization import guard_root_fields
from graphql_api.mutations import Mutation
from graphql_api.queries import Query
from schema.description.connection import Connection, Edge
from schema.entries.inputs import ENTRY_KINDS


class ReaderNames(NameConverter):
    """Names the types of a panorama by the reader that they are for.

    `Panorama` is the owner's, of `Entry`; `SharedPanorama` a dossier's, of `SharedEntry`. Pages are
    named by what they are of: `EntryEdge`.
    """

    def from_generic(
        self, generic_type: StrawberryObjectDefinition, types: list[StrawberryType | type]
    ) -> str:
        if issubclass(generic_type.origin, (Connection, Edge)):
            return super().from_generic(generic_type, types)
        reader = "".join(self.get_name_from_type(one) for one in types).removesuffix("Entry")
        return f"{reader}{generic_type.name}"

    def apply_naming_config(self, name: str) -> str:
        """The name in GraphQL of a name in Python; Strawberry asks for each field of each input."""
        return _named(name)


_named = cache(NameConverter().apply_naming_config)


SCHEMA = strawberry.Schema(
    Query,
    Mutation,
    types=[kind.entry_type for kind in ENTRY_KINDS],
    config=StrawberryConfig(name_converter=ReaderNames()),
)
GRAPHQL_SCHEMA: GraphQLSchema = SCHEMA._schema  # Strawberry offers no public name for it
guard_root_fields(GRAPHQL_SCHEMA)


@cache
def sdl() -> str:
    """The schema in the schema definition language, as it is committed and served."""
    return print_schema(SCHEMA) + "\n"
