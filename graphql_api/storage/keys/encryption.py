"""Sealing: everything personal is encrypted with the key of its booklet.

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
KEY_ID_LENGTH = 8


class DecryptionError(Exception):
    """A sealed value was altered or moved, or belongs to another key: it does not open."""


@dataclass(frozen=True, slots=True)
class SealContext:
    """The table, row and version of a sealed value, which opens in that context only."""

    table: str
    row: str
    version: int


class Sealer:
    """Seals and opens the values of one booklet."""

    def __init__(self, booklet: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._key = key
        self._booklet = booklet

    def seal(self, context: SealContext, value: Any) -> bytes:
        """The value as JSON, encrypted: 28 bytes longer than its JSON."""
        return self.seal_bytes(context, orjson.dumps(value))

    def open(self, context: SealContext, sealed: bytes) -> Any:
        """The value that was sealed in that context. Raises `DecryptionError` for anything else."""
        try:
            return orjson.loads(self.open_bytes(context, sealed))
        except ValueError as error:
            raise DecryptionError(f"{context.table} {context.row}") from error

    def seal_bytes(self, context: SealContext, content: bytes) -> bytes:
        """The content, encrypted: 28 bytes longer."""
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + self._cipher.encrypt(nonce, content, self._associated_data(context))

    def open_bytes(self, context: SealContext, sealed: bytes) -> bytes:
        """The content that was sealed in that context. Raises `DecryptionError` for anything else."""
        try:
            nonce, body = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
            return self._cipher.decrypt(nonce, body, self._associated_data(context))
        except (InvalidTag, ValueError, TypeError) as error:  # TypeError: a null, or no bytes
            raise DecryptionError(f"{context.table} {context.row}") from error

    def blind_index(self, text: str) -> str:
        """A keyed hash by which equal texts are found; without the key, no guess can be checked."""
        index_key = hmac.digest(self._key, b"mark", "sha256")
        return hmac.digest(index_key, text.encode(), "sha256").hex()

    def _associated_data(self, context: SealContext) -> bytes:
        return f"{self._booklet}|{context.table}|{context.row}|{context.version}".encode()


def new_key() -> bytes:
    """Generate a booklet key."""
    return AESGCM.generate_key(bit_length=8 * KEY_LENGTH)


def key_id(master_key: bytes) -> bytes:
    """The public name of a master key: eight bytes, from which nothing of the key is known."""
    return hmac.digest(master_key, b"livret master key id", "sha256")[:KEY_ID_LENGTH]


def wrap(master_key: bytes, name: str, key: bytes) -> bytes:
    """Encrypt a key with the master key, whose id stands first. `name` is that of the key."""
    nonce = os.urandom(NONCE_LENGTH)
    sealed = AESGCM(master_key).encrypt(nonce, key, f"key|{name}".encode())
    return key_id(master_key) + nonce + sealed


def unwrap(master_key: bytes, name: str, wrapped: bytes) -> bytes:
    """Decrypt a wrapped key. Raises `DecryptionError` with another master key, or another name."""
    if wrapped[:KEY_ID_LENGTH] != key_id(master_key):
        raise DecryptionError(f"key {name}: another master key")
    return unwrap_without_id(master_key, name, wrapped[KEY_ID_LENGTH:])


def unwrap_without_id(master_key: bytes, name: str, wrapped: bytes) -> bytes:
    """Decrypt a key that was wrapped before wrapped keys told their master key.

    Raises `DecryptionError`.
    """
    nonce, body = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
    try:
        return AESGCM(master_key).decrypt(nonce, body, f"key|{name}".encode())
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(f"key {name}") from error
