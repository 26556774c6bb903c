"""The pages of share links beside the dossier: the form, and the errors."""

from pathlib import Path

from starlette.responses import Response

from graphql_api.dossiers.printing import PrintFailedError
from graphql_api.engine.encoding import PublicError, log_incident
from graphql_api.engine.workers import BusyError, UnavailableError
from graphql_api.share_links.opening import PinAsked, PinProblem
from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.rendering import message_page, pages_from
from schema.damage import WITHHELD
from schema.typography import typeset

page = pages_from(Path(__file__).parent / "templates")
SCRIPT_PATH = "/s/share.js"
REFUSED = (
    "Ce lien n’ouvre pas de dossier\N{NARROW NO-BREAK SPACE}: l’adresse n’est pas la bonne, ou le"
    " lien n’est plus valable. Collez l’adresse entière, ou demandez un autre lien à la personne qui vous"
    " l’a envoyé."
)
NO_ADDRESS = typeset(
    "Collez l’adresse entière que vous avez reçue : elle se termine par une clé, après le signe « # »."
)
OTHER_LINK = typeset(
    "Cette adresse est celle d’un autre lien : ouvrez-la dans une nouvelle page de votre navigateur."
)
# Somebody types the code where the link is asked for.
PIN_FIRST = typeset(
    "C’est sans doute le code à six chiffres : il est demandé ensuite. Collez d’abord ici l’adresse"
    " entière que vous avez reçue."
)
_WRONG_PIN = "Ce code n’est pas le bon."
_NO_PIN = "Entrez les six chiffres du code."


def enter_page(
    secret: str = "", problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    """The form to open a link, the same for all; `secret` is what was sent before."""
    return page(
        "share_enter.html", status, secret=secret, problems=problems or {}, script=SCRIPT_PATH
    )


def pin_page(secret: str, asked: PinAsked) -> Response:
    """The form for the PIN, to somebody who has the secret; once none is left to try, why."""
    if asked.tries_left < 1:
        return message_page(
            "Lien bloqué",
            f"{_WRONG_PIN} Trop de codes erronés ont été entrés\N{NARROW NO-BREAK SPACE}: ce lien"
            " n’ouvre plus le dossier.",
            "Demandez un autre lien à la personne qui vous l’a envoyé.",
            status=403,
        )
    left = "un seul essai" if asked.tries_left == 1 else f"{asked.tries_left} essais"
    hint = f"Il vous reste {left}\N{NARROW NO-BREAK SPACE}; ensuite, le lien est bloqué."
    if asked.problem is None:
        return page("share_pin.html", secret=secret, hint=hint)
    if asked.problem is PinProblem.NO_PIN:
        return page("share_pin.html", 422, secret=secret, hint=hint, problems={"pin": _NO_PIN})
    problems = {"pin": f"{_WRONG_PIN} {hint}"}
    return page("share_pin.html", 403, secret=secret, hint="", problems=problems)


def not_open_page(id: str) -> Response:
    """The page for a link that does not exist, was not opened here, or serves no more: one answer."""
    return message_page(
        "Dossier non ouvert",
        "Ce dossier n’est pas ouvert dans ce navigateur, ou ne l’est plus.",
        "Ouvrez de nouveau le lien que vous avez reçu. S’il ne fonctionne plus, demandez-en un"
        " autre à la personne qui vous l’a envoyé.",
        status=403,
        links=((f"/s/{id}", "Ouvrir un dossier"),),
    )


def error_page(why: Exception, id: str) -> Response:
    """The page that says why there is no answer; an unexpected exception is masked."""
    link = (f"/s/{id}", "Ouvrir un dossier")
    match why:
        case MalformedRequestError():
            text = "Ce formulaire n’a pas pu être lu."
            return message_page("Demande illisible", text, status=400, links=(link,))
        case BusyError() | UnavailableError():
            text = "Le service est très demandé ou momentanément indisponible. Réessayez dans un instant."
            response = message_page("Service indisponible", text, status=503)
            response.headers["retry-after"] = str(why.seconds if isinstance(why, BusyError) else 5)
            return response
        case PublicError(code="DAMAGED") | PrintFailedError(code="DAMAGED"):
            help_ = "Prévenez la personne qui vous a envoyé ce lien : elle peut y remédier, depuis son livret."
            return message_page("Dossier non disponible", WITHHELD, help_, status=503)
        case PrintFailedError():
            text = "La mise en page du dossier n’a pas abouti. Réessayez dans un instant."
            return message_page("Dossier non disponible", text, status=502)
        case _:
            text, code = "Une erreur est survenue de notre côté.", log_incident(why)
            return message_page("Erreur interne", text, status=500, code=code)
