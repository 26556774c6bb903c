"""Arrivals: proofs of who somebody is elsewhere, kept for ten minutes and used once.

A proof belongs to the browser that brought it: a secret of 256 bits in a cookie finds it and opens
it. The functions work within the caller's transaction.
"""

import secrets
from dataclasses import asdict, dataclass, field

from starlette.requests import Request

from graphql_api.identity_provider.accounts.account_context import MINUTE, SECOND, Desk, subkey
from graphql_api.identity_provider.accounts.sessions import Headers
from graphql_api.identity_provider.upstream.tables import Arrival as Row
from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import digest

LIFETIME = 10 * MINUTE
_PLACE = SealContext("idp_arrival", "arrival", 1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who was identified where, and where the browser wants to go.

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


def keep(desk: Desk, arrival: Arrival) -> Headers:
    """Keep a proof; the headers that give the browser its secret."""
    secret = secrets.token_urlsafe(32)
    sealed = _vault(secret).seal(_PLACE, asdict(arrival))
    expires_at = desk.now + LIFETIME
    desk.store.run(Row.insert(secret_hash=digest(secret), expires_at=expires_at, sealed=sealed))
    return [("set-cookie", _cookie(desk, secret, LIFETIME // SECOND))]


def find(desk: Desk, request: Request) -> Arrival | None:
    """The proof that the browser brought, if it is still good."""
    secret = request.cookies.get(_name(desk))
    if not secret or not secret.isascii():
        return None
    here = (Row.secret_hash == digest(secret)) & (Row.expires_at > desk.now)
    row = desk.store.row(Row.select(Row.sealed).where(here).tuples())
    if row is None:
        return None
    opened = _vault(secret).open(_PLACE, bytes(row[0]))
    return Arrival(**opened | {"amr": tuple(opened["amr"])})


def take(desk: Desk, request: Request) -> Headers | None:
    """Use the proof up; the headers that tell the browser so, or None when it was used already."""
    used = Row.delete().where(Row.secret_hash == digest(request.cookies.get(_name(desk), "")))
    return [("set-cookie", _cookie(desk, "", 0))] if desk.store.run(used) == 1 else None


def sweep(desk: Desk) -> None:
    """Delete the proofs that nobody used in time."""
    desk.store.run(Row.delete().where(Row.expires_at <= desk.now))


def is_https(desk: Desk) -> bool:
    """Whether browsers reach us by https, and cookies are bound to that."""
    return desk.public_url.startswith("https://")


def _vault(secret: str) -> Sealer:
    return Sealer("arrival", subkey(secret.encode(), "arrival"))


def _name(desk: Desk) -> str:
    return "__Host-livret-arrival" if is_https(desk) else "livret-arrival"


def _cookie(desk: Desk, value: str, seconds: int) -> str:
    secure = "; Secure" if is_https(desk) else ""
    name = _name(desk)
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
