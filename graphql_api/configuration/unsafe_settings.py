"""The settings with which the service does not start: each mistake with its remedy, in French.

`UNSAFE` is the table: a row says which setting is wrong, when, and what to do. Start refuses all
that it finds at once; `livret check settings` says the same without starting. A command refuses what is
wrong with the stores and the master key, for it opens them as the service does. A developer's
profile on this machine is free to do most of it.
Long because most of it is that table.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from graphql_api.configuration.setting_checks import (
    file_of,
    has_known_password,
    has_little_entropy,
    holds_readable_secret,
    is_here,
    is_in_demo,
    is_missing,
    is_one_database,
    is_open_file,
    is_plain_far_address,
    is_read_by_others,
    is_relative_file,
    is_store_of_no_kind,
    is_web_address,
    is_written_by_others,
    names_no_address,
    trusts_anybody,
)
from graphql_api.configuration.settings import (
    DEVELOPMENT,
    PRODUCTION,
    SETTINGS,
    SettingError,
    Settings,
    from_environment,
)

# What tools read besides the settings of the service.
OTHER_VARIABLES = frozenset(("LIVRET_TOKEN",))
_WORKERS = "LIVRET_WORKERS"  # what one looks for first, and an option of the command
_PREFIX = "LIVRET_"
_SERVICE_LINK = re.compile(r"_(SERVICE_(HOST|PORT)|PORT_[0-9]+_(TCP|UDP))")
_DEBUG_VARIABLES = ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE")


@dataclass(frozen=True, slots=True)
class Given:
    """The environment, and the settings that it gives; defaults stand for what cannot be read."""

    environment: Mapping[str, str]
    settings: Settings

    def is_given(self, variable: str) -> bool:
        """Whether the environment says anything for a variable."""
        return bool(self.environment.get(variable))

    @property
    def is_public(self) -> bool:
        """Whether people reach the service at an address that is not this machine's own."""
        return not is_here(urlsplit(self.settings.public_url))

    @property
    def listens_beyond(self) -> bool:
        """Whether the service listens to more than this machine."""
        return not ip_address(self.settings.host).is_loopback


@dataclass(frozen=True, slots=True)
class UnsafeSetting:
    """A row of the table: in these profiles, a setting is wrong `when` it says so.

    `variables` are the settings that it reads: where one of them cannot be read, that is told
    instead.
    """

    variables: tuple[str, ...]
    fault: str
    remedy: str
    when: Callable[[Given], bool]
    profiles: tuple[str, ...] = (PRODUCTION,)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a setting, and what to do, as the operator reads it."""

    variable: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.variable} : {self.fault} Remède : {self.remedy}"


class UnsafeSettingsError(SettingError):
    """Settings with which the service does not start; one line each."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("".join(f"\n  {one}" for one in findings))
        self.findings = findings


def safe_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, as the service starts with them.

    Raises `UnsafeSettingsError` with all that is wrong, unreadable settings too.
    """
    given, findings = _read(os.environ if environment is None else environment)
    findings += _unsafe(given, _unread({one.variable for one in findings}))
    if findings:
        raise UnsafeSettingsError(tuple(findings))
    return given.settings


def settings_of_stores(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, as a command works with them that opens the stores.

    Raises `SettingError` for the first that cannot be read, and `UnsafeSettingsError` with what is
    wrong with the stores and the master key; what only serving needs may be absent, or wrong.
    """
    given = os.environ if environment is None else environment
    settings = from_environment(given)
    findings = _unsafe(Given(given, settings), set(), OF_STORES)
    if findings:
        raise UnsafeSettingsError(tuple(findings))
    return settings


