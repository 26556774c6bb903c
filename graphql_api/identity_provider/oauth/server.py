"""Authlib's authorization server for one request, on the provider's tables."""

import logging
from collections.abc import Mapping
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.responses import JSONResponse, Response

from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.client_authentication import (
    authenticate_assertion,
    authenticate_basic,
    count_credentials,
)
from graphql_api.identity_provider.oauth.grant_types import (
    AuthorizationCodeGrantType,
    ClientCredentialsGrantType,
    IdTokenExtension,
    ProofKeyChallenge,
    RefreshTokenGrantType,
)
from graphql_api.identity_provider.oauth.grants import GrantRecord, new_secret, save_refresh_token
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.revocation import TokenRevocationEndpoint
from graphql_api.identity_provider.oauth.scopes import OFFLINE, SCOPES
from graphql_api.identity_provider.oauth.tokens import sign_access_token
from graphql_api.web.rendering import see_other

logging.getLogger("authlib").setLevel(logging.INFO)  # its DEBUG lines hold the tokens


class OAuthServerRequest(OAuth2Request):  # type: ignore[misc]  # Authlib publishes no types
    """A request whose parameters were read, with an address built from the issuer alone."""

    def __init__(self, context: ProviderContext, params: OAuthParameters) -> None:
        http = params.http
        super().__init__(http.method, context.settings.url("/oauth"), headers=http.headers)
        self.payload = BasicOAuth2Payload(params.values)
        self._parameters = params.values

    @property
    def args(self) -> Mapping[str, str]:
        return self._parameters if self.method != "POST" else {}

    @property
    def form(self) -> Mapping[str, str]:
        return self._parameters if self.method == "POST" else {}


class OAuthServer(AuthorizationServer):  # type: ignore[misc]  # Authlib publishes no types
    """Authlib's server for one request: it holds the context and the authenticated client."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(scopes_supported=SCOPES)
        self.context = context
        self.client_id: str | None = None
        self.register_token_generator("default", self._give)
        self.register_client_auth_method("client_secret_basic", authenticate_basic)
        self.register_client_auth_method("private_key_jwt", authenticate_assertion(context))
        self.register_grant(
            AuthorizationCodeGrantType, [ProofKeyChallenge(), IdTokenExtension(context)]
        )
        self.register_grant(RefreshTokenGrantType)
        self.register_grant(ClientCredentialsGrantType)
        self.register_endpoint(TokenRevocationEndpoint)

    def query_client(self, client_id: str) -> Client | None:
        return self.context.find_client(client_id)

    def authenticate_client(self, request: Any, methods: list[str], endpoint: str = "token") -> Any:
        """Authenticate the client by its only credential."""
        if count_credentials(request) > 1:
            raise InvalidRequestError("The client proves who it is in more than one way.")
        client = super().authenticate_client(request, methods, endpoint)
        self.client_id = client.client_id
        return client

    def create_oauth2_request(
        self, request: OAuthServerRequest | OAuthParameters
    ) -> OAuthServerRequest:
        """Make Authlib's request of parameters that were read."""
        if isinstance(request, OAuthParameters):
            return OAuthServerRequest(self.context, request)
        return request

    def handle_response(
        self, status: int, body: object, headers: list[tuple[str, str]]
    ) -> Response:
        """Make Starlette's response; every redirect names the issuer (RFC 9207)."""
        named = dict(headers)
        if "Location" in named:
            issuer = {"iss": self.context.settings.issuer}
            return see_other(add_params_to_uri(named["Location"], issuer))
        named.pop("Content-Type", None)
        return JSONResponse(body, status, headers=named)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Do nothing: no listener is registered."""

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Store the refresh token, hashed; the access token is stored nowhere."""
        if "refresh_token" in token:
            save_refresh_token(self.context, token["refresh_token"], request.user.id)

    def _give(
        self,
        grant_type: str,
        client: Client,
        user: GrantRecord | None = None,
        scope: str | None = None,
        expires_in: int | None = None,  # noqa: ARG002 - the settings say
        include_refresh_token: bool = True,
    ) -> dict[str, Any]:
        """Make the token response, with our lifetimes: Authlib's are ten days."""
        allowed = client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError
        token = {
            "token_type": "Bearer",
            "access_token": sign_access_token(self.context, client.client_id, allowed, user),
            "expires_in": self.context.settings.access_seconds,
            "scope": allowed,
        }
        renewed = grant_type == "refresh_token" or OFFLINE in allowed.split()
        if user and include_refresh_token and renewed:
            token["refresh_token"] = new_secret()
        return token
