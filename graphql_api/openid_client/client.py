"""The client of one provider: from the authorization request to the user's identity."""

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.client import OAuth2Client

from graphql_api.clock import Clock
from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.http import time_limit
from graphql_api.openid_client.login_state import LIFETIME_SECONDS, LoginState
from graphql_api.openid_client.metadata import ProviderEndpoints, ProviderMetadata
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.openid_client.token_request import CodeExchange, request_tokens
from graphql_api.openid_client.tokens import check_id_token, is_plain_token, verify_token
from graphql_api.openid_client.userinfo import fetch_userinfo

FAILED = {"event": "sign-in-failed"}  # an event of the log
_log = logging.getLogger(__name__)

_LONGEST_CODE = 4_096
_TEMPORARY_ERRORS = ("temporarily_unavailable", "server_error")
_RESERVED_PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "scope",
)


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The address to which to send the browser, and the state to remember meanwhile."""

    url: str
    login_state: LoginState


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """The user who signed in at a provider: `(issuer, subject)` identifies them, nothing else.

    `signed_in_at` is in seconds since 1970: the `auth_time` that the provider states, or else when
    it issued the ID token. `claims` hold what the ID token and userinfo say, with the standard
    names that `claim_map` gives; their values are whatever the provider sent, to be checked.
    `end_session_endpoint` is the provider's end-session endpoint, for `logout_url_at`.
    """

    issuer: str
    subject: str
    signed_in_at: int
    acr: str | None
    amr: tuple[str, ...]
    claims: Mapping[str, Any]
    id_token: str
    end_session_endpoint: str | None


class OpenIdClient:
    """A client of one provider. It keeps nothing but the provider's metadata and keys."""

    def __init__(
        self,
        provider: OpenIdProvider,
        redirect_uri: str,
        http: httpx2.AsyncClient,
        clock: Clock,
    ) -> None:
        self.provider = provider
        self._redirect_uri = redirect_uri
        self._http = http
        self._clock = clock
        self._metadata = ProviderMetadata(provider.issuer, http, clock)

    async def begin(self, extra: Mapping[str, str] | None = None) -> AuthorizationRequest:
        """Begin a sign-in; `extra` are parameters such as `prompt` and `max_age`.

        Raises `ProviderUnavailableError`.
        """
        more = {**self.provider.extra, **(extra or {})}
        login_state = LoginState(
            provider=self.provider.name,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(32),
            begun_at=int(self._clock().timestamp()),
            max_age=int(more["max_age"]) if "max_age" in more else None,
        )
        async with time_limit():
            endpoints = await self._metadata.endpoints()
        return AuthorizationRequest(self._address(endpoints, login_state, more), login_state)

    async def finish(self, login_state: LoginState, answer: Mapping[str, str]) -> UserIdentity:
        """Finish a sign-in by the parameters of the callback, and return the identity.

        Raises `SignInRefusedError` when the answer is not valid, `ProviderUnavailableError` when
        the provider does not help to find out within five seconds.
        """
        try:
            async with time_limit():
                return await self._finish(login_state, answer)
        except (SignInRefusedError, ProviderUnavailableError) as error:
            _log.warning("Sign-in with %s failed: %s", self.provider.name, error.code, extra=FAILED)
            raise

    async def logout_url(self, id_token: str | None, state: str) -> str | None:
        """The address of the provider's logout; None when it has none.

        Without an ID token the provider asks before it ends its session.

        A provider that does not answer keeps nobody from signing out here: also None.
        """
        try:
            async with time_limit():
                endpoint = (await self._metadata.endpoints()).end_session_endpoint
        except ProviderUnavailableError:
            return None
        return self.logout_url_at(endpoint, id_token, state) if endpoint else None

    def logout_url_at(self, endpoint: str, id_token: str | None, state: str) -> str:
        """The address of the logout at an end-session endpoint (RP-Initiated Logout 1.0)."""
        asked = (
            [("id_token_hint", id_token)] if id_token else [("client_id", self.provider.client_id)]
        )
        if self.provider.post_logout_uri:
            asked += [("post_logout_redirect_uri", self.provider.post_logout_uri), ("state", state)]
        return str(add_params_to_uri(endpoint, asked))

    def _address(
        self, endpoints: ProviderEndpoints, login_state: LoginState, more: Mapping[str, str]
    ) -> str:
        provider = self.provider
        asked = {name: value for name, value in more.items() if name not in _RESERVED_PARAMETERS}
        if provider.acr_values:
            asked.setdefault("acr_values", " ".join(provider.acr_values))
        if provider.claims:
            asked.setdefault("claims", json.dumps(provider.claims))
        authlib = OAuth2Client(
            None,
            client_id=provider.client_id,
            scope=" ".join(provider.scopes),
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )
        url, _state = authlib.create_authorization_url(
            endpoints.authorization_endpoint,
            state=login_state.state,
            code_verifier=login_state.verifier if provider.pkce else None,
            nonce=login_state.nonce,
            **asked,
        )
        return str(url)

    async def _finish(self, login_state: LoginState, answer: Mapping[str, str]) -> UserIdentity:
        code = await self._code(login_state, answer)
        endpoints = await self._metadata.endpoints()
        exchange = CodeExchange(code, login_state.verifier, self._redirect_uri, self._clock())
        access_token, id_token = await request_tokens(
            self.provider, self._http, endpoints, exchange
        )
        token = await verify_token(self.provider, self._metadata, id_token)
        said = check_id_token(self.provider, login_state, token, access_token, self._clock())
        more = await fetch_userinfo(
            self.provider, self._http, self._metadata, access_token, said["sub"]
        )
        claims = {**more, **said}
        renamed = {
            ours: claims[theirs]
            for ours, theirs in self.provider.claim_map.items()
            if theirs in claims
        }
        amr = said.get("amr") or ()
        return UserIdentity(
            issuer=self.provider.issuer,
            subject=said["sub"],
            signed_in_at=int(said.get("auth_time", said["iat"])),
            acr=said.get("acr"),
            amr=tuple(one for one in amr if is_plain_token(one)),
            claims={**claims, **renamed},
            id_token=id_token,
            end_session_endpoint=endpoints.end_session_endpoint,
        )

    async def _code(self, login_state: LoginState, answer: Mapping[str, str]) -> str:
        """The code in a callback, once the callback is verified."""
        if login_state.provider != self.provider.name or answer.get("state") != login_state.state:
            raise SignInRefusedError("state")
        if not 0 <= int(self._clock().timestamp()) - login_state.begun_at <= LIFETIME_SECONDS:
            raise SignInRefusedError("expired")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:
            raise SignInRefusedError("issuer")
        if "error" in answer:
            raise _provider_error(answer["error"])
        if "iss" not in answer and (await self._metadata.endpoints()).names_itself:
            raise SignInRefusedError("issuer")
        code = answer.get("code", "")
        if not is_plain_token(code) or len(code) > _LONGEST_CODE:
            raise SignInRefusedError("no_code")
        return code


def _provider_error(error: str) -> SignInRefusedError | ProviderUnavailableError:
    if error in _TEMPORARY_ERRORS:
        return ProviderUnavailableError("overloaded")
    return SignInRefusedError(error if error in ("access_denied", "login_required") else "refused")
