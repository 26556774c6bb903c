"""GraphQL over HTTP: one path, POST, JSON in and JSON out.

`http_request` reads what was sent, threads of `workers` prepare and run the operation, and in every
case the answer is JSON that no cache may keep.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import Receive, Scope, Send

from graphql_api.engine.compression import MIN_BYTES, compress, compresses
from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from graphql_api.engine.encoding import (
    EncodedResponse,
    encode_errors,
    encode_internal_error,
    encode_refusal,
    encode_too_much,
)
from graphql_api.engine.heavy_operations import HEAVY_COST, HeavyOperations
from graphql_api.engine.http_request import (
    LEGACY_RESPONSE,
    MAX_BODY_BYTES,
    BadRequestError,
    GraphQLRequest,
    PersistedQueryNotFoundError,
    check_content_type,
    check_csrf,
    check_persisted_query,
    negotiate_media_type,
    read_body,
    read_request,
)
from graphql_api.engine.stored_queries import StoredQueries, hash_of
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool

Execute = Callable[[PreparedOperation, dict[str, Any] | None, HTTPConnection], EncodedResponse]
# From a request and the cost of its operation, or None for a refused document: seconds to wait.
Spend = Callable[[HTTPConnection, int | None], int]


# The address by which the caller of a request is counted; None for who is not.
AddressOf = Callable[[HTTPConnection], str | None]


def without_address(_connection: HTTPConnection) -> str | None:
    """Count nobody by their address."""
    return None


def without_limit(_connection: HTTPConnection, _cost: int | None) -> int:
    """Let every caller ask for as much as they like."""
    return 0


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The ASGI application of the GraphQL path.

    `execute` runs a prepared operation synchronously, in a thread; it may raise
    `UnavailableError`; any other exception is answered 500, masked. `origin` is the public origin of the service, from
    which a request with cookies must come. `body_bytes` bounds what is read of a request, `spend`
    what a caller may ask for. `heavy` runs what costs much, and tells callers apart by `address_of`.
    """

    documents: DocumentCache
    workers: WorkerPool
    heavy: HeavyOperations
    execute: Execute
    origin: str
    body_bytes: int = MAX_BODY_BYTES
    stored: StoredQueries = field(default_factory=lambda: StoredQueries({}))
    spend: Spend = without_limit
    address_of: AddressOf = without_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        connection = HTTPConnection(scope)
        await respond(connection, send, "POST", partial(self._answer, connection, receive))

    async def _answer(self, connection: HTTPConnection, receive: Receive) -> EncodedResponse:
        scope, headers = connection.scope, connection.headers
        if scope["method"] == "GET":
            check_persisted_query(scope["query_string"])
        if scope["method"] != "POST":
            raise BadRequestError(405, "METHOD_NOT_ALLOWED", "GraphQL requests are sent by POST.")
        check_content_type(headers)
        check_csrf(headers, self.origin)
        request = read_request(await read_body(headers, receive, self.body_bytes))
        text, name = self._text(request), request.operation_name
        prepared = self.documents.prepared(text, name)
        if prepared is None:  # to parse and to validate it takes milliseconds
            prepared = await self.workers.run(partial(self.documents.prepare, text, name))
        operate = partial(self._operate, request, text, prepared, connection)
        if isinstance(prepared, PreparedOperation) and prepared.cost > HEAVY_COST:
            return await self.heavy.run(operate, self.address_of(connection))
        return await self.workers.run(operate)

    def _operate(
        self,
        request: GraphQLRequest,
        text: str,
        prepared: PreparedOperation | RejectedDocument,
        connection: HTTPConnection,
    ) -> EncodedResponse:
        cost = None if isinstance(prepared, RejectedDocument) else prepared.cost
        if wait := self.spend(connection, cost):
            return encode_too_much(wait)
        if isinstance(prepared, RejectedDocument):
            return encode_errors(prepared.errors, prepared.status)
        if request.hash is not None:
            self.stored.remember(request.hash, text)
        return encoded_for(connection, self.execute(prepared, request.variables, connection))

    def _text(self, request: GraphQLRequest) -> str:
        """The document of a request, which may name it by a hash. Raises `BadRequestError`."""
        if request.hash is None:
            return request.query or ""
        if request.query is None:
            text = self.stored.text(request.hash)
            if text is None:
                raise PersistedQueryNotFoundError
            return text
        if request.hash != hash_of(request.query):
            raise BadRequestError(
                400, "PERSISTED_QUERY_MISMATCH", "sha256Hash must be the SHA-256 of query."
            )
        return request.query


async def respond(
    connection: HTTPConnection,
    send: Send,
    method: str,
    work: Callable[[], Awaitable[EncodedResponse]],
) -> None:
    """Send what `work` answers to a request, in the media type that its headers ask for.

    `method` is the one that is served. A refusal is answered as such, any other exception masked.
    """
    media_type = LEGACY_RESPONSE
    try:
        media_type = negotiate_media_type(connection.headers)
        answer = await work()
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
    await _send(send, media_type, answer, method)


def encoded_for(connection: HTTPConnection, answer: EncodedResponse) -> EncodedResponse:
    """The answer, compressed if the caller takes that and may be sent it, and it is worth it."""
    if len(answer.body) < MIN_BYTES or not compresses(connection.headers):
        return answer
    headers = (*answer.headers, ("content-encoding", "gzip"), ("vary", "accept-encoding"))
    return replace(answer, body=compress(answer.body), headers=headers)


def _try_again(code: str, message: str) -> EncodedResponse:
    return encode_refusal(503, code, message, retry_after="1")


async def _send(send: Send, media_type: str, answer: EncodedResponse, method: str) -> None:
    headers = [
        (b"cache-control", b"no-store"),
        *((name.encode(), value.encode()) for name, value in answer.headers),
    ]
    if answer.status != 304:  # which has no content (RFC 9110, section 15.4.5)
        headers += [
            (b"content-type", f"{media_type}; charset=utf-8".encode()),
            (b"content-length", str(len(answer.body)).encode()),
        ]
    if answer.status == 405:
        headers.append((b"allow", method.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
