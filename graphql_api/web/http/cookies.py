"""The one policy of cookies: of this host alone, read by no script.

Browsers hold a cookie with the prefix `__Host-` to https and to this very host. They refuse the
prefix for http, which is for a service on this machine only: there the cookie goes without.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HostCookie:
    """A cookie by its name without prefix; `max_age` is in seconds, None until the browser closes.

    Other sites send a `lax` cookie by links only, a `strict` one not at all.
    """

    base_name: str
    secure: bool = True
    max_age: int | None = None
    same_site: Literal["lax", "strict"] = "lax"

    @property
    def name(self) -> str:
        """The name as the browser has it."""
        return f"{'__Host-' if self.secure else ''}{self.base_name}"

    def read(self, connection: HTTPConnection) -> str | None:
        """The value that the browser sent, good or not; None when it sent none."""
        return connection.cookies.get(self.name)

    def set(self, response: Response, value: str) -> None:
        """Give the browser a value."""
        self._set(response, value, self.max_age)

    def delete(self, response: Response) -> None:
        """Have the browser forget the value."""
        self._set(response, "", 0)

    def set_header(self, value: str) -> tuple[str, str]:
        """The header that gives the browser a value, for a response that is made later."""
        return self._header(value, self.max_age)

    def delete_header(self) -> tuple[str, str]:
        """The header that has the browser forget the value, for a response that is made later."""
        return self._header("", 0)

    def _header(self, value: str, max_age: int | None) -> tuple[str, str]:
        response = Response()
        self._set(response, value, max_age)
        return "set-cookie", response.headers["set-cookie"]

    def _set(self, response: Response, value: str, max_age: int | None) -> None:
        response.set_cookie(
            self.name, value, max_age, secure=self.secure, httponly=True, samesite=self.same_site
        )


SESSION_COOKIE = HostCookie("livret")


def session_cookie(public_url: str) -> HostCookie:
    """The cookie of sessions for a service at that address."""
    return HostCookie("livret", is_https(public_url))


def is_https(public_url: str) -> bool:
    """Whether browsers reach an address by https."""
    return urlsplit(public_url).scheme == "https"


def is_secret(given: str) -> bool:
    """Whether a text may be a secret of ours; if not, it is not even looked up."""
    return _SECRET.fullmatch(given) is not None
