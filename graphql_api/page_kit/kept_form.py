"""A form whose session had ended when it was sent, given back after the sign-in.

What is kept, for whom and how long is not for pages to know: `FormKeeper` is what the service
gives them.
"""

from collections.abc import Mapping
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.page_kit.page_errors import page_of_error, resend_page, session_ended_page
from graphql_api.web.forms.posted_form import PostedForm
from graphql_api.web.rendering import see_other

RESUME_PATH = "/reprise"
KEPT_FILE = "fichier-garde"  # the field of a file that was tried, see `kept_file`


class FormKeeper(Protocol):
    """Keeps the forms of people whose session had ended."""

    async def keep(self, request: Request, form: PostedForm) -> Mapping[str, str] | None:
        """Keep a form; the headers for the browser, or None when it is not known whose it is."""

    async def find(self, request: Request) -> tuple[str, Mapping[str, list[str]]] | None:
        """The path and the fields of the form that whoever is signed in had sent.

        Raises `NotSignedInError`.
        """


async def keep_form(
    keeper: FormKeeper | None, request: Request, form: PostedForm, *, again: bool = False
) -> Response:
    """Keep a form and lead to the sign-in, after which it is given back; or say how to send it again.

    `again` asks for a sign-in that happens now.
    """
    headers = await keeper.keep(request, form) if keeper else None
    if headers is None:
        return session_ended_page()
    response = see_other(f"/sign-in?{'again=1&' if again else ''}next={RESUME_PATH}")
    response.headers.update(headers)
    return response


def resume_route(keeper: FormKeeper) -> Route:
    """The route of the page that shows the form that was kept, with one button that sends it again."""

    async def endpoint(request: Request) -> Response:
        try:
            found = await keeper.find(request)
        except Exception as why:  # noqa: BLE001 - each is answered, and what is unexpected masked
            return page_of_error(why, request, PostedForm())
        if found is None:
            return see_other("/")
        path, fields = found
        if KEPT_FILE in fields:
            return see_other(path)
        return resend_page("resume.html", path, fields)

    return Route(RESUME_PATH, endpoint, methods=["GET"])
