"""The pages of share links, under `/s/`: the form, the dossier, its downloads.

The form is the same page for every link, and a GET uses nothing up. The secret stands in the
fragment of the address, which browsers do not send; a script of ours puts it into the form, and
without scripts it is pasted there. No later page has it in its address. A PIN is asked for on a
page of its own, of those only who have the secret. Nothing is sent by itself, so that programs that
look into mails do not use up a view. The dossier is what the print workshop makes of it now,
under the policy that it carries.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.dossiers import dossiers
from graphql_api.dossiers.page_policy import policy_of
from graphql_api.dossiers.printing import PrintFailedError, PrintQueue
from graphql_api.engine.http_request import is_same_origin
from graphql_api.engine.workers import WorkerPool
from graphql_api.operations.file_names import attachment, dossier_file_name
from graphql_api.operations.service import Service
from graphql_api.share_links import opening
from graphql_api.share_links.opening import (
    PIN,
    SESSION,
    SESSION_MINUTES,
    PinAsked,
    ReadableDossier,
)
from graphql_api.share_links.pages import (
    NO_ADDRESS,
    OTHER_LINK,
    PIN_FIRST,
    REFUSED,
    SCRIPT_PATH,
    enter_page,
    error_page,
    not_open_page,
    page,
    pin_page,
)
from graphql_api.storage.actors import Anonymous, PrintJob
from graphql_api.storage.content.dossier_names import DossierNames
from graphql_api.web.forms.form_request import read_form
from graphql_api.web.http.cookies import HostCookie
from graphql_api.web.rendering import message_page
from schema.entries.identity import full_name

_SCRIPT = (Path(__file__).parent / "templates" / "share.js").read_text(encoding="utf-8")
_PRIVATE = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
_TYPES = {"html": "text/html; charset=utf-8", "zip": "application/zip", "pdf": "application/pdf"}
_LABELS = {
    "html": "Page à ouvrir dans un navigateur (HTML)",
    "zip": "Dossier de fichiers (ZIP)",
    "pdf": "Document à imprimer (PDF)",
}
_ADDRESS = re.compile(r"/s/([0-9a-f-]{36})#", re.IGNORECASE)
Answer = Callable[[Request, str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class ShareLinkRoutes:
    """The routes; `print_queues` are by form, `origin` is the public one."""

    service: Service
    workers: WorkerPool
    print_queues: Mapping[str, PrintQueue]
    origin: str

    def routes(self) -> list[Route]:
        """All routes."""
        at = "/s/{id:uuid}"
        return [
            Route(SCRIPT_PATH, _script, methods=["GET"]),
            Route(at, self._page_route(self.form), methods=["GET"]),
            Route(at, self._page_route(self.open), methods=["POST"]),
            Route(f"{at}/opened", self._page_route(self.opened), methods=["GET"]),
            Route(f"{at}/dossier", self._page_route(self.dossier), methods=["GET"]),
            *(
                Route(
                    f"{at}/livret.{form}",
                    self._page_route(partial(self.file, form)),
                    methods=["GET"],
                )
                for form in self.forms
            ),
        ]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms in which a dossier can be downloaded."""
        return tuple(self.print_queues)

    async def form(self, _request: Request, _id: str) -> Response:
        """The form, which is the same for every link, and for none."""
        return enter_page()

    async def open(self, request: Request, id: str) -> Response:
        """Open the link by the secret and the PIN that were sent."""
        if not is_same_origin(request.headers, self.origin):
            text = "Pour ouvrir un dossier, utilisez le bouton de cette page."
            link = (f"/s/{id}", "Ouvrir un dossier")
            return message_page("Demande refusée", text, status=403, links=(link,))
        asked = await read_form(request)
        pasted = asked.line("secret")
        secret = pasted.rpartition("#")[2]
        pin = "".join(asked.text("pin").split()) if "pin" in asked.fields else None
        address = _ADDRESS.search(pasted)
        # Told by what was sent alone, so that nobody learns anything of any link.
        if address is not None and address[1].lower() != id:
            return enter_page(pasted, {"secret": OTHER_LINK}, status=422)
        if secret == "":
            return enter_page("", {"secret": NO_ADDRESS}, status=422)
        if PIN.fullmatch("".join(secret.split())):
            return enter_page(secret, {"secret": PIN_FIRST}, status=422)
        begun = await self.workers.run(partial(self._open, id, secret, pin))
        if begun is None:
            return enter_page(secret, {"secret": REFUSED}, status=403)
        if isinstance(begun, PinAsked):
            return pin_page(secret, begun)
        # A browser without script keeps the fragment of the link over a redirect that has none.
        response = Response(status_code=303, headers={"location": f"/s/{id}/opened#content"})
        self._cookie(id).set(response, begun)
        return response

    async def opened(self, request: Request, id: str) -> Response:
        """The holder and the title of the dossier, with links to read and to download it."""
        found = await self.workers.run(
            partial(self._holder_and_title, id, self._session(request, id))
        )
        if found is None:
            return not_open_page(id)
        holder, title = found
        forms = [(form, _LABELS[form]) for form in self.forms]
        return page(
            "share_opened.html",
            id=id,
            holder=holder,
            dossier=title,
            forms=forms,
            minutes=SESSION_MINUTES,
        )

    async def dossier(self, request: Request, id: str) -> Response:
        """The dossier as a page of its own, under the policy that it carries."""
        read = await self._read(id, self._session(request, id), "html")
        if read is None:
            return not_open_page(id)
        body, _ = read
        return Response(
            body, media_type=_TYPES["html"], headers={"content-security-policy": policy_of(body)}
        )

    async def file(self, form: str, request: Request, id: str) -> Response:
        """The dossier as a file."""
        read = await self._read(id, self._session(request, id), form)
        if read is None:
            return not_open_page(id)
        body, names = read
        name = dossier_file_name(names.purpose, names.title, form)
        headers = {"content-disposition": attachment(name)}
        return Response(body, media_type=_TYPES[form], headers=headers)

    async def _read(
        self, id: str, secret: str | None, form: str
    ) -> tuple[bytes, DossierNames] | None:
        """The dossier, printed now, and its names; None when the link did not serve before or after."""
        reading = await self.workers.run(partial(self._readable_dossier, id, secret))
        if reading is None:
            return None
        try:
            make_token = partial(
                self.service.credentials.print_token, reading.booklet, reading.dossier
            )
            body = await self.print_queues[form].print_dossier(make_token, reading.dossier, form)
        except PrintFailedError as failure:
            if failure.code != "NOT_FOUND":  # gone meanwhile
                raise
            return None
        names = await self.workers.run(partial(self._record, id, secret))
        return None if names is None else (body, names)

    def _open(self, id: str, secret: str, pin: str | None) -> str | PinAsked | None:
        with self.service.store.writing():
            op = self.service.operation(Anonymous())
            return opening.open_link(op, id, secret, pin)

    def _readable_dossier(self, id: str, secret: str | None) -> ReadableDossier | None:
        with self.service.store.reading():
            op = self.service.operation(Anonymous())
            reading = opening.readable_dossier(op, id, secret)
        if reading is None:
            self._record(id, secret)
        return reading

    def _record(self, id: str, secret: str | None) -> DossierNames | None:
        with self.service.store.writing():
            op = self.service.operation(Anonymous())
            return opening.record_reading(op, id, secret)

    def _holder_and_title(self, id: str, secret: str | None) -> tuple[str, str] | None:
        """The holder's name and the title, read with the rights of a print job for this dossier."""
        reading = self._readable_dossier(id, secret)
        if reading is None:
            return None
        op = self.service.operation(PrintJob(reading.booklet, reading.dossier))
        try:
            with self.service.store.reading():
                found = dossiers.get(op, reading.dossier)
            if found is None:
                return None
            return full_name(found.holder.first_name, found.holder.last_name), found.title
        finally:
            op.forget_content()

    def _session(self, request: Request, id: str) -> str | None:
        return self._cookie(id).read(request)

    def _cookie(self, id: str) -> HostCookie:
        """The cookie of one link, so that several dossiers can be read side by side."""
        secure, seconds = self.service.cookie.secure, int(SESSION.total_seconds())
        return HostCookie(f"livret-share-{id}", secure, seconds, same_site="strict")

    def _page_route(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that answers with a page even to an exception, with the headers of all pages."""

        async def endpoint(request: Request) -> Response:
            id = str(request.path_params["id"])
            try:
                response = await answer(request, id)
            except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
                response = error_page(why, id)
            for name, value in _PRIVATE.items():
                response.headers.setdefault(name, value)  # the form has its own referrer policy
            return response

        return endpoint


async def _script(_request: Request) -> Response:
    return Response(_SCRIPT, media_type="text/javascript", headers=_PRIVATE)
