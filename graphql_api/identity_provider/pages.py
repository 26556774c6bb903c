"""The few pages that people see here: plain French, without script, style or third party."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
{more}</main>
</body>
</html>
"""


def refused(code: str, status: int = 400) -> HTMLResponse:
    """The site that sent the browser here asked wrongly, and cannot safely be told."""
    text = "Le site d’où vous venez a mal formulé sa demande. Revenez-y et recommencez."
    more = f"<p>Code à communiquer à l’assistance : <code>{escape(code)}</code></p>\n"
    return _page("Demande refusée", text, more, status)


def unavailable() -> HTMLResponse:
    """Something here does not answer."""
    text = "Le service est momentanément indisponible. Réessayez dans un instant."
    return _page("Service indisponible", text, "", 503)


def failed(incident: str) -> HTMLResponse:
    """A fault of ours."""
    more = f"<p>Code à communiquer à l’assistance : <code>{escape(incident)}</code></p>\n"
    return _page("Erreur interne", "Une erreur est survenue de notre côté.", more, 500)


def confirm_leaving(action: str, parameters: Mapping[str, str]) -> HTMLResponse:
    """Ask whether to sign out: the link that led here does not prove it."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'
        for name, value in {**parameters, "confirm": "1"}.items()
    )
    button = '<button type="submit">Se déconnecter</button>\n'
    form = f'<form method="post" action="{escape(action)}">\n{fields}{button}</form>\n'
    return _page("Se déconnecter", "Voulez-vous vous déconnecter ?", form, 200)


def left() -> HTMLResponse:
    """The browser is signed out."""
    return _page("Déconnexion", "Vous êtes déconnecté. Vous pouvez fermer cette page.", "", 200)


def _page(title: str, text: str, more: str, status: int) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, text=text, more=more), status)
