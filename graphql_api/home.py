"""The home page: what the service is, and where to go; as plain text for a client that is no browser."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.callers.request_context import RequestContext
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Anonymous
from graphql_api.web.pages import after_sign_out
from graphql_api.web.rendering import pages_from

_page = pages_from(Path(__file__).parent / "templates")
_VARIES = {"vary": "accept"}


@dataclass(frozen=True, slots=True)
class HomePage:
    """The page at `/`. `accounts`: people have profiles here; `local_accounts`: they can create one.

    `graphiql`: the console for developers is served. `source_url` is where the running source is.
    """

    service: Service
    workers: WorkerPool
    public_url: str
    source_url: str
    accounts: bool
    local_accounts: bool
    graphiql: bool

    def route(self) -> Route:
        """The route."""
        return Route("/", self.answer)

    async def answer(self, request: Request) -> Response:
        """Answer with the page to a browser, with a few lines to any other client."""
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(self.text(), headers=_VARIES)
        try:
            context = await self.workers.run(partial(_authenticated, self.service, request))
        except InvalidTokenError:
            return self._page(200, signed_in=False)
        except (BusyError, UnavailableError):
            return self._page(503, signed_in=None)
        response = self._page(200, signed_in=not isinstance(context.op.actor, Anonymous))
        response.headers.update(context.headers)
        return response

    def text(self) -> str:
        """What is here, and the running source (AGPL, section 13)."""
        lines = [
            "Livret individuel de formation : le service.",
            f"API GraphQL : {self.public_url}/graphql (POST)",
            f"Schéma : {self.public_url}/schema.graphql",
        ]
        if self.source_url:
            lines.append(f"Code source en service : {self.source_url}")
        return "\n".join(lines) + "\n"

    def _page(self, status: int, *, signed_in: bool | None) -> Response:
        response = _page(
            "home.html",
            status,
            form_targets=after_sign_out(self.public_url),
            signed_in=signed_in,
            accounts=self.accounts,
            local_accounts=self.local_accounts,
            graphiql=self.graphiql,
            source_url=self.source_url,
        )
        response.headers.update(_VARIES)
        return response


def _authenticated(service: Service, request: Request) -> RequestContext:
    context = service.request_context(request)
    context.authenticate()
    service.finish(context)
    return context
