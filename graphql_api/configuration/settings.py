"""The settings of the service: environment variables `LIVRET_…`, read once into one value.

A setting is one field of `Settings`. Its declaration says everything: the variable, its meaning for
those who operate the service, its default and what it accepts. `livret serve --help` and
docs/settings.md are made from it. Long because it is a list: a field is a setting.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from graphql_api.configuration.key_sources import key_from_command, key_from_file, key_from_text
from graphql_api.public_origin import public_origin

DEVELOPMENT, PRODUCTION = "development", "production"
OWN_ISSUER = "livret"
OWN_CLIENT = "livret"  # the service as a client of that issuer, for browsers
DEFAULT_PORT = 8000
_LOCAL_ADDRESS = "http://127.0.0.1:PORT"


class SettingError(Exception):
    """A setting that is missing or cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class OtherSource:
    """Another variable that gives the same setting, in a form of its own."""

    variable: str
    meaning: str
    read: Callable[[str], Any]  # as the setting's


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read and explained.

    `default` is written as in the environment; without one, the setting is required.
    `default_in_french` is how the default is shown. `read` turns what is written into the value,
    or raises `ValueError` with what is expected. `others` may give it instead, one at a time.
    """

    variable: str
    meaning: str
    default: str | None
    default_in_french: str
    read: Callable[[str], Any]  # each setting has its own type
    others: tuple[OtherSource, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables that give this setting."""
        return (self.variable, *(one.variable for one in self.others))

    @property
    def explained(self) -> tuple[tuple[str, str, str], ...]:
        """Each variable with its meaning and its default, for people."""
        own = (self.variable, self.meaning, self.default_in_french)
        return (own, *((one.variable, one.meaning, "aucun") for one in self.others))

    def value(self, environment: Mapping[str, str]) -> Any:
        """The value that the environment gives. Raises `SettingError`."""
        given = [name for name in self.variables if environment.get(name)]
        if len(given) > 1:
            raise SettingError(
                f"{self.variable} : donné aussi par {given[-1]} ; gardez l’un d’eux."
            )
        read = {one.variable: one.read for one in self.others}
        variable = given[0] if given else self.variable
        written = environment.get(variable, self.default or "")
        if self.default is None and not written:
            raise SettingError(f"{self.variable} : ce réglage est obligatoire.")
        try:
            return read.get(variable, self.read)(written)
        except ValueError as error:
            raise SettingError(f"{variable} : {error}") from error


def _required(
    variable: str,
    meaning: str,
    read: Callable[[str], Any] = str,
    *,
    others: tuple[OtherSource, ...] = (),
) -> Any:
    setting = Setting(variable, meaning, None, "obligatoire", read, others)
    return field(metadata={"setting": setting})


def _optional(
    variable: str,
    meaning: str,
    default: str,
    read: Callable[[str], Any] = str,
    *,
    in_french: str = "",
    others: tuple[OtherSource, ...] = (),
) -> Any:
    setting = Setting(variable, meaning, default, in_french or default, read, others)
    return field(default=read(default), metadata={"setting": setting})


def _number(variable: str, meaning: str, default: int, *, low: int, high: int) -> Any:
    def read(written: str) -> int:
        if not written.isdecimal() or not low <= int(written) <= high:
            raise ValueError(f"nombre entre {low} et {high} attendu.")
        return int(written)

    return _optional(variable, meaning.format(low=low, high=high), str(default), read)


def _address(written: str) -> str:
    return written.rstrip("/")


def _public_address(written: str) -> str:
    """The public address as browsers write its origin, with which it is compared."""
    return public_origin(written.strip()) if written else ""


def _ip_address(written: str) -> str:
    try:
        return str(ip_address(written)) if written else ""
    except ValueError:
        raise ValueError("adresse IP attendue.") from None


def _text_or_none(written: str) -> str | None:
    return written or None


def _path(written: str) -> Path | None:
    return Path(written) if written else None


