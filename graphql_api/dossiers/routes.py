"""Downloads of dossiers: the owner asks, the print workshop builds, the file is sent and gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.callers import access_log
from graphql_api.callers.credentials import InvalidToken
from graphql_api.callers.permissions import Act, check_may
from graphql_api.callers.request_context import Call
from graphql_api.dossiers.printing import PrintFailedError, PrintQueue
from graphql_api.engine.encoding import PublicError, encode_fault
from graphql_api.engine.http_request import BadRequest, check_may_follow
from graphql_api.engine.workers import Busy, Unavailable, Workers
from graphql_api.operations.service import Service
from graphql_api.storage.booklet_repository import load, row_of_caller
from graphql_api.storage.operation import Operation
from schema.sharing.access_record import Accessed, AccessOutcome

_TYPES = {"html": "text/html", "zip": "application/zip", "pdf": "application/pdf"}
_NEVER_KEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Downloads:
    """The download routes. Printing has threads of its own: it waits for GraphQL's.

    `print_queues` are by form; a form without one is not printed here.
    """

    service: Service
    workers: Workers
    print_queues: Mapping[str, PrintQueue]

    def routes(self) -> list[Route]:
        """One route a form."""
        at = "/dossiers/{id:uuid}"
        return [
            Route(f"{at}.{form}", partial(self._file, form), methods=["GET"]) for form in _TYPES
        ]

    async def _file(self, form: str, request: Request) -> Response:
        """The dossier in a form: 404 for whatever is not the caller's."""
        try:
            check_may_follow(request.headers)
            call = await self.workers.run(lambda: self.service.call(request))
        except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
            return _refusal(why)
        try:
            response = await self._printed(call, str(request.path_params["id"]), form)
        except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
            response = _refusal(why)
        response.headers.update(call.headers)
        return response

    async def _printed(self, call: Call, dossier: str, form: str) -> Response:
        booklet = await self.workers.run(lambda: self._booklet_with(call, dossier))
        if booklet is None:
            return _not_found()
        queue = self.print_queues.get(form)
        if queue is None:
            return _refused(501, "NO_PDF", "Ce service n’imprime pas dans ce format.")
        make_token = partial(self.service.credentials.print_token, booklet, dossier)
        body = await queue.print_dossier(make_token, dossier, form)
        headers = _NEVER_KEPT | {"content-disposition": f'attachment; filename="livret.{form}"'}
        return Response(body, media_type=_TYPES[form], headers=headers)

    def _booklet_with(self, call: Call, dossier: str) -> str | None:
        """The caller's own booklet, if the dossier is one of its; a refusal is noted for its owner."""
        try:
            with call.reading():
                return _own_with(call.op, dossier)
        finally:
            self.service.settle(call)


def _own_with(op: Operation, dossier: str) -> str | None:
    try:
        check_may(op.actor, Act.READ_DOSSIER)
    except PublicError:
        access_log.record(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        raise
    row = row_of_caller(op)
    loaded = load(op, row) if row else None
    if loaded is None or all(one.id != dossier for one in loaded.dossiers):
        access_log.record(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        return None
    return loaded.id


def _refusal(why: Exception) -> Response:
    match why:
        case BadRequest():
            return _refused(why.status, why.code, why.message)
        case InvalidToken():
            refused = {"www-authenticate": 'Bearer error="invalid_token"'}
            return _refused(401, "INVALID_TOKEN", "Ce jeton d’accès n’est pas accepté.", refused)
        case PublicError(code="UNAUTHENTICATED"):
            return _refused(401, why.code, why.message, {"www-authenticate": "Bearer"})
        case PublicError():
            return _refused(403, why.code, why.message)
        case PrintFailedError(code="NOT_FOUND"):  # gone meanwhile, or the booklet is not open yet
            return _not_found()
        case PrintFailedError():
            return _refused(502, why.code, why.message)
        case Busy():
            busy = "L’impression est très demandée : réessayez dans un instant."
            return _refused(503, "BUSY", busy, {"retry-after": str(why.seconds)})
        case Unavailable():
            down = "Le service est momentanément indisponible : réessayez dans un instant."
            return _refused(503, "UNAVAILABLE", down, {"retry-after": "5"})
        case _:
            masked = encode_fault(why)
            return Response(masked.body, masked.status, _NEVER_KEPT, "application/json")


def _not_found() -> Response:
    return _refused(404, "NOT_FOUND", "Dossier introuvable.")


def _refused(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    return JSONResponse({"errors": [error]}, status, headers=_NEVER_KEPT | (headers or {}))
