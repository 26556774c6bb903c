"""The address by which a client is counted is what the standard library makes of it, sooner."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.web.http.client_address import network_of

IPV6 = (
    st.integers(0, 2**128 - 1)
    | st.integers(0, 2**32).map(lambda low: low | 0xFFFF << 32)
    | st.lists(st.sampled_from([0, 0, 0, 1, 0xFFFF]), min_size=8, max_size=8).map(
        lambda words: int.from_bytes(b"".join(one.to_bytes(2) for one in words))
    )
).map(IPv6Address)


def expected(host: str) -> str:
    address = ip_address(host)
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


@given(st.ip_addresses(v=4) | IPV6)
@settings(max_examples=300, deadline=None)
def test_an_address_of_ipv4_is_itself_and_one_of_ipv6_its_network(
    address: IPv4Address | IPv6Address,
) -> None:
    assert network_of(str(address)) == expected(str(address))
    assert network_of(address.exploded) == expected(str(address))


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7%eth0", "192.0.2.7%eth0"),
        ("2001:DB8::9", "2001:db8::/64"),
        ("livret.example", "livret.example"),
        ("192.0.2", "192.0.2"),
        ("canari\0", "canari\0"),
        ("", ""),
    ],
)
def test_what_is_no_address_is_as_it_is(host: str, network: str) -> None:
    assert network_of(host) == network
