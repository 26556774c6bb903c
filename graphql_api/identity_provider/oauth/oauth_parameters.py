"""The parameters of an OAuth request: each once, bounded, of the characters that OAuth allows.

Authlib raises nothing for them afterwards; its own errors refuse some characters.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from graphql_api.web.forms.encoded_fields import MalformedRequestError, encoded_fields

LONGEST_HEADERS = 16_384
_MOST_FIELDS = 60
_ANY_ASCII = ("state", "nonce", "client_secret")
_NO_QUOTES = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "prompt",
    "max_age",
    "code_challenge",
    "code_challenge_method",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "client_assertion_type",
    "client_assertion",
    "token",
    "token_type_hint",
    "id_token_hint",
    "post_logout_redirect_uri",
    "signed_in_since",
)
_CHECKED_ELSEWHERE = ("login_hint", "ui_locales", "acr_values", "request", "request_uri")


@dataclass(frozen=True, slots=True)
class OAuthParameters:
    """A request whose parameters were read."""

    http: Request
    values: dict[str, str]

    @property
    def method(self) -> str:
        """GET, HEAD or POST."""
        return self.http.method

    def query(self, **more: str) -> str:
        """The parameters as a query string, with some more."""
        return urlencode(self.values | more)


async def read_parameters(request: Request) -> OAuthParameters:
    """Read the query of a GET or the form of a POST, or raise `MalformedRequestError`."""
    if sum(len(name) + len(value) for name, value in request.headers.raw) > LONGEST_HEADERS:
        raise MalformedRequestError("The headers are too long.")
    return OAuthParameters(request, _parsed(await encoded_fields(request)))


def _parsed(encoded: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=False,  # a parameter without a value is as if it were not there
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise MalformedRequestError("The parameters cannot be decoded.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in (*_ANY_ASCII, *_NO_QUOTES, *_CHECKED_ELSEWHERE, "confirm"):
            continue
        if name in found:
            raise MalformedRequestError(f"The parameter {name} is there twice.")
        _check(name, value)
        found[name] = value
    return found


def _check(name: str, value: str) -> None:
    if name in _CHECKED_ELSEWHERE:
        return
    quoted = name in _NO_QUOTES and ('"' in value or "\\" in value)
    if quoted or not value.isascii() or not value.isprintable():
        raise MalformedRequestError(f"The parameter {name} has characters that it must not have.")
