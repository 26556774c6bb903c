"""The provider's own sessions: which browser is signed in to which account.

A session is a row here and a secret of 256 bits in a cookie; the row has the secret's hash only.
It ends after half an hour without a request, here or to the service under the same account; after
twelve hours in any case, and when the account says so. Every sign-in makes a new secret and ends the browser's session before it.
"""

import json
import secrets
from collections.abc import Mapping

from starlette.requests import Request

from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.account_context import (
    HOUR,
    MINUTE,
    SECOND,
    AccountContext,
    derive_key,
)
from graphql_api.identity_provider.accounts.authenticated_tables import ACCOUNT_SESSIONS
from graphql_api.identity_provider.accounts.tables import AccountSessionTable
from graphql_api.identity_provider.oauth import grants
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store
from graphql_api.web.http.cookies import HostCookie, is_https

IDLE = 30 * MINUTE
ABSOLUTE = 12 * HOUR
RECENT = 10 * MINUTE
_SEEN_EVERY = MINUTE
_ORIGIN = SealContext("idp_session", "origin", 1)

Headers = list[tuple[str, str]]


class AccountDisabledError(Exception):
    """An operator disabled the account: nobody signs in to it."""


def begin(
    context: AccountContext,
    request: Request,
    account: str,
    *,
    acr: str | None = None,
    amr: tuple[str, ...] = (),
    at: int | None = None,
    origin: Mapping[str, str] | None = None,
) -> Headers:
    """Begin a session, and return the headers for the browser.

    `at` is when the person proved who they are, in microseconds: now, unless another provider
    says. `origin` is what to tell that provider when the browser signs out. Raises
    `AccountDisabledError`.
    """
    if accounts.is_disabled(context, account):
        raise AccountDisabledError
    _end_current(context, request)
    secret = secrets.token_urlsafe(32)
    row = {
        "secret_hash": digest(secret),
        "account": account,
        "signed_in_at": context.now if at is None else min(at, context.now),
        "began_at": context.now,
        "seen_at": context.now,
        "acr": acr,
        "amr": json.dumps(amr),
        "sealed": _sealer(secret).seal(_ORIGIN, dict(origin)) if origin else None,
    }
    context.store.run(AccountSessionTable.insert(ACCOUNT_SESSIONS.signed(context.store, row)))
    return [cookie_of(context).set_header(secret)]


def signed_in_user(context: AccountContext, request: Request) -> SignedInUser | None:
    """The user who is signed in. Call it in a write transaction: it records the time."""
    hashed = current_hash(context, request)
    if hashed is None:
        return None
    row = context.store.row(
        AccountSessionTable.select(AccountSessionTable.seen_at, *ACCOUNT_SESSIONS.columns)
        .where(AccountSessionTable.secret_hash == hashed)
        .tuples()
    )
    if row is None or not ACCOUNT_SESSIONS.is_genuine(context.store, row[1:]):
        return None
    seen_at, _, account, signed_in_at, began_at, acr, amr, _ = row
    if context.now >= began_at + ABSOLUTE:
        return None
    is_due = context.now - seen_at >= _SEEN_EVERY
    is_at_service = is_due and context.is_at_service(context, request, account)
    if context.now >= seen_at + IDLE and not is_at_service:
        return None
    if is_due:
        here = AccountSessionTable.secret_hash == hashed
        context.store.run(
            AccountSessionTable.update(seen_at=context.now).where(
                here, AccountSessionTable.seen_at < context.now
            )
        )
    return SignedInUser(account, signed_in_at // SECOND, acr, tuple(json.loads(amr)))


def seconds_left(context: AccountContext, request: Request) -> int:
    """In how many seconds the browser's session ends, unless it is used again; 0 without one."""
    row = context.store.row(
        AccountSessionTable.select(AccountSessionTable.seen_at, AccountSessionTable.began_at)
        .where(AccountSessionTable.secret_hash == current_hash(context, request))
        .tuples()
    )
    if row is None:
        return 0
    seen_at, began_at = row
    left: int = min(seen_at + IDLE, began_at + ABSOLUTE) - context.now
    return max(0, left) // SECOND


def is_recent(context: AccountContext, signed_in: SignedInUser) -> bool:
    """Whether a user signed in so recently that they need not authenticate again."""
    return context.now - signed_in.at * SECOND <= RECENT


def origin_of(context: AccountContext, request: Request) -> dict[str, str] | None:
    """The values for the logout at the upstream provider; None when none signed the browser in."""
    hashed = current_hash(context, request)
    row = context.store.row(
        AccountSessionTable.select(AccountSessionTable.sealed)
        .where(AccountSessionTable.secret_hash == hashed)
        .tuples()
    )
    if row is None or row[0] is None:
        return None
    sealer = _sealer(cookie_of(context).read(request) or "")
    try:
        opened: dict[str, str] = sealer.open(_ORIGIN, row[0])
    except DecryptionError:  # altered: the browser is signed out here, and not there
        return None
    return opened


def end(context: AccountContext, request: Request) -> Headers:
    """End the browser's session, and return the headers for the browser."""
    _end_current(context, request)
    return [cookie_of(context).delete_header()]


def end_all(context: AccountContext, account: str) -> None:
    """End all sessions of an account, the service's included, and revoke its grants."""
    context.store.run(AccountSessionTable.delete().where(AccountSessionTable.account == account))
    grants.revoke_all(context.store, account, context.now)
    context.signed_out(context, account)


def current_hash(context: AccountContext, request: Request) -> str | None:
    """The hash of the secret that the browser sent, whether a session has it or not."""
    secret = cookie_of(context).read(request)
    return digest(secret) if secret and secret.isascii() else None


def cookie_of(context: AccountContext) -> HostCookie:
    """The cookie of the provider's own sessions."""
    return account_cookie(context.public_url)


def account_cookie(public_url: str) -> HostCookie:
    """The cookie of the provider's own sessions at that address."""
    return HostCookie("livret-account", is_https(public_url))


def delete_expired(store: Store, now: int) -> int:
    """Delete the sessions that have expired; return how many."""
    over = AccountSessionTable.began_at <= now - ABSOLUTE  # it may be used at the service
    return delete_in_batches(store, AccountSessionTable, over)


def _end_current(context: AccountContext, request: Request) -> None:
    hashed = current_hash(context, request)
    if hashed is not None:
        context.store.run(
            AccountSessionTable.delete().where(AccountSessionTable.secret_hash == hashed)
        )


def _sealer(secret: str) -> Sealer:
    """The sealer of one session: only the browser's own secret opens it."""
    return Sealer("session", derive_key(secret.encode(), "session"))
