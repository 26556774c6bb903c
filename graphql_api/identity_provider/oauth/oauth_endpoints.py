"""Endpoints of the provider: read, run in a thread and a transaction, mask errors, add headers."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.engine.encoding import log_incident
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.identity_provider import pages
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters, read_parameters
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.web.forms.encoded_fields import MalformedRequestError

Work = Callable[[ProviderContext, OAuthParameters], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
ANY_ORIGIN = {"access-control-allow-origin": "*"}
PUBLIC = {"cache-control": "public, max-age=300"} | ANY_ORIGIN


@dataclass(frozen=True, slots=True)
class OAuthEndpoints:
    """Makes endpoints of functions that work with a context; `new_context` makes one a request."""

    workers: WorkerPool
    new_context: Callable[[], ProviderContext]

    def browser(self, work: Work) -> Endpoint:
        """Make an endpoint for browsers: errors are pages."""

        async def answer(request: Request) -> Response:
            try:
                response = await self._run(work, await read_parameters(request))
            except MalformedRequestError:
                response = pages.refused_page("invalid_request")
            except (BusyError, UnavailableError):
                response = pages.unavailable_page()
                response.headers["retry-after"] = "5"
            except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
                response = pages.error_page(log_incident(fault))
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)  # a page has its own
            return response

        return answer

    def api(self, work: Work, *, reads: bool = False) -> Endpoint:
        """Make an endpoint for programs, the pages of front ends included: errors are JSON."""

        async def answer(request: Request) -> Response:
            try:
                params = await read_parameters(request)
                response = await self._run(work, params, reads=reads)
            except MalformedRequestError as bad:
                refusal = {"error": "invalid_request", "error_description": str(bad)}
                response = JSONResponse(refusal, 400)
            except (BusyError, UnavailableError):
                response = _busy()
            except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
                response = _internal_error(fault)
            return _add_headers(response, HEADERS)

        return answer

    def public(self, work: Work) -> Endpoint:
        """Make an endpoint without parameters, whose answer is public and cached."""

        async def answer(request: Request) -> Response:
            try:
                response = await self._run(work, OAuthParameters(request, {}), reads=True)
            except (BusyError, UnavailableError):
                return _add_headers(_busy(), HEADERS | ANY_ORIGIN)
            except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
                return _add_headers(_internal_error(fault), HEADERS | ANY_ORIGIN)
            return _add_headers(response, HEADERS | PUBLIC)

        return answer

    async def _run(self, work: Work, params: OAuthParameters, *, reads: bool = False) -> Response:
        return await self.workers.run(partial(self._in_transaction, work, params, reads))

    def _in_transaction(self, work: Work, params: OAuthParameters, reads: bool) -> Response:
        context = self.new_context()
        transaction: AbstractContextManager[None]
        transaction = context.store.reading() if reads else context.store.writing()
        with transaction:
            return work(context, params)


def _busy() -> Response:
    return JSONResponse({"error": "temporarily_unavailable"}, 503, headers={"retry-after": "5"})


def _internal_error(fault: BaseException) -> Response:
    return JSONResponse({"error": "server_error", "incident": log_incident(fault)}, 500)


def _add_headers(response: Response, headers: dict[str, str]) -> Response:
    response.headers.update(headers)
    return response
