"""The address of a client, as limits count it."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from starlette.requests import Request


def client_network(request: Request) -> str:
    """The IPv4 address from which a request comes, or the /64 network of its IPv6 address."""
    return network_of(request.client.host if request.client else "")


def network_of(host: str) -> str:
    """The address if it is of IPv4, its /64 network if it is of IPv6; as it is if it is no address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, 64), strict=False))