def _switch(written: str) -> bool:
    return _choice("on", "off")(written) == "on"


def _choice(*choices: str) -> Callable[[str], str]:
    def read(written: str) -> str:
        if written not in choices:
            raise ValueError(f"{' ou '.join(choices)} attendu.")
        return written

    return read


def _key_or_none(written: str) -> bytes | None:
    return key_from_file(written) if written else None


def _key_sources(variable: str, which: str) -> tuple[OtherSource, ...]:
    """The other sources of a master key: the environment, and a command."""
    return (
        OtherSource(
            variable,
            f"{which} elle-même, au lieu d’un fichier ; les processus du même compte la lisent.",
            key_from_text,
        ),
        OtherSource(
            f"{variable}_COMMAND",
            f"Commande qui écrit {which[0].lower()}{which[1:]}, au lieu d’un fichier ; sans shell,"
            " trente secondes au plus.",
            key_from_command,
        ),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is, who may call and how the service shows itself.

    The two stores are apart, since a key that is destroyed must not come back with a restored
    backup of the data. The service issues the access tokens itself, unless `token_issuer` is another
    address than the public one. Threads and queue bound the operations under way, printers and
    print queue the dossiers. Sign-ins are limited by the address from which a request comes, which
    `trusted_proxies` may say in a header.
    """

    database_url: str = _required(
        "LIVRET_DATABASE_URL",
        "Base des livrets : sqlite:///… ou postgresql://…",
    )
    key_store_url: str = _required(
        "LIVRET_KEY_STORE_URL", "Base des clés, distincte de celle des livrets."
    )
    master_key: bytes = _required(
        "LIVRET_MASTER_KEY_FILE",
        "Fichier de la clé maîtresse (32 octets en hexadécimal).",
        key_from_file,
        others=_key_sources("LIVRET_MASTER_KEY", "La clé maîtresse"),
    )
    previous_master_key: bytes | None = _optional(
        "LIVRET_PREVIOUS_MASTER_KEY_FILE",
        "Fichier de la clé maîtresse d’avant, tant que livret keys rotate-master n’a pas fini.",
        "",
        _key_or_none,
        in_french="aucun",
        others=_key_sources("LIVRET_PREVIOUS_MASTER_KEY", "La clé maîtresse d’avant"),
    )
    pooled: bool = _optional(
        "LIVRET_POOLED",
        "PgBouncer, ou un autre relais qui prête une connexion le temps d’une transaction, devant"
        " PostgreSQL : on ou off.",
        "off",
        _switch,
    )
    public_url: str = _optional(
        "LIVRET_PUBLIC_URL",
        "Adresse publique du service : https, ou http sur cette machine.",
        "",
        _public_address,
        in_french=_LOCAL_ADDRESS,
    )
    local_accounts: bool = _optional(
        "LIVRET_LOCAL_ACCOUNTS",
        "Comptes du service, avec mot de passe : on ou off.",
        "on",
        _switch,
    )
    sign_in_providers: Path | None = _optional(
        "LIVRET_SIGN_IN_PROVIDERS",
        "Fichier TOML des fournisseurs d’identité (ProConnect, FranceConnect, Keycloak…).",
        "",
        _path,
        in_french="aucun",
    )
    token_issuer: str = _optional(
        "LIVRET_TOKEN_ISSUER",
        "Émetteur des jetons d’accès, s’il n’est pas le service (jetons RFC 9068).",
        "",
        in_french="LIVRET_PUBLIC_URL",
    )
    smtp_url: str | None = _optional(
        "LIVRET_SMTP_URL",
        "Serveur d’envoi des courriels : smtp://… (STARTTLS) ou smtps://…",
        "",
        _text_or_none,
        in_french="aucun",
    )
    mail_folder: Path | None = _optional(
        "LIVRET_MAIL_FOLDER",
        "Dossier où écrire les courriels au lieu de les envoyer.",
        "",
        _path,
        in_french="aucun",
    )
    mail_from: str = _optional(
        "LIVRET_MAIL_FROM",
        "Expéditeur des courriels : une adresse, ou Nom <adresse> ; « Livret individuel de formation »"
        " est le nom sans cela.",
        "livret@localhost",
    )
    internal_url: str = _optional(
        "LIVRET_INTERNAL_URL",
        "Adresse par laquelle l’atelier d’impression lit le service.",
        "",
        _address,
        in_french=_LOCAL_ADDRESS,
    )
    host: str = _optional(
        "LIVRET_HOST",
        "Adresse d’écoute : 127.0.0.1 pour un relais sur cette machine, 0.0.0.0 ou :: pour toutes les interfaces.",
        "",
        _ip_address,
        in_french="LIVRET_PROFILE : 127.0.0.1 en development, 0.0.0.0 en production",
    )
    port: int = _number("LIVRET_PORT", "Port d’écoute.", DEFAULT_PORT, low=0, high=65_535)
    profile: str = _optional(
        "LIVRET_PROFILE",
        f"{DEVELOPMENT} ou {PRODUCTION}.",
        PRODUCTION,
        _choice(DEVELOPMENT, PRODUCTION),
    )
    threads: int = _number(
        "LIVRET_THREADS", "Opérations menées de front ({low} à {high}).", 6, low=1, high=32
    )
    data_backup_days: int = _number(
        "LIVRET_DATA_BACKUP_DAYS",
        "Jours pendant lesquels des sauvegardes des données sont conservées ({low} à {high}) :"
        " une fermeture reste connue un mois de plus, pour une restauration.",
        365,
        low=1,
        high=3_660,
    )
    key_backup_days: int = _number(
        "LIVRET_KEY_BACKUP_DAYS",
        "Jours pendant lesquels des sauvegardes des clés sont conservées ({low} à {high}) :"
        " la page Données personnelles le dit.",
        7,
        low=0,
        high=365,
    )
    queue: int = _number(
        "LIVRET_QUEUE",
        "Opérations en attente au plus ; au-delà, le service répond 503.",
        64,
        low=0,
        high=10_000,
    )
    printers: int = _number(
        "LIVRET_PRINTERS",
        "Dossiers HTML et ZIP mis en page de front ({low} à {high}), chacun par un processus ; les PDF ont le leur.",
        2,
        low=1,
        high=16,
    )
    print_queue: int = _number(
        "LIVRET_PRINT_QUEUE",
        "Dossiers HTML et ZIP en attente au plus ; au-delà, le service répond 503.",
        8,
        low=0,
        high=1_000,
    )
    connections: int = _number(
        "LIVRET_CONNECTIONS",
        "Connexions ouvertes au plus ; au-delà, 503.",
        500,
        low=1,
        high=100_000,
    )
    address_connections: int = _number(
        "LIVRET_ADDRESS_CONNECTIONS",
        "Connexions d’une même adresse (IPv6 : réseau /64) au plus, relais de confiance exceptés ; au-delà, 429.",
        100,
        low=1,
        high=100_000,
    )
    head_seconds: int = _number(
        "LIVRET_HEAD_SECONDS",
        "Secondes pour envoyer les en-têtes d’une requête.",
        10,
        low=1,
        high=3_600,
    )
    body_seconds: int = _number(
        "LIVRET_BODY_SECONDS",
        "Secondes pour envoyer le corps d’une requête ; davantage s’il arrive à 4 ko par seconde au moins.",
        30,
        low=1,
        high=3_600,
    )
    idle_seconds: int = _number(
        "LIVRET_IDLE_SECONDS",
        "Secondes pendant lesquelles une connexion reste ouverte sans requête : plus longtemps qu’au relais.",
        75,
        low=1,
        high=3_600,
    )
    caller_limits: bool = _optional(
        "LIVRET_CALLER_LIMITS",
        "Limites par appelant et par adresse, à la minute : on, ou off si le relais les tient.",
        "on",
        _switch,
    )
    shutdown_seconds: int = _number(
        "LIVRET_SHUTDOWN_SECONDS",
        "Secondes laissées, à l’arrêt, aux requêtes déjà reçues.",
        20,
        low=0,
        high=3_600,
    )
    trusted_proxies: str = _optional(
        "LIVRET_TRUSTED_PROXIES",
        "Relais dont l’en-tête X-Forwarded-For est cru : adresses ou réseaux, séparés par des virgules.",
        "127.0.0.1",
    )
    queries: Path | None = _optional(
        "LIVRET_QUERIES",
        "Dossier des requêtes enregistrées des sites : fichiers .graphql, ou .json (manifeste d’Apollo).",
        "",
        _path,
        in_french="aucun",
    )
    branding: Path | None = _optional(
        "LIVRET_BRANDING",
        "Fichier TOML de l’habillage des dossiers : nom, logo et couleurs d’une collectivité.",
        "",
        _path,
        in_french="aucun",
    )
    fonts: Path | None = _optional(
        "LIVRET_FONTS",
        "Dossier de polices supplémentaires des PDF, pour le chinois, le thaï, le devanagari, les émojis… (voir docs/theme.md).",
        "",
        _path,
        in_french="aucun",
    )
    operator: Path | None = _optional(
        "LIVRET_OPERATOR",
        "Fichier TOML de l’exploitant : qui il est, hébergeur, délégué à la protection des données, accessibilité.",
        "",
        _path,
        in_french="aucun",
    )
    log: str = _optional(
        "LIVRET_LOG",
        "Forme du journal, sur la sortie d’erreur : json, une ligne pour un programme, ou text.",
        "",
        lambda written: _choice("json", "text")(written) if written else "",
        in_french="LIVRET_PROFILE : text en development, json en production",
    )
    source_url: str = _optional(
        "LIVRET_SOURCE_URL", "Où lire le code source en service (AGPL).", "", in_french="aucune"
    )

    def __post_init__(self) -> None:
        """Fill in the addresses that were not given: they follow from other settings."""
        local = _LOCAL_ADDRESS.replace("PORT", str(self.port))
        anywhere = "127.0.0.1" if self.is_development else "0.0.0.0"  # noqa: S104 - behind a proxy
        object.__setattr__(self, "host", self.host or anywhere)
        object.__setattr__(self, "log", self.log or ("text" if self.is_development else "json"))
        object.__setattr__(self, "public_url", self.public_url or local)
        object.__setattr__(self, "internal_url", self.internal_url or self._own_address())
        object.__setattr__(self, "token_issuer", self._token_issuer())

    def _own_address(self) -> str:
        """The address at which this machine reaches the service."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def _token_issuer(self) -> str:
        """The issuer as it is written, since tokens are compared with it; ours however it is written."""
        try:
            is_ours = not self.token_issuer or public_origin(self.token_issuer) == self.public_url
        except ValueError:
            is_ours = False
        return self.public_url if is_ours else self.token_issuer

    @property
    def is_development(self) -> bool:
        """Whether this is a developer's machine: introspection and suggestions are on."""
        return self.profile == DEVELOPMENT

    @property
    def token_audience(self) -> str:
        """The audience that access tokens must name: the address of the API."""
        return f"{self.public_url}/graphql"

    @property
    def identity_issuer(self) -> str:
        """The name under which the issuer's subjects are stored: a career outlasts an address."""
        return OWN_ISSUER if self.issues_tokens else self.token_issuer

    @property
    def issues_tokens(self) -> bool:
        """Whether the embedded provider issues the access tokens."""
        return self.token_issuer == self.public_url


SETTINGS: dict[str, Setting] = {each.name: each.metadata["setting"] for each in fields(Settings)}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises `SettingError` when one is missing or malformed.
    """
    given = os.environ if environment is None else environment
    return Settings(**{name: setting.value(given) for name, setting in SETTINGS.items()})
