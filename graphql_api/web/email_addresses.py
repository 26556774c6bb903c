"""E-mail addresses: which ones can be written to, and how the DNS writes their domain.

A domain beyond ASCII is written by IDNA 2008 (RFC 5891), after the mapping of UTS 46 of capitals and
widths. IDNA 2003, which the standard library knows, writes another domain for some of them:
« strasse.de » for « straße.de ». A domain in ASCII stays as it is.
"""

import re
import unicodedata
from collections.abc import Callable

import idna

MAX_LENGTH = 254
_MAX_LOCAL_LENGTH = 64
_MAX_LABEL_LENGTH = 63
_LOCAL_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_LOCAL_ATOM}(\.{_LOCAL_ATOM})*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")
# The characters of an address in a header: no quotes, comments or literals, so that a text never
# reads as two addresses. An atom is as in RFC 5322, or beyond ASCII (RFC 6531).
_ATOM = r"[^\x00-\x20\x7f-\xa0\ud800-\udfff()<>\[\]:;@\\,.\"]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*")


def normalize(text: str) -> str | None:
    """The address as e-mails are sent to it, or None when it is not one.

    The part before the @ is a dot-atom of RFC 5321, which every server can carry: no quotes, no
    accents.
    """
    return _normalize(text, ascii_domain)


def normalize_by_idna_2003(text: str) -> str | None:
    """The address as it was normalized before IDNA 2008, for accounts that were made then."""
    return _normalize(text, _ascii_domain_2003)


def is_one_address(text: str) -> bool:
    """Whether a text is one address and nothing else, accents before the @ included."""
    return _ADDRESS.fullmatch(text) is not None and len(text) <= MAX_LENGTH


def ascii_domain(domain: str) -> str | None:
    """The domain as the DNS writes it; None when no domain is written so."""
    if len(domain) > MAX_LENGTH:
        return None
    if domain.isascii():
        labels = domain.removesuffix(".").split(".")
        return domain if all(0 < len(one) <= _MAX_LABEL_LENGTH for one in labels) else None
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:  # IDNAError is one
        return None


def _normalize(text: str, to_ascii: Callable[[str], str | None]) -> str | None:
    local, at, domain = unicodedata.normalize("NFC", text).strip().rpartition("@")
    if not at or len(local) > _MAX_LOCAL_LENGTH or not _LOCAL_PART.fullmatch(local):
        return None
    in_dns = to_ascii(domain)
    if in_dns is None or not _DOMAIN.fullmatch(in_dns):
        return None
    return f"{local}@{in_dns}" if len(local) + 1 + len(in_dns) <= MAX_LENGTH else None


def _ascii_domain_2003(domain: str) -> str | None:
    if len(domain) > MAX_LENGTH:
        return None
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
