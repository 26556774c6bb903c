"""Views: a function of a `PageRequest` that sends one stored document and answers with a page.

    DOCUMENT = stored(__file__, "journal")

    async def journal(page: PageRequest) -> Response:
        data = await page.ask(DOCUMENT, first=50)
        return page.render("journal.html", records=data["booklet"]["accessRecords"])

A form is answered by post, redirect, get: `page.go` after a success, `page.render` with the status
422 after a refusal. Who is signed in, the origin of forms, a service that is busy and every
exception are seen to here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.engine.http_request import is_same_origin
from graphql_api.page_kit.kept_form import FormKeeper, keep_form
from graphql_api.page_kit.page_errors import (
    NotSignedInError,
    OperationError,
    OtherSiteError,
    PageNotFoundError,
    SignInAgainError,
    page_of_error,
)
from graphql_api.page_kit.paging import SHOWN
from graphql_api.page_kit.refusals import UNREAD
from graphql_api.page_kit.stored_documents import DocumentRunner, StoredDocument
from graphql_api.web.forms.posted_form import PostedForm, read_posted_form
from graphql_api.web.rendering import Page, see_other
from schema.typography import typeset

T = TypeVar("T")
NOTICE = "fait"
_SIGNED_OUT = ("UNAUTHENTICATED", "INVALID_TOKEN")
_FORBIDDEN = "FORBIDDEN"
_SESSION_SECONDS = "x-session-seconds"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What pages know of the service: its public origin, where profiles are.

    `profile` and `registration` are addresses, empty where there is none. `print_forms` are the forms in
    which dossiers can be downloaded. `after_sign_out` are the origins to which a sign-out may
    lead: browsers apply the policy of a page to the redirects of its forms. `neighbours` are other
    services of the operator by their key in the guide's menu. `keeper` keeps the forms of people
    whose session had ended.
    """

    origin: str
    profile: str = ""
    registration: str = ""
    print_forms: tuple[str, ...] = ()
    after_sign_out: tuple[str, ...] = ()
    neighbours: Mapping[str, str] = field(default_factory=dict)
    keeper: FormKeeper | None = None


@dataclass(slots=True)
class PageRequest:
    """A request for a page: what was asked, the form that was sent, and what to answer with.

    `notices` are the sentences that a page may show after a redirect, by the name in its address.
    """

    http: Request
    runner: DocumentRunner
    site: SiteFacts
    template: Page
    notices: Mapping[str, str]
    form: PostedForm = field(default_factory=PostedForm)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_posted(self) -> bool:
        """Whether a form was sent."""
        return self.http.method == "POST"

    @property
    def path(self) -> str:
        """The path of the page."""
        return self.http.url.path

    @property
    def version(self) -> int:
        """The version that the form carries; 0 when it carries none."""
        text = self.form.text("version")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def idempotency_key(self) -> str | None:
        """The key that the form carries, so that its second sending does nothing."""
        return self.form.text("cle") or None

    def part_of_path(self, name: str) -> str:
        """A part of the path, by its name in the route."""
        return str(self.http.path_params[name])

    def query(self, name: str) -> str:
        """A parameter of the address; empty when it is not there."""
        return self.http.query_params.get(name, "")

    @property
    def notice(self) -> str:
        """The sentence that says what was just done; empty when there is none."""
        return typeset(self.notices.get(self.query(NOTICE), ""))

    async def ask(self, document: StoredDocument, **variables: Any) -> dict[str, Any]:
        """The data that a document answers, to whoever is signed in.

        Raises `NotSignedInError` when nobody is, `PageNotFoundError` when they may not know the
        page, `OperationError` for any other top-level error.
        """
        return await self._asked(document, variables)

    async def _asked(
        self, document: StoredDocument, variables: Mapping[str, Any], *, is_trial: bool = False
    ) -> dict[str, Any]:
        answer = await self.runner.run(document, variables, self.http, is_trial=is_trial)
        self.headers.update(answer.headers)
        if answer.code in _SIGNED_OUT:
            raise NotSignedInError
        if answer.code == _FORBIDDEN:
            raise PageNotFoundError
        if answer.errors:
            first = answer.errors[0]
            raise OperationError(
                answer.code, first["message"], first.get("extensions", {}).get("incident", "")
            )
        return answer.data

    async def public(self, document: StoredDocument, read: Callable[[dict[str, Any]], T]) -> T:
        """What was read of a document that is the same for everybody, asked once in a process.

        Never for a document that shows anything of a person.
        """
        kept = self.runner.kept
        if document.text not in kept:
            kept[document.text] = read(await self.ask(document))
        found: T = kept[document.text]
        return found

    async def do(
        self, document: StoredDocument, unread: Mapping[str, str] | None = None, /, **variables: Any
    ) -> dict[str, Any]:
        """What a mutation answers: its success, or the refusal that `refusal_of` tells apart.

        `unread` are the problems of fields that could not be read, and so are not in the variables.
        If there are any, nothing is written: the mutation is tried for the problems of the others.
        """
        if not unread:
            (only,) = (await self._asked(document, variables)).values()
            return dict(only)
        (only,) = (await self._asked(document, {**variables, "key": None}, is_trial=True)).values()
        return {**only, UNREAD: unread}

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page of a template."""
        targets = self.site.after_sign_out if values.get("frame") else ()
        seconds = self.headers.get(_SESSION_SECONDS, "")
        return self.template(
            template, status, targets, notice=self.notice, session_seconds=seconds, **values
        )

    def go(self, path: str, notice: str = "", element: str = "") -> Response:
        """Send the browser on by GET, where it is told what was done.

        Of a list it sees the page with the element of that id; without a notice, the element itself.
        """
        query = {NOTICE: notice, SHOWN: element}
        written = urlencode({name: value for name, value in query.items() if value})
        told = f"{path}?{written}" if written else path
        return see_other(f"{told}#element-{element}" if element and not notice else told)


View = Callable[[PageRequest], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class ViewRoutes:
    """Makes the routes of a space; `template` renders its pages."""

    runner: DocumentRunner
    site: SiteFacts
    template: Page
    notices: Mapping[str, str]

    def route(self, path: str, view: View, *, form: bool = False, upload: bool = False) -> Route:
        """The route of a view, which takes a POST if it has a form.

        The form of an `upload` has a file: the view reads it, and nobody keeps it.
        """

        async def endpoint(request: Request) -> Response:
            page = PageRequest(request, self.runner, self.site, self.template, self.notices)
            try:
                response = await self._answer(page, view, upload=upload)
            except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
                response = page_of_error(why, request, page.form)
            for name, value in page.headers.items():
                response.headers.append(name, value)
            return response

        return Route(path, endpoint, methods=["GET", "POST"] if form or upload else ["GET"])

    async def _answer(self, page: PageRequest, view: View, *, upload: bool) -> Response:
        if page.is_posted:
            if not is_same_origin(page.http.headers, self.site.origin):
                raise OtherSiteError
            if not upload:
                page.form = await read_posted_form(page.http)
        try:
            return await view(page)
        except NotSignedInError:
            if upload or not page.is_posted:
                raise
            return await keep_form(self.site.keeper, page.http, page.form)
        except SignInAgainError:
            return await keep_form(self.site.keeper, page.http, page.form, again=True)


def require(found: Any) -> Any:
    """What was found; `PageNotFoundError` when it is None."""
    if found is None:
        raise PageNotFoundError
    return found
