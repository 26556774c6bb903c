"""« Votre profil »: what somebody sees of their account, their names, and signing out everywhere."""

from dataclasses import replace

from starlette.responses import Response

from graphql_api.identity_provider.accounts import accounts, login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.accounts import Known
from graphql_api.identity_provider.accounts.form_validation import CIVILITIES, Checked
from graphql_api.identity_provider.accounts.page_endpoints import (
    SIGN_IN,
    Changed,
    signed_in,
    with_headers,
)
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.accounts.sign_in_pages import CLEAR, PROFILE
from graphql_api.web.forms import Asked
from graphql_api.web.rendering import go
from schema.codes import label_of

_DONE = {
    "names": "Vos nom et prénom sont enregistrés.",
    "password": "Votre mot de passe est changé. Toutes les autres sessions ont pris fin : reconnectez-vous au livret.",
    "email": "Votre nouvelle adresse électronique est enregistrée.",
    "email-sent": (
        "Un courriel vient d’être envoyé à la nouvelle adresse. Ouvrez le lien qu’il contient pour"
        " la confirmer."
    ),
    "way-added": "Le moyen de connexion est ajouté.",
    "way-removed": "Le moyen de connexion est retiré.",
}


def profile(desk: Desk, asked: Asked) -> Response:
    """What is known of whoever is signed in, and what they may do with it."""
    with desk.writing():
        _, known = signed_in(desk, asked)
        found = login_methods.listed(desk, known.id)
    details, labels = known.details, dict(desk.issuers)
    return page(
        "profile.html",
        details=details,
        civility=label_of("civility", details.civility) if details.civility else "",
        proven=known.proven,
        ways=[(way, labels.get(way.issuer, way.issuer)) for way in found],
        removable=len(found) > 1 or (desk.local and details.password is not None and known.proven),
        providers=[
            (f"/account/with/{name}?return={PROFILE}", label) for name, label in desk.providers
        ],
        local=desk.local,
        done=_DONE.get(asked.text("done"), ""),
    )


def names(desk: Desk, asked: Asked) -> Response:
    """Change civility and names."""
    with desk.writing():
        _, known = signed_in(desk, asked)
    if not asked.is_form:
        details = known.details
        shown = {
            "civility": details.civility,
            "family_name": details.family_name,
            "given_name": details.given_name,
        }
        return _names_form(Asked(asked.http, shown), {})
    checked = Checked(asked)
    chosen = checked.names()
    if checked.problems:
        return _names_form(asked, checked.problems)
    details = replace(
        known.details,
        civility=chosen.civility,
        family_name=chosen.family_name,
        given_name=chosen.given_name,
    )
    with desk.writing():
        revise(desk, known, details)
    return go(f"{PROFILE}?done=names")


def sign_out_everywhere(desk: Desk, asked: Asked) -> Response:
    """End all sessions of the account, and all that was granted in its name."""
    with desk.writing():
        _, known = signed_in(desk, asked)
        sessions.end_all(desk, known.id)
        headers = sessions.leave(desk, asked.http)
    return with_headers(go(f"{SIGN_IN}?done=everywhere"), [*headers, CLEAR])


def revise(
    desk: Desk, known: Known, details: accounts.Details, *, proven: bool | None = None
) -> None:
    """Write the details anew; raises `Changed` when the account changed since it was read."""
    if not accounts.revise(desk, known, details, proven=proven):
        raise Changed


def _names_form(asked: Asked, problems: dict[str, str]) -> Response:
    status = 422 if problems else 200
    return page("names.html", status, asked=asked, problems=problems, civilities=CIVILITIES)
