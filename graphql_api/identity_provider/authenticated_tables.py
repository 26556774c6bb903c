"""Signing keys, applications and grants, authenticated as the service's rows of rights are."""

from graphql_api.identity_provider.tables import (
    ClientTable,
    GrantTable,
    OAuthCodeTable,
    RefreshTokenTable,
    SigningKeyTable,
)
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable

SIGN_INS = "rows that let somebody in"
APPLICATIONS = "registered applications"
GRANTS = "grants, codes and refresh tokens"

SIGNING_KEY_ROWS = AuthenticatedTable(
    SigningKeyTable, ("kid", "public", "created_at", "signs_from", "retired_at"), SIGN_INS
)
APPLICATION_ROWS = AuthenticatedTable(
    ClientTable,
    (
        "id",
        "name",
        "authentication",
        "secret_hash",
        "keys",
        "redirect_uris",
        "post_logout_redirect_uris",
        "origins",
        "scopes",
        "created_at",
        "disabled_at",
    ),
    APPLICATIONS,
)
GRANT_ROWS = AuthenticatedTable(
    GrantTable,
    (
        "id",
        "client",
        "subject",
        "scope",
        "signed_in_at",
        "acr",
        "amr",
        "created_at",
        "expires_at",
        "revoked_at",
    ),
    GRANTS,
)
CODE_ROWS = AuthenticatedTable(
    OAuthCodeTable,
    ("code_hash", "grant", "redirect_uri", "challenge", "nonce", "expires_at", "used"),
    GRANTS,
)
REFRESH_TOKEN_ROWS = AuthenticatedTable(
    RefreshTokenTable, ("token_hash", "grant", "expires_at", "used"), GRANTS
)
