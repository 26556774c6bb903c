"""Sessions of browsers: created by a sign-in, found by their secret, ended by sign-out, idleness or age.

Sessions live in the database, so that ending one ends it in every process. Only the hash of a
secret is stored, and the ID token is sealed with the secret itself: without the browser's cookie
nobody can use a session, nor read its ID token.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from peewee import JOIN

from graphql_api.storage.actors import Agent
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.content.booklet_rows import own_rows
from graphql_api.storage.content.booklet_statements import COLUMNS as BOOKLET_COLUMNS
from graphql_api.storage.keys.authenticated_rows import LOGIN_IDENTITIES, SESSIONS
from graphql_api.storage.operation import Operation, digest, from_microseconds, to_microseconds
from graphql_api.storage.people import person_of_rows
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletTable, LoginIdentityTable, PersonTable, SessionTable

MAX_IDLE = timedelta(minutes=30)
MAX_AGE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
SCOPES = frozenset({"livret:read", "livret:write", "rh:codes", "livret:operate"})
_NONCE_LENGTH = 12
_WIDTH = 1 + len(SESSIONS.columns)
_BY_HASH = (
    SessionTable.select(SessionTable.seen_at, *SESSIONS.columns)
    .where(SessionTable.secret_hash == "hash")  # noqa: S105 - the name of a parameter
    .tuples()
)
_SAME_LOGIN = (LoginIdentityTable.issuer == SessionTable.issuer) & (
    LoginIdentityTable.subject == SessionTable.subject
)
_WITH_PERSON = (
    SessionTable.select(SessionTable.seen_at, *SESSIONS.columns, *LOGIN_IDENTITIES.columns)
    .join(LoginIdentityTable, on=_SAME_LOGIN)
    .join(PersonTable, on=(PersonTable.id == LoginIdentityTable.person))
    .where(SessionTable.secret_hash == "hash")  # noqa: S105 - the name of a parameter
    .tuples()
)
_WITH_LOCKED_PERSON = _WITH_PERSON.for_update(of=PersonTable)
_WITH_BOOKLET = (
    SessionTable.select(
        SessionTable.seen_at, *SESSIONS.columns, *LOGIN_IDENTITIES.columns, *BOOKLET_COLUMNS
    )
    .join(LoginIdentityTable, JOIN.LEFT_OUTER, on=_SAME_LOGIN)
    .join(BookletTable, JOIN.LEFT_OUTER, on=(BookletTable.person == LoginIdentityTable.person))
    .where(SessionTable.secret_hash == "hash")  # noqa: S105 - the name of a parameter
    .tuples()
)


@dataclass(frozen=True, slots=True)
class ProviderSignIn:
    """The result of a sign-in at an issuer: when (seconds since 1970), how, and the ID token."""

    issuer: str
    subject: str
    signed_in_at: int | None
    acr: str | None
    id_token: str


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A live session, when it was last used, and when it ends however much it is used (microseconds)."""

    secret_hash: str
    agent: Agent
    seen_at: int
    latest_end: int

    def seconds_left(self, now: datetime) -> int:
        """How long it still lives after a use now, if nothing uses it again."""
        end = min(to_microseconds(now + MAX_IDLE), self.latest_end)
        return max(0, (end - to_microseconds(now)) // 1_000_000)


def create(store: Store, who: ProviderSignIn, now: datetime) -> str:
    """Create a session and return its secret, which is stored nowhere."""
    secret, now_us = secrets.token_urlsafe(32), to_microseconds(now)
    values = {
        "secret_hash": digest(secret),
        "issuer": who.issuer,
        "subject": who.subject,
        "signed_in_at": who.signed_in_at,
        "acr": who.acr,
        "created_at": now_us,
        "seen_at": now_us,
        "sealed": _sealed(secret, who.id_token),
    }
    store.run(SessionTable.insert(SESSIONS.signed(store, values)))
    return secret


def find(store: Store, secret_hash: str, now: datetime) -> BrowserSession | None:
    """The live session of that secret: not idle for half an hour, not twelve hours old."""
    return _live(store, store.rows_of("session", _BY_HASH, secret_hash), now)


def find_with_booklet(op: Operation, secret_hash: str) -> BrowserSession | None:
    """The live session of that secret; the operation gets its person and the row of their booklet."""
    rows = op.store.rows_of("session and booklet", _WITH_BOOKLET, secret_hash)
    session = _live(op.store, [row[:_WIDTH] for row in rows], op.now)
    if session is not None and rows[0][_WIDTH] is not None:
        own = own_rows(op, [row[_WIDTH:] for row in rows])
        op.own_row = own[0] if own else None
    return session


def find_and_lock(op: Operation, secret_hash: str) -> BrowserSession | None:
    """The live session of that secret; its person, if known, is the operation's, and is locked."""
    query = _WITH_PERSON if op.store.is_sqlite else _WITH_LOCKED_PERSON
    rows = op.store.rows_of("session and person", query, secret_hash)
    if not rows:  # of somebody who never wrote anything
        return find(op.store, secret_hash, op.now)
    session = _live(op.store, [row[:_WIDTH] for row in rows], op.now)
    if session is not None:
        op.person = person_of_rows(op, [row[_WIDTH:] for row in rows])
    return session


def _live(store: Store, rows: list[tuple[Any, ...]], now: datetime) -> BrowserSession | None:
    if not rows or not SESSIONS.is_genuine(store, rows[0][1:]):
        return None
    seen_at, secret_hash, issuer, subject, signed_in_at, _, created_at, _ = rows[0]
    if created_at <= to_microseconds(now - MAX_AGE) or seen_at <= to_microseconds(now - MAX_IDLE):
        return None
    latest_end = to_microseconds(from_microseconds(created_at) + MAX_AGE)
    agent = Agent(issuer, subject, SCOPES, signed_in_at)
    return BrowserSession(secret_hash, agent, seen_at, latest_end)


def needs_touch(session: BrowserSession, now: datetime) -> bool:
    """Whether to write that the session was used: once a minute at most."""
    return session.seen_at <= to_microseconds(now - TOUCH_EVERY)


def touch(store: Store, session: BrowserSession, now: datetime) -> None:
    """Write that a session was used now; a session that ended meanwhile stays ended."""
    now_us = to_microseconds(now)
    known = (SessionTable.secret_hash == session.secret_hash) & (SessionTable.seen_at < now_us)
    store.run(SessionTable.update(seen_at=now_us).where(known))


def delete(store: Store, secret: str) -> str | None:
    """Delete the session of that secret, expired or not; return its ID token, or None."""
    known = SessionTable.secret_hash == digest(secret)
    row = store.row(SessionTable.select(SessionTable.sealed).where(known).tuples())
    store.run(SessionTable.delete().where(known))
    return _opened(secret, bytes(row[0])) if row else None


def delete_all(store: Store, identities: Iterable[tuple[str, str]]) -> None:
    """Delete every session of a person, whose login identities are pairs of issuer and subject."""
    for issuer, subject in identities:
        theirs = (SessionTable.issuer == issuer) & (SessionTable.subject == subject)
        store.write(SessionTable.delete().where(theirs))


def delete_expired(store: Store, now_us: int) -> int:
    """Delete the sessions that are over; return how many. Raises `StoreUnavailableError`."""
    now = from_microseconds(now_us)
    over = (SessionTable.seen_at <= to_microseconds(now - MAX_IDLE)) | (
        SessionTable.created_at <= to_microseconds(now - MAX_AGE)
    )
    return delete_in_batches(store, SessionTable, over)


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"livret session id token")
    return AESGCM(derived.derive(secret.encode()))


def _sealed(secret: str, id_token: str) -> bytes:
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + _cipher(secret).encrypt(nonce, id_token.encode(), digest(secret).encode())


def _opened(secret: str, sealed: bytes) -> str | None:
    """The ID token; None if the row was tampered with, since sign-out works without it."""
    nonce, body = sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:]
    try:
        return _cipher(secret).decrypt(nonce, body, digest(secret).encode()).decode()
    except (InvalidTag, ValueError):
        return None
