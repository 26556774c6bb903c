"""Compression of answers that hold no secret.

The length of a compressed answer tells what is in it to those who can add text to it (BREACH). So
only what anybody may read is compressed: files of ours, and answers to requests without credentials.
"""

import gzip
from functools import lru_cache

from starlette.datastructures import Headers

MIN_BYTES = 1_000
_LEVEL = 5


def compresses(headers: Headers) -> bool:
    """Whether the answer to a request may be compressed: it has no credentials and takes gzip."""
    if "authorization" in headers or "cookie" in headers:
        return False
    return accepts_gzip(headers)


def accepts_gzip(headers: Headers) -> bool:
    """Whether a client takes gzip: RFC 9110, section 12.5.3."""
    weights: dict[str, bool] = {}
    for written in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        coding, *parameters = (part.strip() for part in written.split(";"))
        refused = any(_is_zero(one) for one in parameters)
        weights[coding] = not refused
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def compress(body: bytes) -> bytes:
    """The body in gzip; without a time, so that the same body has the same bytes."""
    return gzip.compress(body, _LEVEL, mtime=0)


compress_file = lru_cache(maxsize=8)(compress)


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and not value.strip().strip("0.")
