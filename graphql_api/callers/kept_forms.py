"""Forms that were sent after their session had ended: kept for half an hour, for the same person.

So is a file that a page tried, until its sender confirms it.

Who sent a form is told by the session that had ended: one that is not known any more keeps none.
The form is sealed with a secret of its own, which only the browser's cookie holds, so that nobody
else can read it, and it is given to nobody but that person: anybody else's sign-in in the same
browser destroys it. Whose it is is sealed in with it, so that no other row can say so.
"""

import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.operation import digest, to_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import KeptFormTable, SessionTable
from graphql_api.web.http.cookies import is_secret

_log = logging.getLogger(__name__)
KEPT_FOR = timedelta(minutes=30)
MOST_KEPT = 10  # of a person; the oldest leave first
_NONCE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form: the path to which it was sent, and its fields."""

    path: str
    fields: dict[str, list[str]]


def keep(store: Store, session_secret: str, form: KeptForm, now: datetime) -> str | None:
    """Keep a form of whoever had that session, and return its secret; None for an unknown session."""
    if not is_secret(session_secret):
        return None
    known = SessionTable.secret_hash == digest(session_secret)
    owner = store.row(
        SessionTable.select(SessionTable.issuer, SessionTable.subject).where(known).tuples()
    )
    if owner is None:
        return None
    secret = secrets.token_urlsafe(32)
    issuer, subject = owner
    store.run(
        KeptFormTable.insert(
            secret_hash=digest(secret),
            issuer=issuer,
            subject=subject,
            expires_at=to_microseconds(now + KEPT_FOR),
            sealed=_sealed(secret, _bound(secret, issuer, subject), form),
        )
    )
    theirs = (KeptFormTable.issuer == issuer) & (KeptFormTable.subject == subject)
    newest = KeptFormTable.expires_at.desc(), KeptFormTable.secret_hash
    stay = KeptFormTable.select(KeptFormTable.secret_hash).where(theirs).order_by(*newest)
    store.run(
        KeptFormTable.delete().where(
            theirs & KeptFormTable.secret_hash.not_in(stay.limit(MOST_KEPT))
        )
    )
    return secret


def find(store: Store, secret: str, issuer: str, subject: str, now: datetime) -> KeptForm | None:
    """The form of that secret, for the person who sent it; destroyed when it is anybody else."""
    delete_unless_of(store, secret, issuer, subject)
    row = store.row(
        KeptFormTable.select(KeptFormTable.sealed)
        .where(
            KeptFormTable.secret_hash == digest(secret),
            KeptFormTable.expires_at > to_microseconds(now),
        )
        .tuples()
    )
    return _opened(secret, _bound(secret, issuer, subject), bytes(row[0])) if row else None


def delete_unless_of(store: Store, secret: str, issuer: str, subject: str) -> None:
    """Delete the form of that secret, unless that person sent it."""
    theirs = (KeptFormTable.issuer == issuer) & (KeptFormTable.subject == subject)
    this = KeptFormTable.secret_hash == digest(secret)
    store.run(KeptFormTable.delete().where(this & ~theirs))


def delete(store: Store, secret: str) -> None:
    """Delete the form of that secret."""
    store.run(KeptFormTable.delete().where(KeptFormTable.secret_hash == digest(secret)))


def delete_all(store: Store, identities: Iterable[tuple[str, str]]) -> None:
    """Delete every form of a person, whose login identities are pairs of issuer and subject."""
    for issuer, subject in identities:
        theirs = (KeptFormTable.issuer == issuer) & (KeptFormTable.subject == subject)
        store.write(KeptFormTable.delete().where(theirs))


def delete_expired(store: Store, now_us: int) -> int:
    """Delete the forms that are over; return how many. Raises `StoreUnavailableError`."""
    return delete_in_batches(store, KeptFormTable, KeptFormTable.expires_at <= now_us)


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"livret kept form")
    return AESGCM(derived.derive(secret.encode()))


def _bound(secret: str, issuer: str, subject: str) -> bytes:
    """What a form is sealed with besides: its row, and whose it is."""
    return orjson.dumps([digest(secret), issuer, subject])


def _sealed(secret: str, bound: bytes, form: KeptForm) -> bytes:
    nonce, text = os.urandom(_NONCE_LENGTH), orjson.dumps([form.path, form.fields])
    return nonce + _cipher(secret).encrypt(nonce, text, bound)


def _opened(secret: str, bound: bytes, sealed: bytes) -> KeptForm | None:
    """The form; None if the row was tampered with."""
    nonce, body = sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:]
    try:
        path, fields = orjson.loads(_cipher(secret).decrypt(nonce, body, bound))
    except (InvalidTag, ValueError):
        _log.error("not authentic: kept_form %s", digest(secret)[:16])
        return None
    return KeptForm(path, fields)
