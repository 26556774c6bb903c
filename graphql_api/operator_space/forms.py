"""Forms of operators: their fields are no part of the guide, so each page declares its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graphql_api.page_kit.refusals import FormRefusal
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import FieldGroup, Form, FormField, new_key, summary_of
from schema.typography import typeset

EMAIL_FIELD = FormField(
    name="email",
    label="Adresse électronique du compte",
    control="text",
    hint=typeset("La personne a déjà créé et validé son compte avec cette adresse."),
    required=True,
    type="email",
)
ACCOUNT_FIELD = FormField(
    name="email",
    label="Adresse électronique",
    control="text",
    hint=typeset(
        "Celle que la personne donne comme la sienne. Chaque recherche est inscrite au journal des exploitants."
    ),
    required=True,
    type="email",
)
NAME_FIELD = FormField(
    name="name",
    label="Nom de l’application",
    control="text",
    hint="Les personnes le lisent quand elles se connectent.",
    required=True,
)
FRONT_END_FIELDS = (
    NAME_FIELD,
    FormField(
        name="redirectUris",
        label="Adresses de retour",
        control="textarea",
        hint=typeset("Exactes, une par ligne. Par exemple : https://portail.example/retour"),
        required=True,
    ),
    FormField(
        name="postLogoutRedirectUris",
        label="Adresses de retour après la déconnexion",
        control="textarea",
        hint="Exactes, une par ligne.",
    ),
    FormField(
        name="origins",
        label="Origines d’où ses pages appellent l’API",
        control="textarea",
        hint=typeset("Une par ligne, sans chemin. Par exemple : https://portail.example"),
    ),
)
SECRET_FIELD = FormField(
    name="hasSecret",
    label="Le site a un serveur, qui garde un secret",
    control="check",
)
KEYS_FIELD = FormField(
    name="keys",
    label="Clés publiques (JWKS)",
    control="textarea",
    hint=typeset(
        "En JSON. Laissez vide pour un secret ou, si elle a déjà des clés, pour les garder."
    ),
    rows=6,
)
SIRET_FIELD = FormField(
    name="siret",
    label="SIRET de la collectivité",
    control="text",
    hint=typeset("Quatorze chiffres, par exemple 213 300 635 00017."),
    required=True,
    is_short=True,
    input_mode="numeric",
)


def filled(
    page: PageRequest,
    fields: Iterable[FormField],
    refusal: FormRefusal | None = None,
    stored: Mapping[str, tuple[str, ...]] | None = None,
) -> Form:
    """The form of these fields: what was typed, if it was sent, else what is stored; what is wrong."""
    problems = refusal.problems if refusal else {}
    made = tuple(
        replace(
            field,
            values=tuple(_lines(field, page.form.text(field.name)))
            if page.is_posted
            else (stored or {}).get(field.name, field.values),
            problem=problems.get(field.name, ""),
        )
        for field in fields
    )
    general = refusal.lines if refusal else ()
    lines = (*general, *summary_of(made, problems))
    return Form((FieldGroup("", made),), new_key(), None, lines)


def lines_of(page: PageRequest, name: str) -> list[str]:
    """The lines of a field that were typed, without empty ones."""
    return [line.strip() for line in page.form.text(name).splitlines() if line.strip()]


def _lines(field: FormField, typed: str) -> list[str]:
    if field.control == "textarea":
        return typed.splitlines()
    return [typed] if typed else []
