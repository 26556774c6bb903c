"""Cursors of summaries: a place in what one site reads, and nothing that another could use.

A cursor is signed for its site and for the `changedSince` of its synchronisation. One that was
altered, or that comes from elsewhere, is like one that was made up.
"""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

_PURPOSE = b"livret summary cursors"
_FORM = struct.Struct(">qq")
_SIGNATURE_LENGTH = 16
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CursorPosition:
    """Where a page ended: the time and the id of its last item; and since when it is as it is.

    `as_of` is that of the first page: what changes meanwhile is told to whoever asks since then.
    Times are microseconds since 1970.
    """

    at: int
    id: str
    as_of: int


def encode(master_key: bytes, site: str, since: int | None, place: CursorPosition) -> str:
    """The cursor of a place."""
    body = _FORM.pack(place.at, place.as_of) + place.id.encode()
    return urlsafe_b64encode(body + _signature(master_key, site, since, body)).decode().rstrip("=")


def decode(master_key: bytes, site: str, since: int | None, cursor: str) -> CursorPosition | None:
    """The place of a cursor of this site and synchronisation, or None for anything else."""
    if len(cursor) > _LONGEST or not cursor.isascii():
        return None
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        return None
    body, signature = raw[:-_SIGNATURE_LENGTH], raw[-_SIGNATURE_LENGTH:]
    if not hmac.compare_digest(signature, _signature(master_key, site, since, body)):
        return None
    at, as_of = _FORM.unpack_from(body)
    return CursorPosition(at, body[_FORM.size :].decode(), as_of)


def _signature(master_key: bytes, site: str, since: int | None, body: bytes) -> bytes:
    key = hmac.digest(master_key, _PURPOSE, "sha256")
    said = f"{site}|{'' if since is None else since}|".encode() + body
    return hmac.digest(key, said, "sha256")[:_SIGNATURE_LENGTH]
