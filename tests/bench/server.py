"""The measured process: the service, and beside it a bare route that does without GraphQL.

Run as `python -m tests.bench.server FOLDER PORT` on a folder that the demo's loader filled.
"""

import sys
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from graphql_api.app import create_application
from graphql_api.configuration.settings import Settings
from graphql_api.demo.folder import DemoFolder
from graphql_api.engine.workers import WorkerPool
from graphql_api.serving import build_service
from tests.bench.document import by_hand


def measured(settings: Settings) -> Starlette:
    """The service with `/bare` before it."""
    service = build_service(settings)
    workers = WorkerPool(settings.threads, settings.queue)
    orders: dict[str, list[str]] = {}

    def answer(authorization: str | None, order: list[str]) -> bytes:
        op = service.operation(service.credentials.actor(authorization))
        with service.store.reading():
            return orjson.dumps({"data": by_hand(op, order)})

    async def bare(request: Request) -> Response:
        authorization = request.headers.get("authorization")
        order = orders.get(request.url.query, [])
        body = await workers.run(lambda: answer(authorization, order))
        return Response(body, media_type="application/json")

    async def know(request: Request) -> Response:
        orders[request.url.query] = await request.json()
        return Response(status_code=204)

    served: Any = create_application(settings)
    within = served
    while not isinstance(within, Starlette):
        within = within.app
    return Starlette(
        routes=[
            Route("/bare", bare),
            Route("/order", know, methods=["POST"]),
            Mount("/", served),
        ],
        lifespan=within.router.lifespan_context,
    )


if __name__ == "__main__":
    place = DemoFolder(Path(sys.argv[1]))
    uvicorn.run(
        measured(place.settings(int(sys.argv[2]))),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        http="httptools",
        loop="asyncio",
        log_level="warning",
        access_log=False,
    )
