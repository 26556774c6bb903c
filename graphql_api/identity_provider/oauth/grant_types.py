"""The grant types: authorization code with PKCE, refresh token, client credentials."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from joserfc.jwk import ECKey

from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.grants import (
    AuthorizationCodeRecord,
    GrantRecord,
    RefreshTokenRecord,
    create_grant,
    find_code,
    find_refresh_token,
    new_secret,
    save_code,
    use_code,
    use_refresh_token,
)
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.signing_keys import ALGORITHM, current_key

CLIENT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
CHALLENGE_LENGTH = 43


class AuthorizationCodeGrantType(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib publishes no types
    """A person signs in at a front end, which redeems the code that its browser brings back."""

    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_AUTH_METHODS

    def generate_authorization_code(self) -> str:
        return new_secret()

    def save_authorization_code(self, code: str, request: Any) -> None:
        context: ProviderContext = self.server.context
        grant = create_grant(context, request.client, request.user, request.scope)
        save_code(context, code, grant, request.payload.data)

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCodeRecord | None:
        """The code, if it is this client's, which uses it: a second use revokes its grant.

        It is used before its address and its verifier are checked, so that whoever holds a code
        without its verifier has one guess (RFC 6749, section 4.1.2; RFC 9700, section 4.5).
        """
        found = find_code(self.server.context, code)
        if found is None or not found.check_client(client):
            return None
        return found if use_code(self.server.context, found) else None

    def authenticate_user(self, authorization_code: AuthorizationCodeRecord) -> GrantRecord | None:
        """The grant of the code, which passed all checks."""
        return _grant_of_living_account(self.server.context, authorization_code.grant)

    def delete_authorization_code(self, authorization_code: AuthorizationCodeRecord) -> None:
        """Do nothing: it was used above, and stays so that its reuse is noticed."""


class RefreshTokenGrantType(grants.RefreshTokenGrant):  # type: ignore[misc]  # Authlib publishes no types
    """A front end exchanges a refresh token for an access token and the next refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshTokenRecord | None:
        """The refresh token, used or not: `authenticate_user` tells which."""
        return find_refresh_token(self.server.context, refresh_token)

    def authenticate_user(self, refresh_token: RefreshTokenRecord) -> GrantRecord:
        """Use the token, for one request only, and return its grant."""
        if use_refresh_token(self.server.context, refresh_token):
            grant = _grant_of_living_account(self.server.context, refresh_token.grant)
            if grant is not None:
                return grant
        raise InvalidGrantError

    def revoke_old_credential(self, refresh_token: RefreshTokenRecord) -> None:
        """Do nothing: it was used above, and stays so that its reuse is noticed."""


class ClientCredentialsGrantType(grants.ClientCredentialsGrant):  # type: ignore[misc]  # Authlib publishes no types
    """A machine asks for its own token."""

    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_AUTH_METHODS[1:]


class ProofKeyChallenge(CodeChallenge):  # type: ignore[misc]  # Authlib publishes no types
    """PKCE by S256 and nothing else, for every client, confidential ones included."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - as Authlib has it
    DEFAULT_CODE_CHALLENGE_METHOD = "S256"

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if len(asked.get("code_challenge", "")) != CHALLENGE_LENGTH:
            raise InvalidRequestError("Invalid or missing 'code_challenge'")
        if asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The 'code_challenge_method' must be S256")
        super().validate_code_challenge(grant, redirect_uri)


class IdTokenExtension(OpenIDCode):  # type: ignore[misc]  # Authlib publishes no types
    """The ID token of a redeemed code; claims about the person are at userinfo."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__()
        self._context = context

    def exists_nonce(self, nonce: str, request: Any) -> bool:  # noqa: ARG002 - Authlib's signature
        """False: a code is redeemed once, and PKCE binds it to its client."""
        return False

    def resolve_client_private_key(self, _client: Client) -> ECKey:
        """The current key: of a set, Authlib would pick one at random."""
        return current_key(
            self._context.store, self._context.settings.service_keys, self._context.now
        )

    def get_client_algorithm(self, _client: Client) -> str:
        return ALGORITHM

    def get_encode_header(self, client: Client) -> dict[str, Any]:
        kid = self.resolve_client_private_key(client).kid
        return {"alg": ALGORITHM, "typ": "JWT", "kid": kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        now = self._context.seconds
        return {
            "iss": self._context.settings.issuer,
            "aud": client.client_id,
            "iat": now,
            "exp": now + self._context.settings.id_token_seconds,
        }

    def get_authorization_code_claims(
        self, authorization_code: AuthorizationCodeRecord
    ) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return claims | {"sid": authorization_code.grant.id}

    def generate_user_info(self, user: GrantRecord, _scope: str) -> dict[str, Any]:
        return {"sub": user.subject}


def _grant_of_living_account(context: ProviderContext, grant: GrantRecord) -> GrantRecord | None:
    """The grant, unless the account of the person who gave it was deleted."""
    return grant if context.sign_in.claims(grant.subject) is not None else None
