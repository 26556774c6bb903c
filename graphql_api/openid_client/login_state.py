"""The state of sign-ins under way: a sealed cookie for each.

The cookie is named after a hash of the state, so that several tabs do not disturb each other. What
it holds is encrypted (AES-256-GCM, under a key of the service for this purpose alone)
and good for ten minutes.
"""

import base64
import hashlib
import os
from dataclasses import asdict, dataclass

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.storage.keys.service_keys import SIGN_IN_COOKIES, ServiceKeys
from graphql_api.web.http.cookies import HostCookie

LIFETIME_SECONDS = 600
LONGEST_RETURN_PATH = 2_600
MOST_LOGINS = 4
_NONCE_LENGTH = 12
_NAME_LENGTH = 16
_LONGEST_STATE = 200


@dataclass(frozen=True, slots=True)
class LoginState:
    """The values that a callback must match; `begun_at` is in seconds since 1970."""

    provider: str
    state: str
    nonce: str
    verifier: str
    begun_at: int
    max_age: int | None = None


class LoginStateCookies:
    """The cookies of sign-ins under way; `purpose` tells one kind from another.

    `secure` is whether browsers reach us by https: then the cookies bear the prefix `__Host-`.
    """

    def __init__(self, service_keys: ServiceKeys, purpose: str, secure: bool) -> None:
        self._service_keys = service_keys
        self._purpose = purpose
        self._secure = secure

    def set(
        self, response: Response, login_state: LoginState, back: str, request: Request | None = None
    ) -> None:
        """Store the state of a sign-in that begins, and the path for afterwards.

        `back` has at most `LONGEST_RETURN_PATH` characters, `ValueError` otherwise: browsers drop
        larger cookies without a word. Given the request, the oldest of too many sign-ins are
        forgotten.
        """
        if len(back) > LONGEST_RETURN_PATH:
            raise ValueError("back")
        cookie = self._cookie(login_state.state)
        nonce = os.urandom(_NONCE_LENGTH)
        content = orjson.dumps({"pending": asdict(login_state), "back": back})
        sealed = nonce + self._cipher().encrypt(nonce, content, cookie.name.encode())
        cookie.set(response, base64.urlsafe_b64encode(sealed).decode())
        for old in self._others(request, cookie)[MOST_LOGINS - 1 :] if request else ():
            old.delete(response)

    def find(self, request: Request, state: str | None) -> tuple[LoginState, str] | None:
        """The sign-in of a `state` parameter in this browser, and the path for afterwards."""
        if not state or len(state) > _LONGEST_STATE or not state.isascii():
            return None
        return self._open(request, self._cookie(state))

    def delete(self, response: Response, state: str) -> None:
        """Delete the state of a sign-in that is finished."""
        self._cookie(state).delete(response)

    def _open(self, request: Request, cookie: HostCookie) -> tuple[LoginState, str] | None:
        try:
            sealed = base64.urlsafe_b64decode(cookie.read(request) or "")
            nonce, body = sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:]
            content = orjson.loads(self._cipher().decrypt(nonce, body, cookie.name.encode()))
            return LoginState(**content["pending"]), content["back"]
        except (InvalidTag, ValueError, TypeError):  # TypeError: sealed by another version of us
            return None

    def _cipher(self) -> AESGCM:
        info = f"livret sign-in under way|{self._purpose}".encode()
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
        return AESGCM(derived.derive(self._service_keys(SIGN_IN_COOKIES)))

    def _others(self, request: Request, kept: HostCookie) -> list[HostCookie]:
        """This purpose's other cookies: youngest first, then those that do not open."""
        prefix = self._named("").name
        names = [one for one in request.cookies if one.startswith(prefix) and one != kept.name]
        cookies = [self._named(one.removeprefix(prefix)) for one in names]
        return sorted(cookies, key=lambda one: -self._begun_at(request, one))

    def _begun_at(self, request: Request, cookie: HostCookie) -> int:
        opened = self._open(request, cookie)
        return opened[0].begun_at if opened else 0

    def _cookie(self, state: str) -> HostCookie:
        return self._named(hashlib.sha256(state.encode()).hexdigest()[:_NAME_LENGTH])

    def _named(self, end: str) -> HostCookie:
        return HostCookie(f"livret-{self._purpose}-{end}", self._secure, LIFETIME_SECONDS)
