"""The settings of the service: environment variables `LIVRET_…`, read once into one value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROFILES = ("development", "production")
OWN_ISSUER = "livret"


class BadSetting(Exception):  # noqa: N818 - names what is wrong, as the message says
    """A setting that is missing or cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is, who may call and how the service shows itself.

    `database_url` and `key_store_url` are `sqlite:///path` or `postgresql://…`; they name two
    different stores, since a key that is destroyed must not come back with a restored backup of
    the data. `master_key` is 32 bytes. `token_issuer` issues the access tokens that are accepted:
    the embedded provider, unless it is another address than the public one. `sign_in_providers` is
    the file of the providers where people may sign in. Letters go to `smtp_url`, or into
    `mail_folder`. Threads and queue bound the operations under way, printers and print queue the
    dossiers. `trusted_proxies` may say in a header from where a request comes: sign-ins are limited
    by address too. `branding` is the file of what a collectivité puts on dossiers.
    """

    database_url: str
    key_store_url: str
    master_key: bytes
    public_url: str = "http://127.0.0.1:8000"
    internal_url: str = "http://127.0.0.1:8000"
    port: int = 8000
    profile: str = "production"
    token_issuer: str = ""
    token_audience: str = ""
    local_accounts: bool = True
    sign_in_providers: Path | None = None
    smtp_url: str | None = None
    mail_folder: Path | None = None
    mail_from: str = "livret@localhost"
    threads: int = 6
    queue: int = 64
    printers: int = 2
    print_queue: int = 8
    source_url: str = ""
    trusted_proxies: str = "127.0.0.1"
    branding: Path | None = None

    @property
    def is_development(self) -> bool:
        """Whether this is a developer's machine: introspection and suggestions are on."""
        return self.profile == "development"

    @property
    def identity_issuer(self) -> str:
        """Under which name the issuer's subjects are known here: a career outlasts an address."""
        return OWN_ISSUER if self.issues_tokens else self.token_issuer

    @property
    def issues_tokens(self) -> bool:
        """Whether the embedded provider issues the access tokens."""
        return self.token_issuer == self.public_url


@dataclass(frozen=True, slots=True)
class SettingHelp:
    """One line of `livret serve --help`."""

    variable: str
    default: str
    meaning: str


