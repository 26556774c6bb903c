"""Files over HTTP, beside GraphQL: who calls, what is sent, and refusals of the same JSON form."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from graphql_api.callers.credentials import InvalidToken
from graphql_api.callers.request_context import Call
from graphql_api.engine.encoding import PublicError, encode_fault
from graphql_api.engine.http_request import BadRequest
from graphql_api.engine.workers import Busy, Unavailable, Workers
from graphql_api.operations.service import Service

_NEVER_KEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


async def answered_file(
    service: Service,
    workers: Workers,
    check: Callable[[Headers], None],
    answer: Callable[[Call, Request], Awaitable[Response]],
    request: Request,
) -> Response:
    """What a route answers to a call, with what its browser must be told of its session."""
    try:
        check(request.headers)
        call = await workers.run(partial(service.call, request))
    except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
        return _refusal(why)
    try:
        response = await answer(call, request)
    except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
        response = _refusal(why)
    response.headers.update(call.headers)
    return response


def _refusal(why: Exception) -> Response:
    """Why a route does not answer, as JSON of the same form as GraphQL's errors."""
    match why:
        case BadRequest():
            return file_refused(why.status, why.code, why.message)
        case ClientDisconnect():
            return Response(status_code=400)  # which nobody reads
        case InvalidToken():
            refused = {"www-authenticate": 'Bearer error="invalid_token"'}
            message = "Ce jeton d’accès n’est pas accepté."
            return file_refused(401, "INVALID_TOKEN", message, headers=refused)
        case PublicError(code="UNAUTHENTICATED"):
            return file_refused(401, why.code, why.message, headers={"www-authenticate": "Bearer"})
        case PublicError():
            return file_refused(403, why.code, why.message)
        case Busy():
            message = "Le service est très demandé : réessayez dans un instant."
            return file_refused(503, "BUSY", message, headers={"retry-after": "1"})
        case Unavailable():
            message = "Le service est momentanément indisponible : réessayez dans un instant."
            return file_refused(503, "UNAVAILABLE", message, headers={"retry-after": "1"})
        case _:
            masked = encode_fault(why)
            return Response(masked.body, masked.status, _NEVER_KEPT, "application/json")


def file_refused(
    status: int,
    code: str,
    message: str,
    *,
    problems: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A refusal, as JSON of the same form as GraphQL's errors."""
    extensions: dict[str, Any] = {"code": code}
    if problems is not None:
        extensions["problems"] = problems
    return json_file(status, {"errors": [{"message": message, "extensions": extensions}]}, headers)


def json_file(status: int, value: object, headers: dict[str, str] | None = None) -> Response:
    """A value as an indented JSON document that no cache keeps."""
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return Response(body, status, _NEVER_KEPT | (headers or {}), "application/json")
