"""E-mail addresses: which ones can be written to, and when two of them are the same."""

import re
import unicodedata

from graphql_api.identity_provider.accounts.account_context import AccountContext

LONGEST = 254
_LONGEST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")


def normalize(text: str) -> str | None:
    """The address as letters are sent to it, or None when it is not one.

    The part before the @ is a dot-atom of RFC 5321, which every server can carry: no quotes, no
    accents. A domain with accents is written as the DNS has it (IDNA).
    """
    local, at, domain = unicodedata.normalize("NFC", text).strip().rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    ascii_domain = _in_the_dns(domain)
    if ascii_domain is None or len(local) + 1 + len(ascii_domain) > LONGEST:
        return None
    return f"{local}@{ascii_domain}"


def blind_index(context: AccountContext, text: str) -> str:
    """What stands for an address in the tables; the same for two ways to write it.

    Letters large and small are the same on both sides of the @: servers that tell them apart
    before it are allowed by RFC 5321 and do not exist, people who type « Maelle@ » do.
    """
    known = normalize(text) or unicodedata.normalize("NFC", text).strip()
    return context.blind_index("e-mail", known.casefold())


def _in_the_dns(domain: str) -> str | None:
    if len(domain) > LONGEST:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_domain if _DOMAIN.fullmatch(ascii_domain) else None
