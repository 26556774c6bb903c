"""The ASGI application: routes and lifespan, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from graphql_api.credentials import credentials_from
from graphql_api.documents import Documents
from graphql_api.downloads import Downloads
from graphql_api.endpoint import GraphQLEndpoint
from graphql_api.migrating import is_current
from graphql_api.printing import PrintWorkshop
from graphql_api.record_routes import RecordRoutes
from graphql_api.root import GRAPHQL_SCHEMA, Clock, Service, now, sdl
from graphql_api.settings import Settings
from graphql_api.store import Store
from graphql_api.sweeping import finish_closings
from graphql_api.workers import Busy, Unavailable, Workers

PRINT_QUEUE = 8


def service_from(settings: Settings, clock: Clock = now) -> Service:
    """The service that the settings describe; connects to nothing yet."""
    return Service(
        store=Store(settings.database_url),
        key_store=Store(settings.key_store_url, journal="delete"),
        master_key=settings.master_key,
        credentials=credentials_from(settings),
        clock=clock,
    )


def application(settings: Settings, clock: Clock = now) -> Starlette:
    """The whole service, ready to be served; `clock` tells its operations when they begin."""
    service = service_from(settings, clock)
    workers = Workers(settings.threads, settings.queue)
    printers = Workers(1, PRINT_QUEUE)
    workshop = PrintWorkshop(settings.internal_url)
    production = not settings.is_development
    documents = Documents(GRAPHQL_SCHEMA, introspection=not production, suggestions=not production)
    graphql = GraphQLEndpoint(documents, workers, service.execute, settings.public_url)
    downloads = Downloads(service, workers, printers, workshop)
    text = sdl()

    async def schema_graphql(_request: Request) -> Response:
        return PlainTextResponse(text)

    async def welcome(_request: Request) -> Response:
        return PlainTextResponse(welcome_text(settings))

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "up"})

    async def readyz(_request: Request) -> Response:
        try:
            ready = await workers.run(partial(is_ready, service))
        except (Busy, Unavailable):
            ready = False
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with suppress(Busy, Unavailable):  # it is not ready yet, and says so at /readyz
            await workers.run(partial(finish_what_was_begun, service))
        try:
            yield
        finally:
            await printers.close()
            await workers.close()
            workshop.close()
            service.store.close()
            service.key_store.close()

    return Starlette(
        routes=[
            Route("/", welcome),
            Route("/graphql", graphql),
            Route("/schema.graphql", schema_graphql),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/dossiers/{id:uuid}.zip", downloads.zip),
            *RecordRoutes(service, workers, settings.public_url).routes(),
        ],
        lifespan=lifespan,
    )


def welcome_text(settings: Settings) -> str:
    """What is here, for who opens the address; and the running source (AGPL, section 13)."""
    lines = [
        "Livret individuel de formation : le service.",
        f"API GraphQL : {settings.public_url}/graphql (POST)",
        f"Schéma : {settings.public_url}/schema.graphql",
    ]
    if settings.source_url:
        lines.append(f"Code source en service : {settings.source_url}")
    return "\n".join(lines) + "\n"


def finish_what_was_begun(service: Service) -> None:
    """Finish the closings that a crash interrupted."""
    if is_ready(service):
        finish_closings(service.store, service.key_store)


def is_ready(service: Service) -> bool:
    """Whether both stores answer and have the present shape."""
    stores = (service.store, service.key_store)
    return all(store.answers() for store in stores) and is_current(*stores)
