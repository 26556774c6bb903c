"""Who operates the service, as its public pages say it: a TOML file of the operator's own words.

Nothing in it is required: a page says what the operator has not told yet. docs/operator.md has an
example.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from graphql_api.configuration.settings import SettingError
from graphql_api.web.email_addresses import is_one_address
from graphql_api.web.rgaa_grid import FULLY, GRID, NOT_COMPLIANT, PARTLY

LONGEST_FILE, LONGEST_TEXT, MOST_TEXTS = 65_536, 2_000, 50
STATUSES = (NOT_COMPLIANT, PARTLY, FULLY)
# Keys of lines of the guide's menu that other services of the operator answer.
NEIGHBOURS = ("search", "selection", "feeds", "paths", "trainings")
_ADDRESSES = ("website", "plan")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to write to; what is not known is empty."""

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything is told."""
        return any((self.name, self.address, self.email, self.phone))


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What an audit of this instance found (RGAA 4.1); without one, what the makers' grid says.

    `rate` is the share of criteria that are met, in percent; `plan` is the address of the
    « schéma pluriannuel ».
    """

    status: str = GRID.status
    audited_on: str = ""
    auditor: str = ""
    rate: str = ""
    plan: str = ""
    findings: tuple[str, ...] = ()

    @property
    def is_audited(self) -> bool:
        """Whether the status rests on an audit."""
        return bool(self.audited_on and self.auditor)


@dataclass(frozen=True, slots=True)
class Operator(Contact):
    """Who operates the service. `legal` and `privacy` are paragraphs of the operator's own."""

    website: str = ""
    publication_director: str = ""
    host: Contact = field(default_factory=Contact)
    data_protection_officer: Contact = field(default_factory=Contact)
    accessibility: Accessibility = field(default_factory=Accessibility)
    neighbours: Mapping[str, str] = field(default_factory=dict)
    legal: tuple[str, ...] = ()
    privacy: tuple[str, ...] = ()


def read_operator(file: Path | None) -> Operator:
    """Read the operator's file; without one nothing is known. Raises `SettingError`."""
    if file is None:
        return Operator()
    try:
        content = file.read_bytes()[: LONGEST_FILE + 1]
        given = tomllib.loads(content.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise _error("le fichier n’est pas lisible, ou n’est pas du TOML.") from None
    if len(content) > LONGEST_FILE:
        raise _error("le fichier est trop gros.")
    return Operator(
        **_texts(given, Operator, "", ("neighbours", *_PARTS)),
        **{
            name: kind(**_texts(_table(given, name), kind, f"{name}."))
            for name, kind in _PARTS.items()
        },
        neighbours=_neighbours(_table(given, "neighbours")),
    )


_PARTS: dict[str, Any] = {  # Any: the kinds of the tables, which are made with what each holds
    "host": Contact,
    "data_protection_officer": Contact,
    "accessibility": Accessibility,
}


def _texts(
    given: Mapping[str, Any], kind: type, prefix: str, tables: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The texts of a table, checked."""
    known = {one.name: one for one in fields(kind)}
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = f"{prefix}{key}"
        if key not in known:
            raise _error(f"« {name[:60]} » n’est pas un réglage connu.")
        if key in tables:
            continue
        is_list = known[key].type == tuple[str, ...]
        texts = value if is_list and isinstance(value, list) else [value]
        if (
            is_list != isinstance(value, list)
            or len(texts) > MOST_TEXTS
            or not all(isinstance(one, str) and 0 < len(one) <= LONGEST_TEXT for one in texts)
        ):
            what = "une liste de textes" if is_list else "un texte"
            raise _error(f"« {name} » attend {what}, {LONGEST_TEXT} caractères au plus.")
        if key == "email" and not is_one_address(value):
            raise _error(f"« {name} » n’est pas une adresse électronique.")
        if key in _ADDRESSES:
            _check_address(name, value)
        if key == "status" and value not in STATUSES:
            raise _error(f"« {name} » : {', '.join(STATUSES)}.")
        found[key] = tuple(texts) if is_list else value
    return found


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise _error(f"« {name} » attend une table.")
    return found


def _neighbours(given: Mapping[str, Any]) -> dict[str, str]:
    for key, value in given.items():
        if key not in NEIGHBOURS:
            raise _error(f"« neighbours.{key[:40]} » n’est pas connu : {', '.join(NEIGHBOURS)}.")
        _check_address(f"neighbours.{key}", value)
    return dict(given)


def _check_address(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value.startswith("https://") or len(value) > LONGEST_TEXT:
        raise _error(f"« {name} » attend une adresse https.")


def _error(why: str) -> SettingError:
    return SettingError(f"LIVRET_OPERATOR : {why}")
