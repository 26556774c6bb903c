"""A toy schema behind the GraphQL endpoint, for the audits to call."""

import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import Documents, Prepared
from graphql_api.engine.encoding import Executed, encode
from graphql_api.engine.endpoint import GraphQLEndpoint
from graphql_api.engine.workers import Workers


@strawberry.type
class Query:
    hello: str = "Bonjour"


SCHEMA = strawberry.Schema(Query)._schema


def application(*, introspection: bool) -> Starlette:
    """The endpoint at /graphql, as a development or a production machine would serve it."""

    def execute(
        prepared: Prepared, variables: dict[str, object] | None, _: HTTPConnection
    ) -> Executed:
        return encode(run_document(SCHEMA, prepared, variables, None))

    documents = Documents(SCHEMA, introspection=introspection, suggestions=introspection)
    graphql = GraphQLEndpoint(documents, Workers(2, 64), execute, origin="http://127.0.0.1")
    return Starlette(routes=[Route("/graphql", graphql)])
