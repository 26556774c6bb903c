"""Pending logins: identities proven by an upstream provider, stored for ten minutes, used once.

A pending login belongs to one browser: a secret of 256 bits in a cookie finds it and opens it. It
is sealed by a key of the service besides, so that one that somebody wrote into the database, of
whomever they like, opens nothing. The functions work within the caller's transaction.
"""

import logging
import secrets
from dataclasses import asdict, dataclass, field

from starlette.requests import Request

from graphql_api.identity_provider.accounts.account_context import (
    MINUTE,
    SECOND,
    AccountContext,
)
from graphql_api.identity_provider.accounts.sessions import Headers
from graphql_api.identity_provider.upstream.tables import PendingLoginTable
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store
from graphql_api.web.http.cookies import HostCookie, is_https

_log = logging.getLogger(__name__)
LIFETIME = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A person whom a provider identified, and the path to which the browser returns.

    `at` is when the person proved who they are, in microseconds; `origin` is what the provider is
    told at sign-out. Names and address are for display and for a new account, nothing else.
    """

    issuer: str
    subject: str
    label: str
    at: int
    acr: str | None
    amr: tuple[str, ...]
    family_name: str
    given_name: str
    email: str
    back: str
    origin: dict[str, str] = field(default_factory=dict)


def store(context: AccountContext, login: PendingLogin) -> Headers:
    """Store a pending login, and return the headers that give the browser its secret."""
    secret = secrets.token_urlsafe(32)
    expires_at = context.now + LIFETIME
    sealed = _sealer(context, secret).seal(_seal_context(expires_at), asdict(login))
    context.store.run(
        PendingLoginTable.insert(secret_hash=digest(secret), expires_at=expires_at, sealed=sealed)
    )
    return [_cookie(context).set_header(secret)]


def find(context: AccountContext, request: Request) -> PendingLogin | None:
    """The pending login of the browser, if it is still valid."""
    secret = _cookie(context).read(request)
    if not secret or not secret.isascii():
        return None
    here = (PendingLoginTable.secret_hash == digest(secret)) & (
        PendingLoginTable.expires_at > context.now
    )
    query = PendingLoginTable.select(PendingLoginTable.expires_at, PendingLoginTable.sealed)
    row = context.store.row(query.where(here).tuples())
    if row is None:
        return None
    expires_at, sealed = row
    try:
        opened = _sealer(context, secret).open(_seal_context(expires_at), sealed)
    except DecryptionError:  # altered, or not written by us: the person signs in again
        _log.error("not authentic: idp_arrival %s", digest(secret)[:16])
        return None
    return PendingLogin(**opened | {"amr": tuple(opened["amr"])})


def consume(context: AccountContext, request: Request) -> Headers | None:
    """Use the pending login up, and return the headers for the browser; None when it was used."""
    used = PendingLoginTable.delete().where(
        PendingLoginTable.secret_hash == digest(_cookie(context).read(request) or "")
    )
    return [_cookie(context).delete_header()] if context.store.run(used) == 1 else None


def delete_expired(store: Store, now: int) -> int:
    """Delete the pending logins that nobody used in time; return how many."""
    return delete_in_batches(store, PendingLoginTable, PendingLoginTable.expires_at <= now)


def _sealer(context: AccountContext, secret: str) -> Sealer:
    return Sealer("arrival", context.sealing_key(secret, "arrival"))


def _seal_context(expires_at: int) -> SealContext:
    return SealContext("idp_arrival", "arrival", expires_at)


def _cookie(context: AccountContext) -> HostCookie:
    secure = is_https(context.public_url)
    return HostCookie("livret-arrival", secure, max_age=LIFETIME // SECOND)
