"""The provider's own sessions: which browser is signed in to which account.

A session is a row here and a secret of 256 bits in a cookie; the row has the secret's hash only.
It ends after half an hour without a request, after twelve hours in any case, and when the account
says so. Every sign-in makes a new secret and ends the browser's session before it.
"""

import json
import secrets
from collections.abc import Mapping

from starlette.requests import Request

from graphql_api.identity_provider import grants
from graphql_api.identity_provider.accounts.account_context import (
    HOUR,
    MINUTE,
    SECOND,
    Desk,
    subkey,
)
from graphql_api.identity_provider.accounts.tables import Session
from graphql_api.identity_provider.sign_in_step import SignedIn
from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import digest

IDLE = 30 * MINUTE
ABSOLUTE = 12 * HOUR
RECENT = 10 * MINUTE
_NOTED_EVERY = MINUTE
_ORIGIN = SealContext("idp_session", "origin", 1)

Headers = list[tuple[str, str]]


def begin(
    desk: Desk,
    request: Request,
    account: str,
    *,
    acr: str | None = None,
    amr: tuple[str, ...] = (),
    at: int | None = None,
    origin: Mapping[str, str] | None = None,
) -> Headers:
    """Sign the browser in; the headers that tell it so.

    `at` is when the person proved who they are, in microseconds: now, unless another provider
    says. `origin` is what to tell that provider when the browser signs out.
    """
    _end_present(desk, request)
    secret = secrets.token_urlsafe(32)
    desk.store.run(
        Session.insert(
            secret_hash=digest(secret),
            account=account,
            signed_in_at=desk.now if at is None else min(at, desk.now),
            began_at=desk.now,
            seen_at=desk.now,
            acr=acr,
            amr=json.dumps(amr),
            sealed=_vault(secret).seal(_ORIGIN, dict(origin)) if origin else None,
        )
    )
    return [("set-cookie", _cookie(desk, secret))]


def who(desk: Desk, request: Request) -> SignedIn | None:
    """Who is signed in in the browser. Call it in a write transaction: it notes the time."""
    hashed = current(desk, request)
    if hashed is None:
        return None
    columns = (
        Session.account,
        Session.signed_in_at,
        Session.began_at,
        Session.seen_at,
        Session.acr,
        Session.amr,
    )
    row = desk.store.row(Session.select(*columns).where(Session.secret_hash == hashed).tuples())
    if row is None:
        return None
    account, signed_in_at, began_at, seen_at, acr, amr = row
    if desk.now >= min(seen_at + IDLE, began_at + ABSOLUTE):
        return None
    if desk.now - seen_at >= _NOTED_EVERY:
        here = Session.secret_hash == hashed
        desk.store.run(Session.update(seen_at=desk.now).where(here, Session.seen_at < desk.now))
    return SignedIn(account, signed_in_at // SECOND, acr, tuple(json.loads(amr)))


def is_recent(desk: Desk, signed_in: SignedIn) -> bool:
    """Whether somebody signed in so recently that they need not prove again who they are."""
    return desk.now - signed_in.at * SECOND <= RECENT


def origin_of(desk: Desk, request: Request) -> dict[str, str] | None:
    """What to tell the provider that signed the browser in; None when that was nobody else."""
    hashed = current(desk, request)
    row = desk.store.row(
        Session.select(Session.sealed).where(Session.secret_hash == hashed).tuples()
    )
    if row is None or row[0] is None:
        return None
    opened: dict[str, str] = _vault(request.cookies[cookie_name(desk)]).open(_ORIGIN, bytes(row[0]))
    return opened


def leave(desk: Desk, request: Request) -> Headers:
    """End the browser's session; the headers that tell it so."""
    _end_present(desk, request)
    return [("set-cookie", f"{_cookie(desk, '')}; Max-Age=0")]


def end_all(desk: Desk, account: str) -> None:
    """Sign the account out everywhere: sessions, here and elsewhere, and all that was granted."""
    desk.store.run(Session.delete().where(Session.account == account))
    grants.revoke_all(desk.store, account, desk.now)
    desk.signed_out(desk, account)


def current(desk: Desk, request: Request) -> str | None:
    """The hash that names the browser's session, whether there still is one or not."""
    secret = request.cookies.get(cookie_name(desk))
    return digest(secret) if secret and secret.isascii() else None


def cookie_name(desk: Desk) -> str:
    """The cookie's name: browsers keep `__Host-` cookies to https and to this very host."""
    return "__Host-livret-account" if _is_https(desk) else "livret-account"


def sweep(desk: Desk) -> None:
    """Delete the sessions that ended by themselves."""
    over = (Session.seen_at <= desk.now - IDLE) | (Session.began_at <= desk.now - ABSOLUTE)
    desk.store.run(Session.delete().where(over))


def _end_present(desk: Desk, request: Request) -> None:
    hashed = current(desk, request)
    if hashed is not None:
        desk.store.run(Session.delete().where(Session.secret_hash == hashed))


def _vault(secret: str) -> Sealer:
    """What seals for one session: only the browser's own secret opens it."""
    return Sealer("session", subkey(secret.encode(), "session"))


def _cookie(desk: Desk, value: str) -> str:
    secure = "; Secure" if _is_https(desk) else ""
    return f"{cookie_name(desk)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _is_https(desk: Desk) -> bool:
    return desk.public_url.startswith("https://")
