"""The addresses that a client may register: exact, absolute, safe to send a browser to."""

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
_FORBIDDEN = set(
    '"\\*<>^`{|} '
)  # an asterisk matches itself only, which its author does not expect


def check_url(uri: str) -> None:
    """Raise `ValueError` unless an address is https (http on this machine), with no fragment."""
    parts = urlsplit(uri)
    if not uri.isascii() or not uri.isprintable() or _FORBIDDEN & set(uri):
        raise ValueError(f"Adresse refusée : {uri!r} contient des caractères interdits.")
    if parts.fragment or uri.endswith("#") or "@" in parts.netloc or not parts.hostname:
        raise ValueError(f"Adresse refusée : {uri} doit être absolue, sans fragment ni compte.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise ValueError(f"Adresse refusée : {uri} doit être en https.")


def check_origin(origin: str) -> None:
    """Raise `ValueError` unless this is an origin as browsers send it: scheme, host, port."""
    check_url(origin)
    parts = urlsplit(origin)
    if origin != f"{parts.scheme}://{parts.netloc}" or origin != origin.lower():
        raise ValueError(f"Origine refusée : {origin} doit être de la forme https://hote.")
