"""The page that ends reminders, at the address in their letters, for whoever has the letter.

GET shows a button and changes nothing, since programs that look into mails follow links. POST ends
the reminders, from the button as from a mail program (RFC 8058), which sends neither cookie nor
Origin: the token is all that it proves, and all that it can do is to end them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.engine.encoding import log_incident
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.operations.service import Service
from graphql_api.reminders import reminders
from graphql_api.reminders.letter import STOP_PATH
from graphql_api.storage.operation import to_microseconds
from graphql_api.web.rendering import message_page, page

_HOME = (("/", "Accueil"),)
MAX_TOKEN = 100  # characters; tokens are shorter


@dataclass(frozen=True, slots=True)
class ReminderRoutes:
    """GET and POST of the page."""

    service: Service
    workers: WorkerPool

    def routes(self) -> list[Route]:
        """Both routes."""
        return [
            Route(STOP_PATH, self.show, methods=["GET"]),
            Route(STOP_PATH, self.stop, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page with the button, the same whatever the token."""
        return page(
            "confirm.html",
            title="Arrêter les rappels",
            text="Pour ne plus recevoir de courriel lorsqu’une échéance approche, cliquez sur le"
            " bouton. Vous pourrez redemander des rappels à tout moment, depuis votre espace.",
            action=f"{STOP_PATH}?key={_token(request)}",
            hidden={},
            button="Arrêter les rappels",
        )

    async def stop(self, request: Request) -> Response:
        """End the reminders of the token."""
        try:
            ended = await self.workers.run(self._end(_token(request)))
        except (BusyError, UnavailableError):
            text = "Le service est momentanément indisponible. Réessayez dans un instant."
            response = message_page("Service indisponible", text, status=503)
            response.headers["retry-after"] = "5"
            return response
        except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
            text = "Une erreur est survenue de notre côté."
            return message_page("Erreur interne", text, status=500, code=log_incident(fault))
        if not ended:
            return message_page(
                "Ce lien n’est plus valable",
                "Les rappels ont déjà été arrêtés, ou l’adresse que vous avez ouverte n’est pas"
                " entière. Vérifiez-la, ou connectez-vous pour voir si vous recevez des rappels.",
                status=404,
                links=_HOME,
            )
        return message_page(
            "Rappels arrêtés",
            "Vous ne recevrez plus de courriel lorsqu’une échéance approche.",
            links=_HOME,
        )

    def _end(self, token: str) -> Callable[[], bool]:
        now = to_microseconds(self.service.clock())
        return partial(reminders.end_by_token, self.service.store, token, now)


def _token(request: Request) -> str:
    """The token in the address; empty for what can be none."""
    token = request.query_params.get("key", "")
    return token if len(token) <= MAX_TOKEN and token.isascii() and token.isprintable() else ""
