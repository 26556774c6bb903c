"""The routes of the API: GraphQL, stored queries by their address, the schema, the reference data."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from graphql_api.booklets.unchanged import reads_content_only
from graphql_api.configuration.settings import SettingError, Settings
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.endpoint import GraphQLEndpoint, Spend, without_limit
from graphql_api.engine.graphiql.console import GraphiqlMiddleware, graphiql_routes
from graphql_api.engine.heavy_operations import HeavyOperations
from graphql_api.engine.stored_queries import StoredQueries, StoredQueryError, read_stored_queries
from graphql_api.engine.stored_query_endpoint import StoredQueryEndpoint, queries_with_address
from graphql_api.engine.workers import WorkerPool
from graphql_api.execution import execute, execute_if_changed
from graphql_api.graphql_schema import GRAPHQL_SCHEMA, sdl
from graphql_api.operations.service import Service
from graphql_api.web.http.client_address import counted_address
from graphql_api.web.http.public_files import public_file
from schema.reference import reference_json


def document_cache(settings: Settings) -> DocumentCache:
    """The cache of documents; a developer's machine has introspection and suggestions."""
    for_developers = settings.is_development
    return DocumentCache(GRAPHQL_SCHEMA, introspection=for_developers, suggestions=for_developers)


def api_routes(
    settings: Settings,
    service: Service,
    documents: DocumentCache,
    workers: WorkerPool,
    spend: Spend = without_limit,
) -> list[BaseRoute]:
    """Build the routes; `spend` limits what a caller may ask for. Raises `SettingError`."""
    stored, with_address = _read_queries(settings, documents)
    graphql: ASGIApp
    graphql = GraphQLEndpoint(
        documents,
        workers,
        HeavyOperations(workers),
        partial(execute, service),
        settings.public_url,
        stored=stored,
        spend=spend,
        address_of=counted_address,
    )
    by_address = StoredQueryEndpoint(
        with_address, workers, partial(execute_if_changed, service, spend), settings.public_url
    )
    console: list[BaseRoute] = []
    if settings.is_development:
        graphql, console = GraphiqlMiddleware(graphql), graphiql_routes()
    return [
        Route("/graphql", graphql),
        Route("/q/{hash}", by_address),
        Route("/schema.graphql", _schema, methods=["GET", "POST"]),  # schema tools POST
        Route("/reference.json", _reference),
        *console,
    ]


def _read_queries(
    settings: Settings, documents: DocumentCache
) -> tuple[StoredQueries, dict[str, PreparedOperation]]:
    """The stored queries, and those of them that have an address."""
    is_content = partial(reads_content_only, GRAPHQL_SCHEMA)
    try:
        registered = read_stored_queries(settings.queries)
        by_hash = queries_with_address(documents, registered, is_content)
    except StoredQueryError as error:
        raise SettingError(f"LIVRET_QUERIES : {error}") from error
    return StoredQueries(registered), by_hash


async def _schema(request: Request) -> Response:
    return public_file(request, sdl(), "text/plain", "public, max-age=300")


async def _reference(request: Request) -> Response:
    return public_file(request, reference_json(), "application/json", "public, max-age=300")
