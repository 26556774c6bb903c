"""The address of a client, as limits count it."""

import socket

from starlette.requests import HTTPConnection, Request

_MAPPED = bytes(10) + b"\xff\xff"  # IPv4 addresses as IPv6 writes them (RFC 4291, section 2.5.5.2)


def client_network(request: Request) -> str:
    """The IPv4 address from which a request comes, or the /64 network of its IPv6 address."""
    return network_of(request.client.host if request.client else "")


def counted_address(connection: HTTPConnection) -> str | None:
    """The address by which a caller is counted; None for this machine, and for what has none."""
    host = connection.client.host if connection.client else ""
    network = network_of(host)
    is_local = network.startswith("127.") or host == "::1"
    return None if is_local or not ("." in network or ":" in network) else network


def network_of(host: str) -> str:
    """The address if it is of IPv4, its /64 network if it is of IPv6; as it is if it is no address."""
    if _packed(socket.AF_INET, host) is not None:
        return host
    packed = _packed(socket.AF_INET6, host)
    if packed is None:
        return _without_interface(host)
    if packed.startswith(_MAPPED):
        return socket.inet_ntop(socket.AF_INET, packed[12:])
    return f"{socket.inet_ntop(socket.AF_INET6, packed[:8] + bytes(8))}/64"


def _packed(family: int, host: str) -> bytes | None:
    """The bytes of an address: the C library reads it ten times sooner than `ipaddress`."""
    try:
        return socket.inet_pton(family, host)
    except (OSError, ValueError):
        return None


def _without_interface(host: str) -> str:
    """The network of an address that names an interface (`fe80::1%eth0`), else what was given."""
    bare, named, _ = host.partition("%")
    return network_of(bare) if named and _packed(socket.AF_INET6, bare) is not None else host
