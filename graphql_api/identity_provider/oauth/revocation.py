"""Revocation (RFC 7009): the refresh or access token of a person revokes its whole grant."""

from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint

from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.grant_types import CLIENT_AUTH_METHODS
from graphql_api.identity_provider.oauth.grants import (
    GrantRecord,
    find_grant,
    find_refresh_token,
    revoke_grant,
)
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.tokens import read_access_token


class TokenRevocationEndpoint(RevocationEndpoint):  # type: ignore[misc]  # Authlib publishes no types
    """Authlib's endpoint. Access tokens stay valid at the API, for ten minutes at most."""

    CLIENT_AUTH_METHODS = CLIENT_AUTH_METHODS

    def check_params(self, request: Any, _client: Client) -> None:
        """Require a token; its hint does not matter, since both kinds are looked up."""
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in request.")

    def query_token(self, token_string: str, _token_type_hint: str | None) -> GrantRecord | None:
        context: ProviderContext = self.server.context
        refresh_token = find_refresh_token(context, token_string)
        if refresh_token is not None:
            return refresh_token.grant
        access = read_access_token(context, token_string)
        if access is None:
            return None
        if access.client_id != self.server.client_id:
            raise InvalidGrantError
        if access.grant is None:
            raise OAuth2Error(
                "The access token of a machine cannot be revoked, it expires soon.",
                error="unsupported_token_type",
            )
        return find_grant(context, access.grant)

    def revoke_token(self, token: GrantRecord, _request: Any) -> None:
        revoke_grant(self.server.context, token.id)
