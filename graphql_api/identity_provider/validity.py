"""What the validity of an access token depends on, besides the token: published keys, registered clients."""

from dataclasses import dataclass
from typing import Any

from joserfc.jwk import KeySet

from graphql_api.identity_provider.oauth.clients import REGISTERED, client_ids
from graphql_api.identity_provider.signing_keys import PUBLISHED, key_set
from graphql_api.storage.store import Store

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Validity:
    """The keys that are published, and the ids of the clients that are registered, with their rows."""

    keys: KeySet
    key_ids: tuple[str | None, ...]
    clients: frozenset[str]
    key_rows: Rows
    client_rows: Rows


def read_validity(store: Store, known: Validity | None = None) -> Validity:
    """Read both in one round trip. Raises `StoreUnavailableError`.

    Rows that are as they were in `known` are not authenticated again, and its key set is kept.
    """
    with store.reading():
        key_rows, client_rows = store.rows_of_each(PUBLISHED, REGISTERED)
    same_keys = known is not None and key_rows == known.key_rows
    same_clients = known is not None and client_rows == known.client_rows
    keys = known.keys if known and same_keys else key_set(store, key_rows)
    return Validity(
        keys=keys,
        key_ids=tuple(key.kid for key in keys.keys),
        clients=known.clients if known and same_clients else client_ids(store, client_rows),
        key_rows=key_rows,
        client_rows=client_rows,
    )
