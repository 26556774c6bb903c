"""The cookie that carries the secret of a session: its name, how it is set, read and taken away."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A cookie of this host alone, which no script reads and no other site sends but by a link.

    `secure` is false for http on this machine only: there, browsers refuse the prefix `__Host-`.
    """

    secure: bool = True

    @property
    def name(self) -> str:
        """The cookie's name."""
        return "__Host-livret" if self.secure else "livret"

    def secret(self, connection: HTTPConnection) -> str | None:
        """What came as the secret of a session, good or not; None when nothing came."""
        return connection.cookies.get(self.name)

    def carrying(self, secret: str) -> str:
        """The Set-Cookie header that gives a browser a secret, until it closes."""
        return f"{self.name}={secret}{self._attributes}"

    def delete_cookie(self) -> str:
        """The Set-Cookie header that takes the secret away."""
        return f"{self.name}={self._attributes}; Max-Age=0"

    @property
    def _attributes(self) -> str:
        return f"; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}"


HOST_COOKIE = SessionCookie()


def cookie_for(public_url: str) -> SessionCookie:
    """The cookie of a service at that address."""
    return SessionCookie(secure=urlsplit(public_url).scheme == "https")


def is_secret(given: str) -> bool:
    """Whether this may be a secret of ours; if not, it is not even looked up."""
    return _SECRET.fullmatch(given) is not None
