"""What the provider asks of whatever signs people in: local accounts, or an upstream provider."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

RETURN_PATH = "/oauth/authorize"


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """Somebody who signed in, when (seconds since 1970) and how (RFC 9068, section 2.2.1)."""

    subject: str
    at: int
    acr: str | None = None
    amr: tuple[str, ...] = ()


def _no_upstream_logout(_request: Request, _to: str | None) -> Response | None:
    """No other provider signed the browser in."""
    return None


@dataclass(frozen=True, slots=True)
class SignInStep:
    """The sign-in step. All but `page` may read databases: they run in a worker thread.

    `who` says who is signed in in the browser that sent a request. `page` is where to send it to
    sign in; it is given the path to come back to afterwards, which `may_return_to` recognises.
    `leave` ends the browser's session and gives the headers that tell it so. `claims` says what is
    known of a subject, by the names of OpenID Connect; None when the account is no more. `farewell`
    is asked before `leave`: a page that leads the browser through the sign-out of a provider
    elsewhere and on to an address, or None when nobody else signed it in.
    """

    current_user: Callable[[Request], SignedInUser | None]
    sign_in_url: Callable[[str], str]
    sign_out: Callable[[Request], Sequence[tuple[str, str]]]
    claims: Callable[[str], Mapping[str, object] | None]
    upstream_logout: Callable[[Request, str | None], Response | None] = _no_upstream_logout


def is_authorization_path(path: str) -> bool:
    """Whether a browser may be sent there after its sign-in: to the provider, nowhere else."""
    return path.startswith(f"{RETURN_PATH}?") and path.isascii() and path.isprintable()
