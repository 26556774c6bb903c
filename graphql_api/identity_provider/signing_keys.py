"""The keys that sign tokens: one signs at a time, and all that may have signed are published.

A key is published before it signs when its turn is set for later, and after it signed until it is
retired; so tokens verify throughout. The functions work within the caller's transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey, KeySet

from graphql_api.identity_provider.authenticated_tables import SIGNING_KEY_ROWS
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.storage.keys.encryption import unwrap, wrap
from graphql_api.storage.keys.service_keys import SIGNING_KEYS, ServiceKeys
from graphql_api.storage.store import Asked, Store

ALGORITHM = "ES256"
PUBLISHED: Asked = (
    "published keys",
    SigningKeyTable.select(*SIGNING_KEY_ROWS.columns)
    .where(SigningKeyTable.retired_at.is_null())
    .order_by(SigningKeyTable.signs_from.desc(), SigningKeyTable.kid)
    .tuples(),
    (),
)


class NoSigningKeyError(Exception):
    """There is no key to sign with: `rotate` makes one."""


class KeyInUseError(Exception):
    """The key is the current one: rotate first."""


@dataclass(frozen=True, slots=True)
class SigningKeyInfo:
    """A key as the operator sees it."""

    kid: str
    created_at: int
    signs_from: int
    retired_at: int | None
    signs: bool


def rotate(
    store: Store, service_keys: ServiceKeys, now: int, *, signs_from: int | None = None
) -> str:
    """Make a key that signs from now on, or from `signs_from`, publish it, and return its id."""
    key = _new_key()
    kid = str(key.kid)
    private = json.dumps(key.as_dict(private=True)).encode()
    row = {
        "kid": kid,
        "public": json.dumps(key.as_dict(private=False)),
        "wrapped": wrap(service_keys(SIGNING_KEYS), key_name(kid), private),
        "created_at": now,
        "signs_from": now if signs_from is None else signs_from,
    }
    store.run(SigningKeyTable.insert(SIGNING_KEY_ROWS.signed(store, row)))
    return kid


def ensure_key(store: Store, service_keys: ServiceKeys, now: int) -> None:
    """Make the first key, if there is none that signs."""
    if _current(store, now) is None:
        rotate(store, service_keys, now)


def retire(store: Store, kid: str, now: int) -> bool:
    """Withdraw a key and delete its private part; return whether there was such a key.

    Raises `KeyInUseError` when no other key could sign.
    """
    current = _current(store, now)
    if current is not None and current[0] == kid:
        raise KeyInUseError(kid)
    known = (SigningKeyTable.kid == kid) & SigningKeyTable.retired_at.is_null()
    return SIGNING_KEY_ROWS.update(store, known, retired_at=now, wrapped=None) == 1


def public_keys(store: Store) -> KeySet:
    """The public keys with which tokens are verified."""
    _, query, _ = PUBLISHED
    return key_set(store, store.rows(query))


def key_set(store: Store, rows: Sequence[tuple[Any, ...]]) -> KeySet:
    """The keys of rows of `PUBLISHED`, without those that the service did not write so."""
    genuine = SIGNING_KEY_ROWS.genuine(store, rows)
    return KeySet([ECKey.import_key(json.loads(one["public"])) for one in genuine])


def current_key(store: Store, service_keys: ServiceKeys, now: int) -> ECKey:
    """The one key that signs now; `NoSigningKeyError` when there is none."""
    row = _current(store, now)
    if row is None:
        raise NoSigningKeyError
    kid, wrapped = row
    return ECKey.import_key(
        json.loads(unwrap(service_keys(SIGNING_KEYS), key_name(kid), bytes(wrapped)))
    )


def list_keys(store: Store, now: int) -> list[SigningKeyInfo]:
    """All keys ever made, youngest first."""
    current = _current(store, now)
    columns = (
        SigningKeyTable.kid,
        SigningKeyTable.created_at,
        SigningKeyTable.signs_from,
        SigningKeyTable.retired_at,
    )
    rows = store.rows(
        SigningKeyTable.select(*columns).order_by(SigningKeyTable.signs_from.desc()).tuples()
    )
    signs = current[0] if current else None
    return [
        SigningKeyInfo(kid, created_at, signs_from, retired_at, kid == signs)
        for kid, created_at, signs_from, retired_at in rows
    ]


def _current(store: Store, now: int) -> tuple[Any, ...] | None:
    rows = store.rows(
        SigningKeyTable.select(
            SigningKeyTable.kid, SigningKeyTable.wrapped, *SIGNING_KEY_ROWS.columns
        )
        .where(SigningKeyTable.retired_at.is_null(), SigningKeyTable.signs_from <= now)
        .order_by(
            SigningKeyTable.signs_from.desc(),
            SigningKeyTable.created_at.desc(),
            SigningKeyTable.kid,
        )
        .tuples()
    )
    return next((row[:2] for row in rows if SIGNING_KEY_ROWS.is_genuine(store, row[2:])), None)


def _new_key() -> ECKey:
    """A key whose id (RFC 7638) a shell does not take for an option: one in 64 begins with a hyphen."""
    while True:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        if not str(key.kid).startswith("-"):
            return key


def key_name(kid: str) -> str:
    """The name under which a signing key is wrapped, which no booklet has."""
    return f"signing|{kid}"
