"""An id for each request, in its answer (`X-Request-Id`) and in the lines that it logs.

An id says nothing about anybody: it is ours, or one of the caller's own in the form of a UUID, so
that no name or address gets into a log by it.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.types import Scope

from graphql_api.web.http.raw_headers import raw_header

HEADER = b"x-request-id"
NO_REQUEST = "-"
_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
_UUID = re.compile(
    r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}", re.IGNORECASE
)

# Each question to the system (`uuid4`) would let other threads run first.
_ids = random.Random()  # noqa: S311 - no secret


def current_request_id() -> str:
    """The id of the request under way, or « - » outside of requests."""
    return _REQUEST_ID.get()


def begin_request(scope: Scope) -> str:
    """Give a request its id, and return it.

    The context is not reset: the server logs a failure after the request, in the same task, which
    ends then.
    """
    request_id = _given_id(scope) or new_id()
    _REQUEST_ID.set(request_id)
    return request_id


@contextmanager
def request_named(id: str) -> Iterator[None]:
    """Name a request in the lines that are logged meanwhile; « - » names none."""
    before = _REQUEST_ID.set(id)
    try:
        yield
    finally:
        _REQUEST_ID.reset(before)


def _given_id(scope: Scope) -> str | None:
    """The id that the caller gave, if it says nothing but that."""
    given = raw_header(scope, HEADER)
    if given is None or not _UUID.fullmatch(text := given.decode("latin-1")):
        return None
    return text.lower()


def new_id() -> str:
    """A UUID of version 4 (RFC 9562, section 5.4)."""
    digits = f"{_ids.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
