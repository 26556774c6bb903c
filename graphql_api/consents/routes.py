"""The receipt of a consent as a file, for the owner of the booklet."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.callers.permissions import Permission, check_permission
from graphql_api.callers.request_context import RequestContext
from graphql_api.consents.receipts import receipt
from graphql_api.engine.http_request import check_csrf_of_link
from graphql_api.engine.workers import WorkerPool
from graphql_api.operations.file_endpoint import JSON_FILES, NEVER_CACHED, answer_file
from graphql_api.operations.service import Service
from graphql_api.storage.content.booklet_rows import row_of_caller


@dataclass(frozen=True, slots=True)
class ConsentRoutes:
    """GET of /consents/{id}.jws. `issuer` is who signs: the public address of the service."""

    service: Service
    workers: WorkerPool
    issuer: str

    def routes(self) -> list[Route]:
        """The route."""
        return [Route("/consents/{id:uuid}.jws", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        """Answer with the receipt of one of the caller's consents; 404 for any other id."""
        return await answer_file(
            self.service, self.workers, check_csrf_of_link, self._download, request
        )

    async def _download(self, context: RequestContext, request: Request) -> Response:
        id = str(request.path_params["id"])
        signed = await self.workers.run(partial(self._signed, context, id))
        if signed is None:
            return JSON_FILES.refuse(404, "NOT_FOUND", "Consentement introuvable.")
        headers = NEVER_CACHED | {
            "content-disposition": f'attachment; filename="consentement-{id}.jws"'
        }
        return Response(signed, media_type="application/jose", headers=headers)

    def _signed(self, context: RequestContext, id: str) -> str | None:
        with context.reading():
            check_permission(context.op.actor, Permission.READ_OWN_BOOKLET)
            row = row_of_caller(context.op)
            signed = receipt(context.op, row, id, self.issuer) if row else None
        self.service.finish(context)
        return signed
