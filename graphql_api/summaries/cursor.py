"""Cursors of summaries: a position in what one site reads, which is of no use to another.

A cursor is signed for its site and for the `changedSince` of its synchronisation. One that was
altered, or that comes from elsewhere, is refused like an invented one.
"""

import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

_PURPOSE = b"livret summary cursors"
_FORM = struct.Struct(">qq")
_SIGNATURE_LENGTH = 16
_LONGEST = 200
_ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CursorPosition:
    """The end of a page: the time and the id of its last item, and the `asOf` of the first page.

    A change that comes meanwhile is served to a later reading with `changedSince` = `as_of`.
    Times are microseconds since 1970.
    """

    at: int
    id: str
    as_of: int


def position_in(cursor: str) -> CursorPosition | None:
    """The position that a text names, whoever made it: see `Cursors.made`. None when it names none."""
    if len(cursor) > _LONGEST or not cursor.isascii():
        return None
    try:
        body = _decoded(cursor)[:-_SIGNATURE_LENGTH]
        at, as_of = _FORM.unpack_from(body)
        id = body[_FORM.size :].decode("ascii")
    except (ValueError, struct.error):
        return None
    return CursorPosition(at, id, as_of) if _ID.fullmatch(id) else None


def _decoded(cursor: str) -> bytes:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


class Cursors:
    """The cursors of one site and synchronisation."""

    def __init__(self, secret: bytes, site: str, since: int | None) -> None:
        self._key = hmac.digest(secret, _PURPOSE, "sha256")
        self._of = f"{site}|{'' if since is None else since}|".encode()

    def encode(self, position: CursorPosition) -> str:
        """A position as a cursor."""
        body = _FORM.pack(position.at, position.as_of) + position.id.encode()
        return urlsafe_b64encode(body + self._signature(body)).decode().rstrip("=")

    def made(self, cursor: str) -> bool:
        """Whether this is one of these cursors; `position_in` found a position in it."""
        raw = _decoded(cursor)
        body, signature = raw[:-_SIGNATURE_LENGTH], raw[-_SIGNATURE_LENGTH:]
        return hmac.compare_digest(signature, self._signature(body))

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, self._of + body, "sha256")[:_SIGNATURE_LENGTH]
