"""Files over HTTP, beside GraphQL: who calls, what is sent, and refusals of the same JSON form."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.callers.request_context import RequestContext
from graphql_api.engine.encoding import PublicError, encode_internal_error
from graphql_api.engine.http_request import BadRequestError
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.operations.file_pages import asks_for_page, page_of_refusal
from graphql_api.operations.service import Service
from schema.typography import typeset

NEVER_CACHED = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class FileRefusals:
    """How a kind of file is refused, as JSON of the same form as GraphQL's errors.

    `busy` words a full queue; `retry_seconds` says when to come back to a service that is busy or
    unavailable; `is_indented` is for answers that people read.
    """

    busy: str
    retry_seconds: Callable[[BusyError | UnavailableError], int]
    is_indented: bool

    def refuse(
        self,
        status: int,
        code: str,
        message: str,
        *,
        problems: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Answer with one error."""
        extensions: dict[str, Any] = {"code": code}
        if problems is not None:
            extensions["problems"] = problems
        body = {"errors": [{"message": typeset(message), "extensions": extensions}]}
        return _json(status, body, headers, is_indented=self.is_indented)

    def answer_to(self, why: Exception) -> Response:
        """Answer to what was raised; an unexpected exception is masked."""
        match why:
            case BadRequestError():
                return self.refuse(why.status, why.code, why.message)
            case ClientDisconnect():
                return Response(status_code=400)  # which nobody reads
            case InvalidTokenError():
                challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
                message = "Ce jeton d’accès n’est pas accepté."
                return self.refuse(401, "INVALID_TOKEN", message, headers=challenge)
            case PublicError(code="UNAUTHENTICATED"):
                challenge = {"www-authenticate": "Bearer"}
                return self.refuse(401, why.code, why.message, headers=challenge)
            case PublicError():
                return self.refuse(403, why.code, why.message)
            case BusyError():
                return self._come_back(why, "BUSY", self.busy)
            case UnavailableError():
                message = "Le service est momentanément indisponible : réessayez dans un instant."
                return self._come_back(why, "UNAVAILABLE", message)
            case _:
                masked = encode_internal_error(why)
                return Response(masked.body, masked.status, NEVER_CACHED, "application/json")

    def _come_back(self, why: BusyError | UnavailableError, code: str, message: str) -> Response:
        headers = {"retry-after": str(self.retry_seconds(why))}
        return self.refuse(503, code, message, headers=headers)


JSON_FILES = FileRefusals(
    busy="Le service est très demandé : réessayez dans un instant.",
    retry_seconds=lambda _why: 1,
    is_indented=True,
)


async def answer_file(
    service: Service,
    workers: WorkerPool,
    check: Callable[[Headers], None],
    answer: Callable[[RequestContext, Request], Awaitable[Response]],
    request: Request,
    refusals: FileRefusals = JSON_FILES,
) -> Response:
    """Answer a request for a file, with the headers that tell the browser of its session.

    A browser that follows a link is refused by a page, a program by JSON.
    """
    response = await _answered(service, workers, check, answer, request, refusals)
    if response.media_type != "application/json" or response.status_code < 400:
        return response
    if not asks_for_page(request):
        return response
    page = page_of_refusal(response, request)
    for cookie in response.headers.getlist("set-cookie"):
        page.headers.append("set-cookie", cookie)
    return page


async def _answered(
    service: Service,
    workers: WorkerPool,
    check: Callable[[Headers], None],
    answer: Callable[[RequestContext, Request], Awaitable[Response]],
    request: Request,
    refusals: FileRefusals,
) -> Response:
    try:
        check(request.headers)
        context = await workers.run(partial(service.request_context, request))
    except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
        return refusals.answer_to(why)
    try:
        response = await answer(context, request)
    except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
        response = refusals.answer_to(why)
    finally:
        context.op.forget_content()
    response.headers.update(context.headers)
    return response


def json_file(status: int, value: object, headers: dict[str, str] | None = None) -> Response:
    """Answer with a value as an indented JSON document that no cache keeps."""
    return _json(status, value, headers, is_indented=True)


def _json(
    status: int, value: object, headers: dict[str, str] | None, *, is_indented: bool
) -> Response:
    form = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if is_indented else None
    body = orjson.dumps(value, option=form)
    return Response(body, status, NEVER_CACHED | (headers or {}), "application/json")
