"""The measured process: the service as `livret serve` runs it, with `/limit/…` and `/counters` beside it.

Run as `python -m tests.bench.server FILE`: the file has the addresses of the stores, the port, a
folder, and whether completion is compiled, in JSON.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api import execution
from graphql_api.app import create_application
from graphql_api.configuration.settings import Settings
from graphql_api.engine.completion import run_document
from graphql_api.engine.workers import WorkerPool
from graphql_api.operations.service import Service
from graphql_api.serving import build_service
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from graphql_api.web.http.http_server import http_server, run_server
from graphql_api.web.logs import configure_logs
from tests.bench import limit
from tests.bench.databases import bench_settings

_PAGE = 50
_STORES: list[Store] = []


def measured(settings: Settings) -> ASGIApp:
    """The service as it is, and beside it the other routes, which cost it nothing."""
    served = create_application(settings)
    bare = _Bare(build_service(settings), WorkerPool(settings.threads, settings.queue))
    beside = Starlette(
        routes=[
            Route("/limit/whole", bare.reading(limit.whole)),
            Route("/limit/small", bare.reading(limit.small)),
            Route("/limit/page", bare.reading(partial(limit.page, first=_PAGE))),
            Route("/limit/sections", bare.reading(partial(limit.page_of_sections, first=_PAGE))),
            Route("/limit/add", bare.adding(), methods=["POST"]),
            Route("/counters", _counters),
        ]
    )

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        is_beside = scope["type"] == "http" and scope["path"].startswith(("/limit/", "/counters"))
        await (beside if is_beside else served)(scope, receive, send)

    return application


class _Bare:
    """Operations without GraphQL, in the threads of a pool."""

    def __init__(self, service: Service, workers: WorkerPool) -> None:
        self._service = service
        self._workers = workers

    def reading(self, read: Callable[[Operation], Any]) -> Any:
        """A route that answers with what `read` returns."""

        def answer(authorization: str | None, _body: bytes) -> bytes:
            op = self._service.operation(self._service.credentials.actor(authorization))
            with self._service.store.reading():
                return orjson.dumps({"data": read(op)})

        return self._route(answer)

    def adding(self) -> Any:
        """A route that adds the entry of its body."""

        def answer(authorization: str | None, body: bytes) -> bytes:
            op = self._service.operation(self._service.credentials.actor(authorization))
            with self._service.store.writing():
                return orjson.dumps({"data": limit.add(op, **orjson.loads(body))})

        return self._route(answer)

    def _route(self, answer: Callable[[str | None, bytes], bytes]) -> Any:
        async def route(request: Request) -> Response:
            authorization, body = request.headers.get("authorization"), await request.body()
            made = await self._workers.run(partial(answer, authorization, body))
            return Response(made, media_type="application/json")

        return route


async def _counters(_request: Request) -> Response:
    """How many statements this process has run."""
    return Response(str(sum(store.statements for store in _STORES)))


def _watch_stores() -> None:
    """Know every store that is opened from now on."""
    opened = Store.__init__

    def watched(self: Store, *words: Any, **options: Any) -> None:
        opened(self, *words, **options)
        _STORES.append(self)

    Store.__init__ = watched  # type: ignore[method-assign]  # this process only measures


def main(told: dict[str, Any]) -> int:
    """Serve until told to stop."""
    _watch_stores()
    if not told["compiled"]:
        execution.run_document = partial(run_document, compiled=False)
    folder = Path(told["folder"])
    settings = bench_settings(tuple(told["urls"]), told["port"], folder)
    configure_logs("json")  # a line a request, as in production
    application = measured(settings)
    return run_server(http_server(application, settings, _nothing, log_level="warning"))


def _nothing() -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text())))
