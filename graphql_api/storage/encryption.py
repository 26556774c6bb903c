"""Sealing: everything personal is encrypted with a key of its booklet's own.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the associated data names the booklet,
table, row and version, so that no sealed value can be moved to another place. A booklet's key is
wrapped by the master key and lives in a key store apart: destroying it destroys, at once and in
every backup of the data, whatever it sealed.
"""

import hmac
import os
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_LENGTH = 12
KEY_LENGTH = 32


class Unreadable(Exception):  # noqa: N818 - a state of the data, named as such
    """A sealed value that this key and place do not open: altered, moved, or another key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; a value opens in its own place only."""

    table: str
    row: str
    version: int


class BookletVault:
    """Seals and opens the values of one booklet."""

    def __init__(self, booklet: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._key = key
        self._booklet = booklet

    def seal(self, place: Place, value: Any) -> bytes:
        """The value as JSON, encrypted: 28 bytes longer than its JSON."""
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(value), self._context(place))

    def open(self, place: Place, sealed: bytes) -> Any:
        """The value that was sealed in that place; `Unreadable` otherwise."""
        nonce, body = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
        try:
            return orjson.loads(self._cipher.decrypt(nonce, body, self._context(place)))
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"{place.table} {place.row}") from error

    def mark(self, text: str) -> str:
        """What tells a text from others without telling what it is: nobody can check a guess."""
        marking = hmac.digest(self._key, b"mark", "sha256")
        return hmac.digest(marking, text.encode(), "sha256").hex()

    def _context(self, place: Place) -> bytes:
        return f"{self._booklet}|{place.table}|{place.row}|{place.version}".encode()


def new_key() -> bytes:
    """A fresh booklet key."""
    return AESGCM.generate_key(bit_length=8 * KEY_LENGTH)


def wrap(master_key: bytes, booklet: str, key: bytes) -> bytes:
    """A booklet key, encrypted with the master key for storage."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + AESGCM(master_key).encrypt(nonce, key, f"key|{booklet}".encode())


def unwrap(master_key: bytes, booklet: str, wrapped: bytes) -> bytes:
    """The booklet key that was wrapped; `Unreadable` with another master key."""
    nonce, body = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
    try:
        return AESGCM(master_key).decrypt(nonce, body, f"key|{booklet}".encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"key {booklet}") from error
