"""The few pages that the token issuer itself shows: plain French, without script or third party."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse

from graphql_api.web.rendering import message, origin_of, page


def refused(code: str, status: int = 400) -> HTMLResponse:
    """The site that sent the browser here asked wrongly, and cannot safely be told."""
    text = "Le site d’où vous venez a mal formulé sa demande. Revenez-y et recommencez."
    return message("Demande refusée", text, status=status, code=code)


def unavailable() -> HTMLResponse:
    """Something here does not answer."""
    text = "Le service est momentanément indisponible. Réessayez dans un instant."
    return message("Service indisponible", text, status=503)


def failed(incident: str) -> HTMLResponse:
    """A fault of ours."""
    return message(
        "Erreur interne", "Une erreur est survenue de notre côté.", status=500, code=incident
    )


def confirm_leaving(action: str, parameters: Mapping[str, str]) -> HTMLResponse:
    """Ask whether to sign out: the link that led here does not prove it."""
    origin = origin_of(parameters.get("post_logout_redirect_uri", ""))
    return page(
        "confirm.html",
        form_targets=(origin,) if origin else (),
        title="Se déconnecter",
        text="Voulez-vous vous déconnecter ?",
        action=action,
        hidden={**parameters, "confirm": "1"},
        button="Se déconnecter",
    )


def left() -> HTMLResponse:
    """The browser is signed out."""
    return message("Déconnexion", "Vous êtes déconnecté. Vous pouvez fermer cette page.")
