"""GraphQL over HTTP: one path, POST, JSON in and JSON out.

`http_request` reads what was sent, a thread of `workers` prepares and runs the operation, and
and in every case the answer is JSON that no cache may keep.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import Receive, Scope, Send

from graphql_api.engine.compression import MIN_BYTES, compress, compresses
from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from graphql_api.engine.encoding import (
    EncodedResponse,
    encode_errors,
    encode_internal_error,
    encode_refusal,
)
from graphql_api.engine.http_request import (
    LEGACY_RESPONSE,
    MAX_BODY_BYTES,
    BadRequestError,
    GraphQLRequest,
    check_content_type,
    check_csrf,
    check_persisted_query,
    negotiate_media_type,
    read_body,
    read_request,
)
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool

Execute = Callable[[PreparedOperation, dict[str, Any] | None, HTTPConnection], EncodedResponse]


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The ASGI application of the GraphQL path.

    `execute` runs a prepared operation synchronously, in a thread; it may raise
    `UnavailableError`; any other exception is answered 500, masked. `origin` is the public origin of the service, from
    which a request with cookies must come. `body_bytes` bounds what is read of a request.
    """

    documents: DocumentCache
    workers: WorkerPool
    execute: Execute
    origin: str
    body_bytes: int = MAX_BODY_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers = Headers(scope=scope)
        media_type = LEGACY_RESPONSE
        try:
            media_type = negotiate_media_type(headers)
            if scope["method"] == "GET":
                check_persisted_query(scope["query_string"])
            if scope["method"] != "POST":
                raise BadRequestError(
                    405, "METHOD_NOT_ALLOWED", "GraphQL requests are sent by POST."
                )
            check_content_type(headers)
            check_csrf(headers, self.origin)
            request = read_request(await read_body(headers, receive, self.body_bytes))
            answer = await self._run(request, HTTPConnection(scope))
        except BadRequestError as refusal:
            answer = encode_refusal(refusal.status, refusal.code, refusal.message)
        except ClientDisconnect:
            return
        except BusyError:
            answer = _try_again("BUSY", "The service is busy.")
        except UnavailableError:
            answer = _try_again("UNAVAILABLE", "The service is not available at the moment.")
        except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
            answer = encode_internal_error(fault)
        else:
            if media_type == LEGACY_RESPONSE and answer.status == 400:
                # Clients of this type take any other status for an answer of a proxy.
                answer = EncodedResponse(200, answer.body, answer.headers)
        await _send(send, media_type, answer)

    async def _run(self, request: GraphQLRequest, connection: HTTPConnection) -> EncodedResponse:
        return await self.workers.run(partial(self._operate, request, connection))

    def _operate(self, request: GraphQLRequest, connection: HTTPConnection) -> EncodedResponse:
        prepared = self.documents.prepare(request.query, request.operation_name)
        if isinstance(prepared, RejectedDocument):
            return encode_errors(prepared.errors, prepared.status)
        answer = self.execute(prepared, request.variables, connection)
        return _compressed(answer) if compresses(connection.headers) else answer


def _compressed(answer: EncodedResponse) -> EncodedResponse:
    if len(answer.body) < MIN_BYTES:
        return answer
    headers = (*answer.headers, ("content-encoding", "gzip"), ("vary", "accept-encoding"))
    return replace(answer, body=compress(answer.body), headers=headers)


def _try_again(code: str, message: str) -> EncodedResponse:
    return encode_refusal(503, code, message, retry_after="1")


async def _send(send: Send, media_type: str, answer: EncodedResponse) -> None:
    headers = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        *((name.encode(), value.encode()) for name, value in answer.headers),
    ]
    if answer.status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
