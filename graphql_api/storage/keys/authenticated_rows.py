"""Rows that give rights, authenticated: whoever writes to the database alone gains none.

Each has a MAC (HMAC-SHA-256, RFC 2104) over the name of its table and every field that matters, its
key included, under a key of the service that only the master key opens. A row whose MAC is wrong or
missing is taken for absent, and logged. `docs/decisions` says what a MAC cannot tell.
"""

import hmac
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case, Model, Value

from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.tables import (
    AuthorizationCodeTable,
    BookletTable,
    ConsentTable,
    ErasedBookletTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
    SessionTable,
    ShareLinkTable,
    ShareSessionTable,
    SiteTable,
)

RIGHTS = "rows that give rights"
CLOSED = "tombstones"
_log = logging.getLogger(__name__)


class NeverSignedError(StoreUnavailableError):
    """There is no key to tell by: these tables are signed when `migrate` runs for the first time."""


@dataclass(frozen=True, slots=True)
class AuthenticatedTable:
    """A table with a column `mac`, the fields that its MAC covers, and the name of the key."""

    table: Any  # a model; Peewee has no types
    fields: tuple[str, ...]
    key: str = RIGHTS

    @property
    def name(self) -> str:
        """The name of the table in the database."""
        return str(self.table._meta.table_name)

    @property
    def columns(self) -> tuple[Any, ...]:
        """What to select so that `genuine` can tell: the fields, then the MAC."""
        return tuple(getattr(self.table, name) for name in (*self.fields, "mac"))

    def signed(self, store: Store, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a row to insert, with the MAC; a field that is not among them is null."""
        row = [values.get(name) for name in self.fields]
        return dict(values) | {"mac": self._mac(store, row)}

    def is_genuine(self, store: Store, row: Sequence[Any]) -> bool:
        """Whether a row of `columns` is as the service wrote it; one that is not is logged."""
        *values, mac = row
        if mac is not None and hmac.compare_digest(self._mac(store, values), bytes(mac)):
            return True
        named = dict(zip(self.fields, values, strict=True))
        _log.error("not authentic: %s %s", self.name, named.get("id") or self._name_of(values))
        return False

    def genuine(self, store: Store, rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
        """Those of rows of `columns` that are as the service wrote them, by field."""
        return [
            dict(zip(self.fields, row, strict=False)) for row in rows if self.is_genuine(store, row)
        ]

    def update(self, store: Store, which: Any, **changes: Any) -> int:
        """Change the genuine rows that a condition selects, in two statements; return how many.

        The rows are locked, and each is found again by its MAC.
        """
        mac = self.table.mac
        query = self.table.select(*self.columns).where(which)
        rows = store.rows((query if store.is_sqlite else query.for_update()).tuples())
        new = {
            bytes(row[-1]): self.signed(store, dict(zip(self.fields, row, strict=False)) | changes)
            for row in rows
            if self.is_genuine(store, row)
        }
        chosen = [(Value(old), Value(values["mac"])) for old, values in new.items()]
        signed = Case(mac, tuple(chosen)) if chosen else mac
        changed = self.table.update(mac=signed, **changes).where(which, mac.in_(list(new) or [b""]))
        return store.run(changed)

    def _mac(self, store: Store, values: Sequence[Any]) -> bytes:
        return hmac.digest(store.row_key(self.key), encoded(self.name, *values), "sha256")

    def _name_of(self, values: Sequence[Any]) -> str:
        keys = {key.name for key in self.table._meta.get_primary_keys()}
        of_key = [value for name, value in zip(self.fields, values, strict=True) if name in keys]
        return digest("|".join(map(str, of_key)))[:16]


def encoded(*values: object) -> bytes:
    """Values as bytes that no other values give: each with its kind and its length."""
    parts = []
    for value in values:
        if isinstance(value, str):  # most are
            kind, content = b"s", value.encode()
        elif value is None:
            kind, content = b"n", b""
        elif isinstance(value, int):  # truth too: SQLite stores it as a number
            kind, content = b"i", str(int(value)).encode()
        elif isinstance(value, bytes | memoryview):
            kind, content = b"b", bytes(value)
        else:
            kind, content = b"?", repr(value).encode()  # what no column of ours holds
        parts.append(kind + len(content).to_bytes(8) + content)
    return b"".join(parts)


def sign_all(store: Store, tables: Iterable[AuthenticatedTable]) -> None:
    """Sign every row of these tables, in one transaction. Only for rows that were never signed."""
    with store.writing():
        for one in tables:
            keys = one.table._meta.get_primary_keys()
            for row in store.rows(one.table.select(*one.columns).tuples()):
                values = dict(zip(one.fields, row, strict=False))
                mac = one.signed(store, values)["mac"]
                query = one.table.update(mac=mac)
                for key in keys:
                    query = query.where(key == values[key.name])
                store.run(query)


def _declare(table: type[Model], fields: str, key: str = RIGHTS) -> AuthenticatedTable:
    return AuthenticatedTable(table, tuple(fields.split()), key)


LOGIN_IDENTITIES = _declare(LoginIdentityTable, "issuer subject person")
BOOKLETS = _declare(BookletTable, "id person")
OFFICERS = _declare(OfficerTable, "person siret created_at")
OPERATORS = _declare(OperatorTable, "person created_at")
REGISTERED_SITES = _declare(SiteTable, "id client created_at disabled_at")
CONSENTS = _declare(
    ConsentTable,
    "booklet id version site sections notice_version notice_hash given_at expires_at digest event",
)
SHARE_LINKS = _declare(
    ShareLinkTable,
    "id booklet dossier secret_hash pin_mark failures views_left issued_at expires_at opened_at"
    " revoked_at",
)
SHARE_SESSIONS = _declare(ShareSessionTable, "secret_hash booklet link expires_at")
SESSIONS = _declare(SessionTable, "secret_hash issuer subject signed_in_at acr created_at")
CODES = _declare(
    AuthorizationCodeTable,
    "code_hash siret created_at expires_at used_at id batch reference max_uses uses revoked_at",
)
# Give no right, but have a key destroyed. That it was is written over, and not covered.
TOMBSTONES = _declare(ErasedBookletTable, "booklet closed_at", CLOSED)
TABLES = (
    LOGIN_IDENTITIES,
    BOOKLETS,
    OFFICERS,
    OPERATORS,
    REGISTERED_SITES,
    CONSENTS,
    SHARE_LINKS,
    SHARE_SESSIONS,
    SESSIONS,
    CODES,
    TOMBSTONES,
)
