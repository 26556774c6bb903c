"""The public address of the service, as browsers write an origin: RFC 6454, section 6.2."""

import ipaddress
import re
from urllib.parse import urlsplit

import idna

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HERE = "localhost"
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def public_origin(address: str) -> str:
    """The origin at an address, which names nothing else: no path, query or account.

    Capitals, a default port, an accented host and a slash at the end are written as browsers do.
    Raises `ValueError` with a French sentence.
    """
    try:
        parts = urlsplit(address)
        host, port = _host(parts.hostname or ""), parts.port
        more = (
            parts.path.strip("/") or parts.username is not None or "?" in address or "#" in address
        )
        if parts.scheme not in _DEFAULT_PORTS or port == 0 or more or not address.isprintable():
            raise ValueError
    except ValueError:
        raise ValueError("adresse de la forme https://hote attendue, et rien de plus.") from None
    if parts.scheme == "http" and not _is_here(host):
        raise ValueError("https attendu, ou http sur cette machine.")
    plain = port in (None, _DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" if plain else f"{parts.scheme}://{host}:{port}"


def _host(written: str) -> str:
    """The host as the DNS writes it. Raises `ValueError`."""
    if ":" in written:
        return f"[{ipaddress.IPv6Address(written)}]"
    if written.replace(".", "").isdigit():
        return str(ipaddress.IPv4Address(written))
    host = written.removesuffix(".")
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()  # its error is a ValueError
    if not _HOST.fullmatch(host):
        raise ValueError
    return host


def _is_here(host: str) -> bool:
    if host == _HERE:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
