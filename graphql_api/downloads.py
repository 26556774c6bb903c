"""Downloads of dossiers: the owner asks, the print workshop builds, the file is sent and gone."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api import journal
from graphql_api.access import Act, check_may
from graphql_api.actors import Actor
from graphql_api.booklets import own_head
from graphql_api.credentials import InvalidToken
from graphql_api.encoding import PublicError, encode_fault
from graphql_api.operation import Operation
from graphql_api.printing import PrintFailed, PrintOrder, PrintWorkshop
from graphql_api.root import Service
from graphql_api.shelf import take
from graphql_api.workers import Busy, Unavailable, Workers
from schema.access_record import Accessed, AccessOutcome

_NEVER_KEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Downloads:
    """The download routes. Printing has threads of its own: it waits for GraphQL's."""

    service: Service
    workers: Workers
    printers: Workers
    workshop: PrintWorkshop

    async def zip(self, request: Request) -> Response:
        """The dossier as a zip of its folder: 404 for whatever is not the caller's."""
        dossier = str(request.path_params["id"])
        try:
            actor = self.service.credentials.actor(request.headers.get("authorization"))
            booklet = await self.workers.run(lambda: self._booklet_with(actor, dossier))
            if booklet is None:
                return _not_found()
            body = await self.printers.run(lambda: self._built(booklet, dossier))
        except InvalidToken:
            refused = {"www-authenticate": 'Bearer error="invalid_token"'}
            return _refused(401, "INVALID_TOKEN", "Ce jeton d’accès n’est pas accepté.", refused)
        except PublicError as error:
            if error.code == "UNAUTHENTICATED":
                return _refused(401, error.code, error.message, {"www-authenticate": "Bearer"})
            return _refused(403, error.code, error.message)
        except PrintFailed as failure:
            if failure.code == "NOT_FOUND":  # gone meanwhile, or the booklet is not open yet
                return _not_found()
            return _refused(502, failure.code, failure.message)
        except Busy:
            busy = "L’impression est très demandée : réessayez dans un instant."
            return _refused(503, "BUSY", busy, {"retry-after": "5"})
        except Unavailable:
            down = "Le service est momentanément indisponible : réessayez dans un instant."
            return _refused(503, "UNAVAILABLE", down, {"retry-after": "5"})
        except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
            masked = encode_fault(fault)
            return Response(masked.body, masked.status, _NEVER_KEPT, "application/json")
        headers = _NEVER_KEPT | {"content-disposition": 'attachment; filename="livret.zip"'}
        return Response(body, media_type="application/zip", headers=headers)

    def _booklet_with(self, actor: Actor, dossier: str) -> str | None:
        """The caller's own booklet, if the dossier is one of its; a refusal is noted for its owner."""
        op = self.service.operation(actor)
        try:
            with self.service.store.reading():
                return _own_with(op, dossier)
        finally:
            self.service.write_journal(op)

    def _built(self, booklet: str, dossier: str) -> bytes:
        token = self.service.credentials.print_token(booklet, dossier)  # it is short: mint it now
        with tempfile.TemporaryDirectory(prefix="livret-print-") as folder:
            path = Path(folder) / "livret.zip"
            self.workshop.build(PrintOrder(dossier, token, "zip", path))
            return path.read_bytes()


def _own_with(op: Operation, dossier: str) -> str | None:
    try:
        check_may(op.actor, Act.READ_DOSSIER)
    except PublicError:
        journal.note(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        raise
    head = own_head(op)
    held = take(op, head) if head else None
    if held is None or all(one.id != dossier for one in held.dossiers):
        journal.note(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        return None
    return held.id


def _not_found() -> Response:
    return _refused(404, "NOT_FOUND", "Dossier introuvable.")


def _refused(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    return JSONResponse({"errors": [error]}, status, headers=_NEVER_KEPT | (headers or {}))
