"""The home page: what the service is or, signed in, Espace Pro; plain text for a program."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from graphql_api.agent_space.frame import FRAME, NEXT_STEPS, OPEN, OWN_ACCOUNT, frame_of, state_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.engine.workers import BusyError, UnavailableError
from graphql_api.page_kit.page_errors import NotSignedInError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.pages import SIGNED_OUT
from schema.typography import typeset

HOME = stored(__file__, "home", FRAME, OWN_ACCOUNT)
_VARIES = {"vary": "accept"}


@dataclass(frozen=True, slots=True)
class HomePage:
    """The page at `/`. `local_accounts`: people can create an account here.

    `graphiql`: the console for developers is served. `source_url` is where the running source is.
    """

    public_url: str
    source_url: str
    local_accounts: bool
    graphiql: bool

    async def answer(self, page: PageRequest) -> Response:
        """Answer with the page to a browser, with a few lines to any other client."""
        if not _is_browser(page.http):
            return PlainTextResponse(self.text(), headers=_VARIES)
        try:
            response = await self._espace_pro(page)
        except NotSignedInError:
            response = self._public_page(page, is_down=False)
        except (BusyError, UnavailableError):
            response = self._public_page(page, is_down=True)
        response.headers.update(_VARIES)
        return response

    def text(self) -> str:
        """What is here, and the running source (AGPL, section 13)."""
        lines = [
            "Livret individuel de formation : le service.",
            f"API GraphQL : {self.public_url}/graphql (POST)",
            f"Schéma : {self.public_url}/schema.graphql",
        ]
        if self.source_url:
            lines.append(f"Code source en service : {self.source_url}")
        return typeset("\n".join(lines) + "\n")

    async def _espace_pro(self, page: PageRequest) -> Response:
        data = await page.ask(HOME)
        guide = await guide_of(page)
        frame = frame_of(page, guide, data)
        state = state_of(data)
        return page.render(
            "espace_pro.html",
            frame=frame,
            screen=guide.screens["HOME"],
            intro=guide.screens["INTRODUCTION"],
            state=state,
            next_step=NEXT_STEPS.get(state, "/livret"),
            is_open=state == OPEN,
            is_officer=bool(data["officerOf"]),
            is_operator=data["isOperator"],
        )

    def _public_page(self, page: PageRequest, *, is_down: bool) -> Response:
        return page.render(
            "home.html",
            503 if is_down else 200,
            is_down=is_down,
            is_signed_out=page.query("state") == SIGNED_OUT,
            local_accounts=self.local_accounts,
            graphiql=self.graphiql,
            source_url=self.source_url,
        )


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
