"""The providers that sign people in, and their settings: a TOML file.

    [[provider]]
    preset = "proconnect"
    client_id = "…"
    client_secret_file = "proconnect.secret"

A preset (see `known_providers.py`) fills in what is known of a provider; any key of `OpenIdProvider` may
be written beside it. Relative paths are relative to the file.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from graphql_api.configuration.settings import SettingError
from graphql_api.openid_client.known_providers import PRESETS
from graphql_api.openid_client.provider_urls import is_safe_url

ALGORITHMS = frozenset(
    f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in ("256", "384", "512")
)
AUTH_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
USERINFO = ("none", "json", "signed", "any")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_SECRET_FILES = {"client_secret_file": "client_secret", "private_key_file": "private_key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider:
    """The settings of a provider, and of our client there.

    `name` stands in our addresses, `label` on our buttons. `private_key` is a JWK, for
    `private_key_jwt`. `pkce` is off for a provider that refuses its parameters; then the nonce
    alone ties code and browser. `accepted_acr`: the levels of which the ID token must state one
    (none: any). `extra` goes into every authorization request. `claim_map` says by which name the
    provider calls a standard claim: `{"family_name": "usual_name"}`.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    private_key: Mapping[str, Any] | None = field(default=None, repr=False)
    auth_method: Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] = (
        "client_secret_basic"
    )
    scopes: tuple[str, ...] = ("openid",)
    pkce: bool = True
    id_token_algorithms: tuple[str, ...] = ("RS256", "ES256")
    userinfo: Literal["none", "json", "signed", "any"] = "any"
    acr_values: tuple[str, ...] = ()
    claims: Mapping[str, Any] | None = None
    accepted_acr: tuple[str, ...] = ()
    leeway_seconds: int = 5
    extra: Mapping[str, str] = field(default_factory=dict)
    post_logout_uri: str | None = None
    claim_map: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise `ValueError`, in French, when the provider cannot be used safely."""
        proof = {"private_key_jwt": self.private_key, "none": "none"}
        checks = (
            (bool(_NAME.fullmatch(self.name)), "name : minuscules, chiffres et tirets."),
            (is_safe_url(self.issuer, self.issuer), "issuer : adresse https attendue."),
            (bool(self.client_id), "client_id : obligatoire."),
            (self.auth_method in AUTH_METHODS, f"auth_method : {' ou '.join(AUTH_METHODS)}."),
            (
                bool(proof.get(self.auth_method, self.client_secret)),
                "client_secret ou private_key : obligatoire pour ce auth_method.",
            ),
            ("openid" in self.scopes, "scopes : openid doit y être."),
            (
                bool(self.id_token_algorithms) and ALGORITHMS.issuperset(self.id_token_algorithms),
                "id_token_algorithms : signatures à clé publique seulement (RS256, ES256…).",
            ),
            (self.userinfo in USERINFO, f"userinfo : {' ou '.join(USERINFO)}."),
            (0 <= self.leeway_seconds <= 300, "leeway_seconds : de 0 à 300."),
            (self.extra.get("max_age", "0").isdecimal(), "extra : max_age est un nombre."),
        )
        for good, fault in checks:
            if not good:
                raise ValueError(fault)


def read_providers(path: Path) -> tuple[OpenIdProvider, ...]:
    """Read the providers in a TOML file.

    Raises `SettingError` when it cannot be read; the message holds no secret.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("provider", [])
    except (OSError, ValueError) as error:
        raise _bad_setting("fichier TOML illisible.") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _bad_setting("tables [[provider]] attendues.")
    providers = tuple(_provider(number, table, path) for number, table in enumerate(tables, 1))
    if len({one.name for one in providers}) < len(providers):
        raise _bad_setting("deux fournisseurs ont le même nom (name).")
    return providers


def _provider(number: int, table: dict[str, Any], path: Path) -> OpenIdProvider:
    given = dict(table)
    preset = given.pop("preset", None)
    if preset is not None and preset not in PRESETS:
        raise _bad_setting(f"fournisseur {number}, preset : {' ou '.join(PRESETS)}.")
    values = {**PRESETS.get(preset, {}), **given}
    for file_key, key in _SECRET_FILES.items():
        if file_key in values:
            values[key] = _read_secret(number, file_key, path.parent / str(values.pop(file_key)))
    typed = {key: _checked_value(number, key, value) for key, value in values.items()}
    missing = [one.name for one in fields(OpenIdProvider) if _is_missing(one, typed)]
    if missing:
        raise _bad_setting(f"fournisseur {number}, il manque : {', '.join(missing)}.")
    try:
        return OpenIdProvider(**typed)
    except ValueError as error:
        raise _bad_setting(f"fournisseur {number}, {error}") from error


def _is_missing(one: Any, typed: Mapping[str, Any]) -> bool:
    needed = one.default is MISSING and one.default_factory is MISSING
    return needed and one.name not in typed


_KINDS: dict[str, type] = {
    **dict.fromkeys(("scopes", "id_token_algorithms", "acr_values", "accepted_acr"), tuple),
    **dict.fromkeys(("claims", "extra", "claim_map", "private_key"), dict),
    "pkce": bool,
    "leeway_seconds": int,
}


def _checked_value(number: int, key: str, value: Any) -> Any:
    if key not in {one.name for one in fields(OpenIdProvider)}:
        raise _bad_setting(f"fournisseur {number}, clé inconnue : {key}.")
    kind = _KINDS.get(key, str)
    if kind is tuple and isinstance(value, list):
        value = tuple(value)
    texts = key in ("extra", "claim_map")
    parts = tuple(value.values()) if texts and isinstance(value, dict) else value
    all_texts = not isinstance(parts, tuple) or all(isinstance(part, str) for part in parts)
    if type(value) is not kind or not all_texts:
        raise _bad_setting(f"fournisseur {number}, {key} : valeur d’un autre type attendue.")
    return value


def _read_secret(number: int, key: str, path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
        return json.loads(text) if key == "private_key_file" else text
    except (OSError, ValueError) as error:
        raise _bad_setting(f"fournisseur {number}, {key} : fichier illisible.") from error


def _bad_setting(fault: str) -> SettingError:
    return SettingError(f"LIVRET_SIGN_IN_PROVIDERS : {fault}")
