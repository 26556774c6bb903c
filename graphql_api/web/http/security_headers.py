"""The headers of every answer: no sniffing, no framing, no referrer, no cache.

The headers of an answer stay: pages have their own policy, public documents may be cached.
"""

from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]

HSTS = "max-age=31536000"
DEFAULTS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class SecurityHeaders:
    """The headers; `https` is how browsers reach the service."""

    def __init__(self, *, https: bool) -> None:
        wanted = DEFAULTS | ({"strict-transport-security": HSTS} if https else {})
        self._wanted = [(name.encode(), value.encode()) for name, value in wanted.items()]

    def added_to(self, given: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
        """The headers of an answer, with those that it does not set."""
        headers = list(given)
        named = {name.lower() for name, _ in headers}
        return headers + [pair for pair in self._wanted if pair[0] not in named]
