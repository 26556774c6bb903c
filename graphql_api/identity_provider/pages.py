"""The few pages that the token issuer itself shows: plain French, without script or third party."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse

from graphql_api.web.rendering import message_page, origin_of, page


def refused_page(code: str, status: int = 400) -> HTMLResponse:
    """The site that sent the browser here asked wrongly, and cannot safely be told."""
    text = "Le site d’où vous venez a mal formulé sa demande. Revenez-y et recommencez."
    return message_page("Demande refusée", text, status=status, code=code)


def unavailable_page() -> HTMLResponse:
    """Something here does not answer."""
    text = "Le service est momentanément indisponible. Réessayez dans un instant."
    return message_page("Service indisponible", text, status=503)


def error_page(incident: str) -> HTMLResponse:
    """A fault of ours."""
    return message_page(
        "Erreur interne", "Une erreur est survenue de notre côté.", status=500, code=incident
    )


def confirm_logout_page(action: str, parameters: Mapping[str, str]) -> HTMLResponse:
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


def signed_out_page() -> HTMLResponse:
    """The browser is signed out."""
    return message_page("Déconnexion", "Vous êtes déconnecté. Vous pouvez fermer cette page.")
