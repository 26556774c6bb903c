"""The sign-in step: the interface between the provider and the accounts that sign people in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

RETURN_PATH = "/oauth/authorize"


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """A user who signed in, when (seconds since 1970) and how (RFC 9068, section 2.2.1)."""

    subject: str
    at: int
    acr: str | None = None
    amr: tuple[str, ...] = ()


def _no_upstream_logout(_request: Request, _to: str | None) -> Response | None:
    """None: no upstream provider signed the browser in."""
    return None


@dataclass(frozen=True, slots=True)
class SignInStep:
    """A sign-in step. All functions but `sign_in_url` may read databases, in a worker thread.

    `current_user` is the user who is signed in in the browser that sent a request. `sign_in_url` is
    the address of the sign-in page, given the path to return to, for which `is_authorization_path`
    holds. `sign_out` ends the browser's session and returns the headers for it. `claims` are the
    claims about a subject, by the names of OpenID Connect; None when the account was deleted.
    `upstream_logout` is called before `sign_out`: the page that leads the browser through the
    logout of its upstream provider and on to an address, or None when no such provider signed it
    in.
    """

    current_user: Callable[[Request], SignedInUser | None]
    sign_in_url: Callable[[str], str]
    sign_out: Callable[[Request], Sequence[tuple[str, str]]]
    claims: Callable[[str], Mapping[str, object] | None]
    upstream_logout: Callable[[Request, str | None], Response | None] = _no_upstream_logout


def is_authorization_path(path: str) -> bool:
    """Whether a path is that of the authorization endpoint, with its parameters."""
    return path.startswith(f"{RETURN_PATH}?") and path.isascii() and path.isprintable()
