"""Sessions of browsers: begun by a sign-in, found by their secret, ended by sign-out, idleness or age.

They live in the database, so that ending one ends it everywhere. Only the hash of a secret is
stored, and the ID token is sealed with the secret itself: without the browser's cookie nobody can
take up a session, nor read under which token it began.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import digest, to_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import SessionTable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
SCOPES = frozenset({"livret:read", "livret:write", "rh:codes"})
_NONCE_LENGTH = 12
_BY_HASH = (
    SessionTable.select(
        SessionTable.issuer,
        SessionTable.subject,
        SessionTable.signed_in_at,
        SessionTable.created_at,
        SessionTable.seen_at,
    )
    .where(SessionTable.secret_hash == "hash")  # noqa: S105 - the name of a parameter
    .tuples()
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom an issuer signed in: when (seconds since 1970), how, and by which ID token."""

    issuer: str
    subject: str
    signed_in_at: int | None
    acr: str | None
    id_token: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on, and when it was last seen (microseconds)."""

    secret_hash: str
    agent: Agent
    seen_at: int


def begin(store: Store, who: SignedIn, now: datetime) -> str:
    """Begin a session; its secret, which is told this once."""
    secret, now_us = secrets.token_urlsafe(32), to_microseconds(now)
    store.run(
        SessionTable.insert(
            secret_hash=digest(secret),
            issuer=who.issuer,
            subject=who.subject,
            signed_in_at=who.signed_in_at,
            acr=who.acr,
            created_at=now_us,
            seen_at=now_us,
            sealed=_sealed(secret, who.id_token),
        )
    )
    return secret


def find(store: Store, secret_hash: str, now: datetime) -> Session | None:
    """The session of that secret, unless it was idle for half an hour or is twelve hours old."""
    rows = store.rows_of("session", _BY_HASH, secret_hash)
    if not rows:
        return None
    issuer, subject, signed_in_at, created_at, seen_at = rows[0]
    if created_at <= to_microseconds(now - LONGEST) or seen_at <= to_microseconds(now - IDLE):
        return None
    return Session(secret_hash, Agent(issuer, subject, SCOPES, signed_in_at), seen_at)


def is_to_be_seen(session: Session, now: datetime) -> bool:
    """Whether it is time to write that the session was seen: once a minute at most."""
    return session.seen_at <= to_microseconds(now - SEEN_EVERY)


def see(store: Store, session: Session, now: datetime) -> None:
    """Write that a session was seen now; one that ended meanwhile stays ended."""
    now_us = to_microseconds(now)
    known = (SessionTable.secret_hash == session.secret_hash) & (SessionTable.seen_at < now_us)
    store.run(SessionTable.update(seen_at=now_us).where(known))


def end(store: Store, secret: str) -> str | None:
    """End the session of that secret, expired or not; its ID token, None if there is no session."""
    known = SessionTable.secret_hash == digest(secret)
    row = store.row(SessionTable.select(SessionTable.sealed).where(known).tuples())
    store.run(SessionTable.delete().where(known))
    return _opened(secret, bytes(row[0])) if row else None


def end_all(store: Store, identities: Iterable[tuple[str, str]]) -> None:
    """End every session of somebody, whose ways to sign in are pairs of issuer and subject."""
    for issuer, subject in identities:
        theirs = (SessionTable.issuer == issuer) & (SessionTable.subject == subject)
        store.run(SessionTable.delete().where(theirs))


def sweep(store: Store, now: datetime) -> int:
    """Delete the sessions that are over, in the caller's transaction; how many there were."""
    over = (SessionTable.seen_at <= to_microseconds(now - IDLE)) | (
        SessionTable.created_at <= to_microseconds(now - LONGEST)
    )
    return store.run(SessionTable.delete().where(over))


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"livret session id token")
    return AESGCM(derived.derive(secret.encode()))


def _sealed(secret: str, id_token: str) -> bytes:
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + _cipher(secret).encrypt(nonce, id_token.encode(), digest(secret).encode())


def _opened(secret: str, sealed: bytes) -> str | None:
    """The ID token; None when somebody wrote to the row: sign-out does without it."""
    nonce, body = sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:]
    try:
        return _cipher(secret).decrypt(nonce, body, digest(secret).encode()).decode()
    except (InvalidTag, ValueError):
        return None
