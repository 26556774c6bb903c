"""docs/settings.md: the settings of the service as a page for those who operate it."""

from graphql_api.configuration.settings import SETTINGS
from graphql_api.configuration.unsafe_settings import UNSAFE
from graphql_api.identity_provider.accounts import limits
from graphql_api.storage.rate_limits import FAILED_CODES, FAILED_CODES_OF_ADDRESS
from graphql_api.web.http.caller_limits import ADDRESS_COST, CALLER_COST, DOORS
from schema.sharing.share_link import MAX_WRONG_PINS

_HEAD = """# Settings

The service reads its settings from environment variables, once, when it starts. This page is made
by `make docs` from the same list as `livret serve --help`; the meanings are in French, for the
people who operate the service.

| Variable | Sens | Par défaut |
|---|---|---|
"""

_REFUSED = """
## Refused at start

`livret serve` does not start with any of these, and names all that it finds at once, each with its
remedy; `livret check settings` says the same without starting, and ends with 2. A variable
`LIVRET_…` that is no setting is refused too, with the nearest name. What is marked « production »
is free in the profile `development`, which is for this machine. Every other command that opens the
stores refuses what is said of `LIVRET_DATABASE_URL`, `LIVRET_KEY_STORE_URL` and the master keys.

| Variable | Faute | Remède | Profil |
|---|---|---|---|
"""

_LIMITS = """
## Limits by caller

An address is that of the client (IPv6: its network /64), which proxies in `LIVRET_TRUSTED_PROXIES`
tell; this machine itself is not counted. More is answered with 429 and `Retry-After`. The first
table is counted in memory by each process, the second in the database for all of them; an attempt
that succeeds is not counted.

| À la minute | Au plus |
|---|---|
"""

_GUESSES = """
| À l’heure | Au plus |
|---|---|
"""


def _guesses() -> tuple[tuple[str, int], ...]:
    return (
        ("mots de passe faux d’un compte, d’une adresse", limits.PASSWORD_HERE.most),
        (
            "mots de passe faux d’un compte, de toutes les adresses inconnues de lui",
            limits.PASSWORD.most,
        ),
        ("mots de passe faux d’une adresse, tous comptes ensemble", limits.ADDRESS.most),
        ("mots de passe faux d’une personne connectée", limits.PASSWORD_AGAIN.most),
        ("inscriptions d’une adresse", limits.REGISTRATIONS.most),
        ("courriels à un destinataire", limits.EMAILS.most),
        ("clés d’activation ou de mot de passe fausses d’une adresse", limits.KEYS.most),
        ("retours d’un fournisseur, d’une adresse", limits.UPSTREAM_CALLBACKS.most),
        ("codes d’autorisation faux d’une personne", FAILED_CODES.most),
        ("codes d’autorisation faux d’une adresse", FAILED_CODES_OF_ADDRESS.most),
        ("codes faux d’un lien de partage, qui le ferment, sans durée", MAX_WRONG_PINS),
    )


def settings_page() -> str:
    """The page, in Markdown."""
    rows = (
        f"| `{variable}` | {meaning} | {default} |\n"
        for setting in SETTINGS.values()
        for variable, meaning, default in setting.explained
    )
    refused = (
        f"| `{row.variables[0]}` | {row.fault} | {row.remedy} | {' et '.join(row.profiles)} |\n"
        for row in UNSAFE
    )
    in_a_minute = (
        (
            "coût estimé des opérations d’un jeton ou d’une session, à `/graphql` et à `/q/…`",
            CALLER_COST,
        ),
        ("coût estimé des opérations sans jeton ni session d’une adresse", CALLER_COST),
        ("coût estimé des opérations d’une adresse, tous jetons ensemble", ADDRESS_COST),
        *((f"demandes d’une adresse : {door.name}", door.requests) for door in DOORS),
    )
    return "".join(
        (
            *(_HEAD, *rows),
            *(_LIMITS, *_rows(in_a_minute), _GUESSES, *_rows(_guesses())),
            *(_REFUSED, *refused),
        )
    )


def _rows(numbers: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    return tuple(f"| {name} | {most:,} |\n" for name, most in numbers)
