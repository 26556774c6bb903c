"""The few pages of the token issuer itself: plain French, without script or third party."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse

from graphql_api.web.rendering import message_page, origin_of, page


def refused_page(code: str, status: int = 400) -> HTMLResponse:
    """The page for a bad request of a client that cannot safely be told."""
    text = "Le site d’où vous venez a mal formulé sa demande. Revenez-y et recommencez."
    return message_page("Demande refusée", text, status=status, code=code)


def unavailable_page() -> HTMLResponse:
    """The page for an unavailable service."""
    text = "Le service est momentanément indisponible. Réessayez dans un instant."
    return message_page("Service indisponible", text, status=503)


def error_page(incident: str) -> HTMLResponse:
    """The page for an internal error."""
    return message_page(
        "Erreur interne", "Une erreur est survenue de notre côté.", status=500, code=incident
    )


def confirm_logout_page(action: str, parameters: Mapping[str, str]) -> HTMLResponse:
    """The page that asks whether to sign out, when no ID token proves it."""
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
    """The page after a sign-out."""
    return message_page("Déconnexion", "Vous êtes déconnecté. Vous pouvez fermer cette page.")