SETTINGS_HELP: tuple[SettingHelp, ...] = (
    SettingHelp(
        "LIVRET_DATABASE_URL", "obligatoire", "Base des livrets : sqlite:///… ou postgresql://…"
    ),
    SettingHelp(
        "LIVRET_KEY_STORE_URL", "obligatoire", "Base des clés, distincte de celle des livrets."
    ),
    SettingHelp(
        "LIVRET_MASTER_KEY_FILE",
        "obligatoire",
        "Fichier de la clé maîtresse (32 octets en hexadécimal).",
    ),
    SettingHelp(
        "LIVRET_PUBLIC_URL",
        "http://127.0.0.1:PORT",
        "Adresse publique du service : https, ou http sur cette machine.",
    ),
    SettingHelp(
        "LIVRET_LOCAL_ACCOUNTS", "on", "Comptes du service, avec mot de passe : on ou off."
    ),
    SettingHelp(
        "LIVRET_SIGN_IN_PROVIDERS",
        "aucun",
        "Fichier TOML des fournisseurs d’identité (ProConnect, FranceConnect, Keycloak…).",
    ),
    SettingHelp(
        "LIVRET_TOKEN_ISSUER",
        "LIVRET_PUBLIC_URL",
        "Émetteur des jetons d’accès, s’il n’est pas le service (jetons RFC 9068).",
    ),
    SettingHelp(
        "LIVRET_SMTP_URL",
        "aucun",
        "Serveur d’envoi des courriels : smtp://… (STARTTLS) ou smtps://…",
    ),
    SettingHelp(
        "LIVRET_MAIL_FOLDER", "aucun", "Dossier où écrire les courriels au lieu de les envoyer."
    ),
    SettingHelp("LIVRET_MAIL_FROM", "livret@localhost", "Adresse d’expédition des courriels."),
    SettingHelp(
        "LIVRET_INTERNAL_URL",
        "http://127.0.0.1:PORT",
        "Adresse par laquelle l’atelier d’impression lit le service.",
    ),
    SettingHelp("LIVRET_PORT", "8000", "Port d’écoute."),
    SettingHelp("LIVRET_PROFILE", "production", "development ou production."),
    SettingHelp("LIVRET_THREADS", "6", "Opérations menées de front (1 à 32)."),
    SettingHelp(
        "LIVRET_QUEUE", "64", "Opérations en attente au plus ; au-delà, le service répond 503."
    ),
    SettingHelp(
        "LIVRET_PRINTERS",
        "2",
        "Dossiers HTML et ZIP mis en page de front (1 à 16), chacun par un processus ; les PDF ont le leur.",
    ),
    SettingHelp(
        "LIVRET_PRINT_QUEUE",
        "8",
        "Dossiers HTML et ZIP en attente au plus ; au-delà, le service répond 503.",
    ),
    SettingHelp(
        "LIVRET_TRUSTED_PROXIES",
        "127.0.0.1",
        "Relais dont l’en-tête X-Forwarded-For est cru : adresses ou réseaux, séparés par des virgules.",
    ),
    SettingHelp(
        "LIVRET_BRANDING",
        "aucun",
        "Fichier TOML de l’habillage des dossiers : nom, logo et couleurs d’une collectivité.",
    ),
    SettingHelp("LIVRET_SOURCE_URL", "aucune", "Où lire le code source en service (AGPL)."),
)


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises `BadSetting` when one is missing or malformed.
    """
    given = os.environ if environment is None else environment
    port = _number(given, "LIVRET_PORT", 8000, 0, 65_535)
    local = f"http://127.0.0.1:{port}"
    public_url = given.get("LIVRET_PUBLIC_URL", local).rstrip("/")
    profile = given.get("LIVRET_PROFILE", "production")
    if profile not in PROFILES:
        raise BadSetting(f"LIVRET_PROFILE : {' ou '.join(PROFILES)} attendu.")
    return Settings(
        database_url=_required(given, "LIVRET_DATABASE_URL"),
        key_store_url=_required(given, "LIVRET_KEY_STORE_URL"),
        master_key=read_master_key(Path(_required(given, "LIVRET_MASTER_KEY_FILE"))),
        public_url=public_url,
        internal_url=given.get("LIVRET_INTERNAL_URL", local).rstrip("/"),
        port=port,
        profile=profile,
        token_issuer=given.get("LIVRET_TOKEN_ISSUER") or public_url,
        token_audience=f"{public_url}/graphql",
        local_accounts=_switch(given, "LIVRET_LOCAL_ACCOUNTS", "on"),
        sign_in_providers=_path(given, "LIVRET_SIGN_IN_PROVIDERS"),
        smtp_url=given.get("LIVRET_SMTP_URL") or None,
        mail_folder=_path(given, "LIVRET_MAIL_FOLDER"),
        mail_from=given.get("LIVRET_MAIL_FROM", "livret@localhost"),
        threads=_number(given, "LIVRET_THREADS", 6, 1, 32),
        queue=_number(given, "LIVRET_QUEUE", 64, 0, 10_000),
        printers=_number(given, "LIVRET_PRINTERS", 2, 1, 16),
        print_queue=_number(given, "LIVRET_PRINT_QUEUE", 8, 0, 1_000),
        source_url=given.get("LIVRET_SOURCE_URL", ""),
        trusted_proxies=given.get("LIVRET_TRUSTED_PROXIES", "127.0.0.1"),
        branding=_path(given, "LIVRET_BRANDING"),
    )


def read_master_key(path: Path) -> bytes:
    """The master key in a file of 64 hexadecimal digits; `BadSetting` otherwise."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise BadSetting("LIVRET_MASTER_KEY_FILE : fichier illisible.") from error
    if len(key) != 32:
        raise BadSetting("LIVRET_MASTER_KEY_FILE : 64 chiffres hexadécimaux attendus.")
    return key


def _required(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise BadSetting(f"{name} : ce réglage est obligatoire.")
    return value


def _switch(given: Mapping[str, str], name: str, default: str) -> bool:
    written = given.get(name, default)
    if written not in ("on", "off"):
        raise BadSetting(f"{name} : on ou off attendu.")
    return written == "on"


def _path(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]) if given.get(name) else None


def _number(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    written = given.get(name, str(default))
    if not written.isdecimal() or not low <= int(written) <= high:
        raise BadSetting(f"{name} : nombre entre {low} et {high} attendu.")
    return int(written)
