"""The addresses of a provider that are safe to use."""

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_safe_url(url: object, issuer: str) -> bool:
    """Whether an address is https, or http on this machine when the issuer is so too."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (loopback and issuer.startswith("http:"))
