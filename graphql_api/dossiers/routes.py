"""Dossiers as their owner downloads or previews them: printed when asked for, sent, and not stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.callers import access_log
from graphql_api.callers.permissions import Permission, check_permission
from graphql_api.callers.request_context import RequestContext
from graphql_api.dossiers.dossiers import check_readable
from graphql_api.dossiers.held_prints import HeldPrints
from graphql_api.dossiers.page_policy import IN_OUR_PAGES, NOWHERE, policy_of
from graphql_api.dossiers.printing import PrintFailedError, PrintQueue
from graphql_api.engine.encoding import PublicError
from graphql_api.engine.http_request import check_csrf_of_link
from graphql_api.engine.workers import BusyError, WorkerPool
from graphql_api.operations.file_endpoint import NEVER_CACHED, FileRefusals, answer_file
from graphql_api.operations.file_names import attachment, dossier_file_name
from graphql_api.operations.service import Service
from graphql_api.storage.content.booklet_repository import load
from graphql_api.storage.content.booklet_rows import row_of_caller
from graphql_api.storage.operation import Operation
from graphql_api.web.rendering import pages_from, see_other
from schema.sharing.access_record import Accessed, AccessOutcome

page = pages_from(Path(__file__).parent / "templates")
REFRESH_SECONDS = 3
_TYPES = {"html": "text/html", "zip": "application/zip", "pdf": "application/pdf"}
_REFUSALS = FileRefusals(
    busy="L’impression est très demandée : réessayez dans un instant.",
    retry_seconds=lambda why: why.seconds if isinstance(why, BusyError) else 5,
    is_indented=False,
)


@dataclass(frozen=True, slots=True)
class OwnDossier:
    """A dossier of the caller: its booklet at a version, the French label of its purpose, its title."""

    booklet: str
    version: int
    purpose: str
    title: str


@dataclass(frozen=True, slots=True)
class DossierRoutes:
    """GET of /dossiers/{id}.{form}, of /dossiers/{id}/apercu, which pages of ours frame, and of
    /dossiers/{id}/preparation.{form}, where people wait for a print that takes long.

    Printing has its own threads, which wait for those of GraphQL. `print_queues` are by form.
    """

    service: Service
    workers: WorkerPool
    print_queues: Mapping[str, PrintQueue]
    held: HeldPrints = field(default_factory=HeldPrints)

    def routes(self) -> list[Route]:
        """A route for each form."""
        at = "/dossiers/{id:uuid}"
        return [
            Route(f"{at}/apercu", self._preview, methods=["GET"]),
            *(
                Route(f"{at}/preparation.{form}", partial(self._waiting, form), methods=["GET"])
                for form in _TYPES
            ),
            *(Route(f"{at}.{form}", partial(self._file, form), methods=["GET"]) for form in _TYPES),
        ]

    async def _preview(self, request: Request) -> Response:
        """Answer with the dossier as a page for a frame of ours; so does a refusal."""
        response = await self._file("html", request)
        if response.status_code == 200:
            del response.headers["content-disposition"]
            policy = policy_of(bytes(response.body), IN_OUR_PAGES)
        else:
            policy = str(response.headers.get("content-security-policy", ""))
            policy = policy.replace(f"frame-ancestors {NOWHERE}", f"frame-ancestors {IN_OUR_PAGES}")
        if policy:
            response.headers["content-security-policy"] = policy
        return response

    async def _waiting(self, form: str, request: Request) -> Response:
        """Answer with a page that says whether the print is ready; it asks again by itself."""
        answer = partial(self._wait, form)
        return await answer_file(
            self.service, self.workers, check_csrf_of_link, answer, request, _REFUSALS
        )

    async def _wait(self, form: str, context: RequestContext, request: Request) -> Response:
        dossier = str(request.path_params["id"])
        found = await self.workers.run(lambda: self._booklet_with(context, dossier))
        if found is None:
            return _not_found()
        queue = self.print_queues[form]
        key = (found.booklet, found.version, dossier, form)
        is_new = key not in self.held.prints
        try:
            held = await self.held.wait(
                key, partial(self._printed, queue, found.booklet, dossier, form)
            )
        except PrintFailedError as failure:
            return _failed(failure)
        file = f"/dossiers/{dossier}.{form}"
        if is_new and held.is_done:  # quick enough to need no page
            return see_other(file)
        is_still = "fixe" in request.query_params
        response = page(
            "print_waiting.html",
            is_ready=held.is_done,
            is_still=is_still,
            seconds=held.seconds,
            here=request.url.path,
            file=file,
            dossier=f"/livret/dossiers/{dossier}",
        )
        if not held.is_done and not is_still:
            response.headers["refresh"] = str(REFRESH_SECONDS)
        return response

    async def _printed(self, queue: PrintQueue, booklet: str, dossier: str, form: str) -> bytes:
        make_token = partial(self.service.credentials.print_token, booklet, dossier, for_owner=True)
        return await queue.print_dossier(make_token, dossier, form)

    async def _file(self, form: str, request: Request) -> Response:
        """Answer with the dossier in a form; 404 when it is not the caller's."""
        answer = partial(self._print, form)
        return await answer_file(
            self.service, self.workers, check_csrf_of_link, answer, request, _REFUSALS
        )

    async def _print(self, form: str, context: RequestContext, request: Request) -> Response:
        dossier = str(request.path_params["id"])
        found = await self.workers.run(lambda: self._booklet_with(context, dossier))
        if found is None:
            return _not_found()
        booklet, name = found.booklet, dossier_file_name(found.purpose, found.title, form)
        queue = self.print_queues[form]
        body = self.held.take((booklet, found.version, dossier, form))
        if body is None:
            try:
                body = await self._printed(queue, booklet, dossier, form)
            except PrintFailedError as failure:
                return _failed(failure)
        headers = NEVER_CACHED | {"content-disposition": attachment(name)}
        return Response(body, media_type=_TYPES[form], headers=headers)

    def _booklet_with(self, context: RequestContext, dossier: str) -> OwnDossier | None:
        """The caller's dossier of that id, if there is one; a refusal is logged for the owner."""
        try:
            with context.reading():
                return _own_booklet_with(context.op, dossier)
        finally:
            self.service.finish(context)


def _own_booklet_with(op: Operation, dossier: str) -> OwnDossier | None:
    try:
        check_permission(op.actor, Permission.READ_DOSSIER)
    except PublicError:
        access_log.record(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        raise
    row = row_of_caller(op)
    loaded = load(op, row) if row else None
    if loaded is not None:
        check_readable(op, loaded, dossier)
    own = next((one for one in loaded.dossiers if one.id == dossier), None) if loaded else None
    if loaded is None or own is None:
        access_log.record(op, Accessed.DOSSIER, dossier, AccessOutcome.REFUSED)
        return None
    return OwnDossier(loaded.id, loaded.row.version, own.purpose.label, own.title)


def _failed(failure: PrintFailedError) -> Response:
    if failure.code == "NOT_FOUND":  # gone meanwhile, or the booklet is not open yet
        return _not_found()
    return _REFUSALS.refuse(502, failure.code, failure.message)


def _not_found() -> Response:
    return _REFUSALS.refuse(404, "NOT_FOUND", "Dossier introuvable.")