def unsafe_settings(environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """All that is wrong with the settings that an environment gives."""
    try:
        safe_settings(environment)
    except UnsafeSettingsError as error:
        return error.findings
    return ()


def _read(environment: Mapping[str, str]) -> tuple[Given, list[Finding]]:
    """The settings, and a finding for each that cannot be read."""
    findings: list[Finding] = []
    values: dict[str, Any] = {}  # Any: each setting has its own type
    for name, setting in SETTINGS.items():
        try:
            values[name] = setting.value(environment)
        except SettingError as error:
            variable, _, fault = str(error).partition(" : ")
            findings.append(Finding(variable, _sentence(fault), setting.meaning))
            if setting.default is None:
                values[name] = b"" if name == "master_key" else ""
    return Given(environment, Settings(**values)), [*findings, *_misspelt(environment)]


def _misspelt(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = sorted({one for each in SETTINGS.values() for one in each.variables})
    for name in sorted(environment):
        if name.upper().startswith(_PREFIX) and name not in {*known, *OTHER_VARIABLES}:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.6)
            yield Finding(name, "cette variable n’est pas un réglage.", _remedy(name, near))


def _remedy(name: str, near: list[str]) -> str:
    if name.upper() == _WORKERS:
        return (
            "supprimez-la ; le nombre de processus se dit au lancement : livret serve --workers 4."
        )
    if _SERVICE_LINK.search(name):
        return "enableServiceLinks: false dans Kubernetes, qui l’ajoute."
    return f"écrivez {near[0]}, ou supprimez-la." if near else "supprimez-la."


def _unsafe(
    given: Given, unread: set[str], rows: tuple[UnsafeSetting, ...] | None = None
) -> list[Finding]:
    return [
        Finding(row.variables[0], row.fault, row.remedy)
        for row in (UNSAFE if rows is None else rows)
        if given.settings.profile in row.profiles
        and unread.isdisjoint(row.variables)
        and row.when(given)
    ]


def _unread(found: set[str]) -> set[str]:
    """The first variables of the settings that could not be read, whatever variable gave them."""
    return found | {
        setting.variable for setting in SETTINGS.values() if not found.isdisjoint(setting.variables)
    }


def _sentence(text: str) -> str:
    return text[:1].lower() + text[1:]


def _uses_demo(given: Given) -> bool:
    urls = (given.settings.database_url, given.settings.key_store_url)
    files = [file_of(url) for url in urls if url.startswith("sqlite:")]
    files.append(given.environment.get("LIVRET_MASTER_KEY_FILE", ""))
    return any(is_in_demo(file) for file in files if file)


def _is_placeholder_sender(given: Given) -> bool:
    domain = given.settings.mail_from.rpartition("@")[2].rstrip(">").lower()
    reserved = domain == "localhost" or domain.endswith(
        (".example", ".invalid", ".test", ".localhost")
    )
    return reserved and given.is_public and given.settings.issues_tokens


_DATA, _KEYS = "LIVRET_DATABASE_URL", "LIVRET_KEY_STORE_URL"
_KEY_FILE = "LIVRET_MASTER_KEY_FILE"
_PREVIOUS_KEY_FILE = "LIVRET_PREVIOUS_MASTER_KEY_FILE"
_STORE_VARIABLES = frozenset((_DATA, _KEYS, _KEY_FILE, _PREVIOUS_KEY_FILE))
_ABSOLUTE = "écrivez le chemin entier : sqlite:////srv/livret/livret.db."
_KIND = "écrivez sqlite:////chemin/base.db ou postgresql://compte:mot-de-passe@hôte/base."
_NEW_KEY = "avant tout usage, faites-en une : openssl rand -hex 32."
_EVERYWHERE = (DEVELOPMENT, PRODUCTION)

UNSAFE: tuple[UnsafeSetting, ...] = (
    UnsafeSetting(
        ("LIVRET_PROFILE", "LIVRET_PUBLIC_URL", "LIVRET_HOST"),
        f"{DEVELOPMENT} à une adresse publique : GraphiQL, l’introspection et les suggestions y"
        " seraient ouvertes à tous.",
        f"LIVRET_PROFILE={PRODUCTION}, ou une adresse de cette machine.",
        lambda given: given.is_public or ip_address(given.settings.host).is_global,
        profiles=(DEVELOPMENT,),
    ),
    UnsafeSetting(
        ("PYTHONDEVMODE",),
        "Python en mode de débogage, dont les journaux montrent ce que les gens écrivent.",
        f"supprimez {' et '.join(_DEBUG_VARIABLES)} de l’environnement.",
        lambda given: any(given.is_given(variable) for variable in _DEBUG_VARIABLES),
    ),
    UnsafeSetting(
        (_DATA,),
        "base d’une sorte inconnue.",
        _KIND,
        lambda given: is_store_of_no_kind(given.settings.database_url),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        (_KEYS,),
        "base d’une sorte inconnue.",
        _KIND,
        lambda given: is_store_of_no_kind(given.settings.key_store_url),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        (_DATA,),
        "chemin relatif : la base change avec le dossier d’où l’on démarre.",
        _ABSOLUTE,
        lambda given: is_relative_file(given.settings.database_url),
    ),
    UnsafeSetting(
        (_KEYS,),
        "chemin relatif : la base change avec le dossier d’où l’on démarre.",
        _ABSOLUTE,
        lambda given: is_relative_file(given.settings.key_store_url),
    ),
    UnsafeSetting(
        (_KEYS, _DATA),
        "la même base que celle des livrets : une sauvegarde y ferait revenir les clés détruites.",
        "donnez aux clés une base, et des sauvegardes, à elles.",
        lambda given: is_one_database(given.settings.database_url, given.settings.key_store_url),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        (_DATA,),
        "mot de passe que tout le monde essaie.",
        "donnez au compte de la base un mot de passe tiré au hasard : openssl rand -hex 24.",
        lambda given: has_known_password(given.settings.database_url),
    ),
    UnsafeSetting(
        (_KEYS,),
        "mot de passe que tout le monde essaie.",
        "donnez au compte de la base un mot de passe tiré au hasard : openssl rand -hex 24.",
        lambda given: has_known_password(given.settings.key_store_url),
    ),
    *(
        UnsafeSetting(
            (variable,),
            "un autre compte que celui du service possède la base, que d’autres lisent, ou tout"
            " le monde peut la remplacer dans son dossier.",
            "donnez le fichier et son dossier au compte du service : chown, puis chmod 700 sur"
            " le dossier.",
            lambda given, name=name: is_open_file(getattr(given.settings, name)),  # type: ignore[misc]  # mypy infers no default of a lambda
        )
        for variable, name in ((_DATA, "database_url"), (_KEYS, "key_store_url"))
    ),
    UnsafeSetting(
        ("LIVRET_POOLED", _DATA, _KEYS),
        "on, sans base PostgreSQL devant laquelle un relais puisse se trouver.",
        "LIVRET_POOLED=off, ou des bases postgresql://…",
        lambda given: (
            given.settings.pooled
            and given.settings.database_url.startswith("sqlite:")
            and given.settings.key_store_url.startswith("sqlite:")
        ),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        (_DATA, _KEYS),
        "données ou clés de la démonstration, dont les mots de passe sont publics.",
        "partez de bases vides et d’une clé neuve, hors du dossier de la démonstration.",
        _uses_demo,
    ),
    UnsafeSetting(
        (_KEY_FILE,),
        "clé maîtresse devinable : nulle, répétée, comptée ou écrite à la main.",
        _NEW_KEY,
        lambda given: has_little_entropy(given.settings.master_key),
    ),
    UnsafeSetting(
        (_KEY_FILE,),
        "d’autres comptes que celui du service lisent ou changent la clé maîtresse.",
        "chmod 600 sur le fichier, qui appartient au compte du service.",
        lambda given: is_read_by_others(given.environment.get(_KEY_FILE, "")),
    ),
    UnsafeSetting(
        (_PREVIOUS_KEY_FILE,),
        "d’autres comptes que celui du service lisent ou changent la clé maîtresse d’avant.",
        "chmod 600 sur le fichier, qui appartient au compte du service.",
        lambda given: is_read_by_others(given.environment.get(_PREVIOUS_KEY_FILE, "")),
    ),
    UnsafeSetting(
        (_PREVIOUS_KEY_FILE, _KEY_FILE),
        "la clé d’avant est la clé en service : la rotation ne changerait rien.",
        "donnez dans LIVRET_MASTER_KEY_FILE une clé neuve : openssl rand -hex 32.",
        lambda given: given.settings.previous_master_key == given.settings.master_key,
    ),
    UnsafeSetting(
        ("LIVRET_PUBLIC_URL", "LIVRET_HOST", "LIVRET_PORT"),
        "absente, alors que le service écoute au-delà de cette machine : les liens des courriels"
        " n’iraient nulle part, les formulaires et les cookies seraient refusés.",
        "écrivez l’adresse que les gens voient (https://livret.exemple.fr), ou LIVRET_HOST=127.0.0.1.",
        lambda given: given.listens_beyond and not given.is_given("LIVRET_PUBLIC_URL"),
    ),
    UnsafeSetting(
        ("LIVRET_INTERNAL_URL",),
        "http vers une autre machine, ou adresse illisible : les jetons d’impression passeraient en"
        " clair.",
        "https, ou une adresse de cette machine.",
        lambda given: (
            given.is_given("LIVRET_INTERNAL_URL")
            and urlsplit(given.settings.internal_url).hostname != given.settings.host
            and is_plain_far_address(given.settings.internal_url)
        ),
    ),
    UnsafeSetting(
        ("LIVRET_TOKEN_ISSUER", "LIVRET_PUBLIC_URL"),
        "http vers une autre machine, ou adresse illisible : n’importe qui sur le chemin donnerait"
        " des clés de signature.",
        "https, ou une adresse de cette machine.",
        lambda given: (
            not given.settings.issues_tokens and is_plain_far_address(given.settings.token_issuer)
        ),
    ),
    UnsafeSetting(
        ("LIVRET_SOURCE_URL",),
        "adresse qui n’est ni http ni https, alors que chaque page y mène.",
        "écrivez l’adresse d’un dépôt : https://….",
        lambda given: (
            bool(given.settings.source_url) and not is_web_address(given.settings.source_url)
        ),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        ("LIVRET_TRUSTED_PROXIES",),
        "tout le monde est cru : chacun choisirait l’adresse par laquelle ses essais sont comptés.",
        "écrivez les adresses ou les réseaux des relais, séparés par des virgules.",
        lambda given: trusts_anybody(given.settings.trusted_proxies),
    ),
    UnsafeSetting(
        ("LIVRET_TRUSTED_PROXIES",),
        "ce n’est ni une adresse ni un réseau.",
        "écrivez par exemple 127.0.0.1, 10.0.0.0/8.",
        lambda given: names_no_address(given.settings.trusted_proxies),
        profiles=_EVERYWHERE,
    ),
    UnsafeSetting(
        ("LIVRET_MAIL_FOLDER",),
        "les courriels, et les clés qu’ils portent, resteraient dans un dossier au lieu de partir.",
        "supprimez ce réglage et donnez LIVRET_SMTP_URL.",
        lambda given: given.settings.mail_folder is not None,
    ),
    UnsafeSetting(
        ("LIVRET_SMTP_URL", "LIVRET_TOKEN_ISSUER", "LIVRET_PUBLIC_URL"),
        "absent, alors que le service a des comptes : aucune inscription n’aboutirait.",
        "écrivez smtp://… (STARTTLS) ou smtps://….",
        lambda given: (
            given.settings.issues_tokens
            and not given.settings.smtp_url
            and given.settings.mail_folder is None
        ),
    ),
    UnsafeSetting(
        ("LIVRET_MAIL_FROM", "LIVRET_PUBLIC_URL", "LIVRET_TOKEN_ISSUER"),
        "adresse d’exemple : les courriels seraient rejetés.",
        "écrivez une adresse du domaine de l’exploitant.",
        _is_placeholder_sender,
    ),
    *(
        UnsafeSetting(
            (variable,),
            "fichier absent ou illisible.",
            "donnez le chemin entier d’un fichier que le compte du service lit.",
            lambda given, name=name: is_missing(getattr(given.settings, name)),  # type: ignore[misc]  # mypy infers no default of a lambda
            profiles=_EVERYWHERE,
        )
        for variable, name in (
            ("LIVRET_SIGN_IN_PROVIDERS", "sign_in_providers"),
            (
                "LIVRET_OPERATOR",
                "operator",
            ),  # print_site reads the branding, and says what it lacks
        )
    ),
    UnsafeSetting(
        ("LIVRET_SIGN_IN_PROVIDERS",),
        "d’autres comptes peuvent changer qui identifie les gens.",
        "chmod 644 sur le fichier, ou 600 s’il porte un secret.",
        lambda given: is_written_by_others(given.settings.sign_in_providers),
    ),
    UnsafeSetting(
        ("LIVRET_SIGN_IN_PROVIDERS",),
        "d’autres comptes lisent le secret qui est dans ce fichier.",
        "chmod 600 sur le fichier, ou mettez le secret à part (client_secret_file).",
        lambda given: holds_readable_secret(given.settings.sign_in_providers),
    ),
    UnsafeSetting(
        ("LIVRET_PORT",),
        "0 : le service écouterait à un port tiré au hasard.",
        "écrivez le port vers lequel va le relais.",
        lambda given: given.settings.port == 0,
    ),
)
# What a command refuses. That both stores are one database the stores themselves tell, by their marks.
OF_STORES = tuple(
    row
    for row in UNSAFE
    if row.variables[0] in _STORE_VARIABLES and row.variables != (_KEYS, _DATA)
)
