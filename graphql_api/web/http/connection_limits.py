"""What a connection may take: sizes, times and numbers, so that nobody holds the service for long.

Settings say the numbers that depend on who calls; the others are constants here.
"""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from graphql_api.web.http.client_address import network_of
from graphql_api.web.http.refusal_lines import RefusalLines

MAX_HEADERS = 100
MAX_HEAD_BYTES = 32_768  # of all headers of a request, names and values
MAX_TARGET_BYTES = 8_192
MIN_BYTES_PER_SECOND = 4_000  # of what takes longer than it may: slower is cut off
WRITE_SECONDS = 30  # between two looks at whether a client reads its answer


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits that settings decide.

    `head_seconds` run from the first byte of a request (of a new connection: from its beginning) to
    the end of its headers, `body_seconds` from there to the end of its body; a body that comes at
    `MIN_BYTES_PER_SECOND` may take longer. uvicorn itself bounds the time from an answer to the
    next request. `trusted` proxies are not limited by their address: all clients come from theirs.
    """

    connections: int = 500
    per_address: int = 100
    head_seconds: float = 10
    body_seconds: float = 30
    trusted: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenConnections:
    """The open connections by client: an IPv4 address, or a /64 network of IPv6.

    `refusals` tells of those that are refused.
    """

    limits: ConnectionLimits
    refusals: RefusalLines = field(default_factory=RefusalLines)
    _by_address: Counter[str] = field(default_factory=Counter)

    def enter(self, host: str) -> bool:
        """Count a connection, and return whether its client may have it."""
        network = network_of(host)
        self._by_address[network] += 1
        return self._by_address[network] <= self.limits.per_address or self._is_trusted(host)

    def leave(self, host: str) -> None:
        """Count a connection no longer."""
        network = network_of(host)
        self._by_address[network] -= 1
        if self._by_address[network] <= 0:
            del self._by_address[network]

    def _is_trusted(self, host: str) -> bool:
        try:
            client = ip_address(host)
        except ValueError:
            return False
        return any(client in network for network in self.limits.trusted)


def trusted_networks(written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks in `LIVRET_TRUSTED_PROXIES`; what is no network names nobody here."""
    if written.strip() == "*":
        return ip_network("0.0.0.0/0"), ip_network("::/0")
    found = []
    for one in written.split(","):
        try:
            found.append(ip_network(one.strip(), strict=False))
        except ValueError:
            continue
    return tuple(found)
