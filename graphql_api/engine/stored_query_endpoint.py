"""Reading a stored query by its address, `GET /q/{hash}`: 304 when its answer has not changed.

Only queries without variables that read nothing but the caller's own booklet have an address. No
answer is kept here: whoever calls keeps the copy that they were sent, with its ETag.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from graphql_api.engine.encoding import EncodedResponse
from graphql_api.engine.endpoint import encoded_for, respond
from graphql_api.engine.http_request import BadRequestError, check_csrf
from graphql_api.engine.stored_queries import StoredQueryError
from graphql_api.engine.workers import WorkerPool

ExecuteIfChanged = Callable[[PreparedOperation, str, HTTPConnection], EncodedResponse]


@dataclass(frozen=True, slots=True)
class StoredQueryEndpoint:
    """The ASGI application of `/q/{hash}`.

    `queries` are those that have an address, by their hash. `execute` runs one for the caller of a
    request, or answers 304; see `GraphQLEndpoint` for what it may raise.
    """

    queries: Mapping[str, PreparedOperation]
    workers: WorkerPool
    execute: ExecuteIfChanged
    origin: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        del receive  # a GET has no body
        connection = HTTPConnection(scope)
        await respond(connection, send, "GET", partial(self._answer, connection))

    async def _answer(self, connection: HTTPConnection) -> EncodedResponse:
        if connection.scope["method"] != "GET":
            raise BadRequestError(405, "METHOD_NOT_ALLOWED", "Stored queries are read by GET.")
        check_csrf(connection.headers, self.origin)
        hash = connection.path_params["hash"]
        prepared = self.queries.get(hash)
        if prepared is None:
            message = "No stored query of this hash can be read by GET."
            raise BadRequestError(404, "PERSISTED_QUERY_NOT_FOUND", message)
        answer = await self.workers.run(partial(self.execute, prepared, hash, connection))
        return encoded_for(connection, answer)


def queries_with_address(
    documents: DocumentCache,
    registered: Mapping[str, str],
    is_content: Callable[[PreparedOperation], bool],
) -> dict[str, PreparedOperation]:
    """Prepare the registered documents; those that have an address, by their hash.

    Raises `StoredQueryError` for a document that the service would refuse.
    """
    found = {}
    for hash, text in registered.items():
        prepared = documents.prepare(text)
        if not isinstance(prepared, RejectedDocument):
            if is_content(prepared):
                found[hash] = prepared
        elif prepared.errors[0].extensions != {"code": "OPERATION_NOT_FOUND"}:  # it has several
            raise StoredQueryError(f"requête {hash} : {prepared.errors[0].message}")
    return found
