"""The register of clients: front ends, which people sign in to, and machines.

A secret is 256 random bits, shown once and kept hashed. The functions work within the caller's
transaction.
"""

import json
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from graphql_api.identity_provider.authenticated_tables import APPLICATION_ROWS
from graphql_api.identity_provider.oauth.client import KEYS, PUBLIC, SECRET, Client
from graphql_api.identity_provider.oauth.client_urls import check_origin, check_url
from graphql_api.identity_provider.oauth.scopes import FRONT_END_SCOPES, MACHINE_SCOPES
from graphql_api.identity_provider.tables import ClientTable
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Asked, Store

REGISTERED: Asked = (
    "registered clients",
    ClientTable.select(*APPLICATION_ROWS.columns)
    .where(ClientTable.disabled_at.is_null())
    .order_by(ClientTable.id)
    .tuples(),
    (),
)


class ClientRegistrationError(Exception):
    """A registration that cannot be accepted; the message says why."""


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A new client's id and, this once, its secret, if it has one."""

    client_id: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """A front end to register: its exact redirect URIs and the origins it calls from."""

    name: str
    redirect_uris: tuple[str, ...]
    origins: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = FRONT_END_SCOPES
    confidential: bool = False


def register_front_end(store: Store, front_end: FrontEnd, now: int) -> RegisteredClient:
    """Register a front end: public, or with a secret when it has a server that keeps one.

    Raises `ClientRegistrationError`.
    """
    if not front_end.redirect_uris:
        raise ClientRegistrationError("Au moins une adresse de retour est nécessaire.")
    try:
        for uri in (*front_end.redirect_uris, *front_end.post_logout_redirect_uris):
            check_url(uri)
        for origin in front_end.origins:
            check_origin(origin)
    except ValueError as error:
        raise ClientRegistrationError(str(error)) from error
    _check_scopes(front_end.scopes, FRONT_END_SCOPES)
    secret = secrets.token_urlsafe(32) if front_end.confidential else None
    return _insert(
        store,
        now,
        secret,
        name=front_end.name,
        authentication=SECRET if front_end.confidential else PUBLIC,
        redirect_uris=json.dumps(front_end.redirect_uris),
        post_logout_redirect_uris=json.dumps(front_end.post_logout_redirect_uris),
        origins=json.dumps(front_end.origins),
        scopes=json.dumps(front_end.scopes),
    )


def register_machine(
    store: Store,
    name: str,
    now: int,
    *,
    scopes: tuple[str, ...] = MACHINE_SCOPES,
    keys: dict[str, Any] | None = None,
) -> RegisteredClient:
    """Register a machine, which signs with one of its `keys` (a public JWK set) or gets a secret.

    Raises `ClientRegistrationError`.
    """
    _check_scopes(scopes, MACHINE_SCOPES)
    secret = secrets.token_urlsafe(32) if keys is None else None
    return _insert(
        store,
        now,
        secret,
        name=name,
        authentication=SECRET if keys is None else KEYS,
        keys=None if keys is None else json.dumps(read_public_keys(keys)),
        redirect_uris="[]",
        post_logout_redirect_uris="[]",
        origins="[]",
        scopes=json.dumps(scopes),
    )


def revise_front_end(store: Store, client_id: str, front_end: FrontEnd) -> bool:
    """Give a front end another name and other addresses; whether there was one.

    Its secret and its scopes stay. The caller checked the addresses.
    """
    changed = APPLICATION_ROWS.update(
        store,
        _usable(client_id) & (ClientTable.redirect_uris != "[]"),
        name=front_end.name,
        redirect_uris=json.dumps(front_end.redirect_uris),
        post_logout_redirect_uris=json.dumps(front_end.post_logout_redirect_uris),
        origins=json.dumps(front_end.origins),
    )
    return changed == 1


def revise_machine(
    store: Store, client_id: str, name: str, keys: dict[str, Any] | None = None
) -> bool:
    """Give a machine another name and, unless they are None, other keys; whether there was one.

    A machine that has a secret takes no keys.
    """
    machine = _usable(client_id) & (ClientTable.redirect_uris == "[]")
    if keys is None:
        return APPLICATION_ROWS.update(store, machine, name=name) == 1
    signing = machine & (ClientTable.authentication == KEYS)
    return APPLICATION_ROWS.update(store, signing, name=name, keys=json.dumps(keys)) == 1


def disable(store: Store, client_id: str, now: int) -> bool:
    """Disable a client for ever, and return whether there was one; its MAC is deleted with it."""
    change = ClientTable.update(disabled_at=now, mac=None)
    return store.run(change.where(_usable(client_id))) == 1


def find(store: Store, client_id: str) -> Client | None:
    """The client of that id, unless it is disabled."""
    found = _clients(store, _enabled().where(ClientTable.id == client_id))
    return found[0] if found else None


def list_clients(store: Store) -> list[Client]:
    """The clients that are not disabled, in the order of their names."""
    return _clients(store, _enabled().order_by(ClientTable.name))


def client_ids(store: Store, rows: Sequence[tuple[Any, ...]]) -> frozenset[str]:
    """The ids in rows of `REGISTERED`, without those that the service did not write so."""
    return frozenset(one["id"] for one in APPLICATION_ROWS.genuine(store, rows))


def origins(store: Store) -> frozenset[str]:
    """The origins of all front ends."""
    return frozenset(origin for client in list_clients(store) for origin in client.origins)


def read_public_keys(keys: dict[str, Any]) -> dict[str, Any]:
    """The public parts of keys, all of kinds that sign with a key pair.

    Raises `ClientRegistrationError`.
    """
    try:
        kinds = {key["kty"] for key in keys["keys"]}
        if not kinds or kinds - {"EC", "RSA", "OKP"}:
            raise ClientRegistrationError("Le jeu de clés doit tenir des clés EC, RSA ou OKP.")
        read = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # any JSON: joserfc checks it
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ClientRegistrationError("Jeu de clés JWKS illisible.") from error
    return dict(read.as_dict(private=False))


def _usable(client_id: str) -> Any:
    return (ClientTable.id == client_id) & ClientTable.disabled_at.is_null()


def _enabled() -> Any:
    return ClientTable.select(*APPLICATION_ROWS.columns).where(ClientTable.disabled_at.is_null())


def _clients(store: Store, query: Any) -> list[Client]:
    """The clients of a query that are as the service wrote them."""
    return [_client(one) for one in APPLICATION_ROWS.genuine(store, store.rows(query.tuples()))]


def _client(row: dict[str, Any]) -> Client:
    lists = {
        name: tuple(json.loads(row[name]))
        for name in ("redirect_uris", "post_logout_redirect_uris", "origins", "scopes")
    }
    return Client(
        client_id=row["id"],
        name=row["name"],
        authentication=row["authentication"],
        secret_hash=row["secret_hash"],
        keys=json.loads(row["keys"]) if row["keys"] else None,
        **lists,
    )


def _insert(store: Store, now: int, secret: str | None, **columns: object) -> RegisteredClient:
    client_id = f"client-{uuid.uuid4()}"
    secret_hash = digest(secret) if secret else None
    row = {"id": client_id, "secret_hash": secret_hash, "created_at": now, **columns}
    store.run(ClientTable.insert(APPLICATION_ROWS.signed(store, row)))
    return RegisteredClient(client_id, secret)


def _check_scopes(scopes: Iterable[str], allowed: tuple[str, ...]) -> None:
    unknown = sorted(set(scopes) - set(allowed))
    if unknown or not scopes:
        raise ClientRegistrationError(
            f"Portées refusées : {' '.join(unknown) or 'aucune n’est demandée'}."
        )
