"""The discovery document: OpenID Connect Discovery 1.0 and RFC 8414."""

from graphql_api.identity_provider.oauth.grant_types import CLIENT_AUTH_METHODS
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings
from graphql_api.identity_provider.oauth.scopes import CLAIMS, SCOPES
from graphql_api.identity_provider.oauth.token_format import ALGORITHMS
from graphql_api.identity_provider.signing_keys import ALGORITHM


def discovery_document(settings: IssuerSettings) -> dict[str, object]:
    """Build the discovery document from the configured issuer, and from nothing else."""
    return {
        "issuer": settings.issuer,
        "authorization_endpoint": settings.url("/oauth/authorize"),
        "token_endpoint": settings.url("/oauth/token"),
        "revocation_endpoint": settings.url("/oauth/revoke"),
        "userinfo_endpoint": settings.url("/oauth/userinfo"),
        "end_session_endpoint": settings.url("/oauth/end-session"),
        "jwks_uri": settings.url("/oauth/jwks"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": CLIENT_AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": CLIENT_AUTH_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": ["sub", *(name for names in CLAIMS.values() for name in names)],
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": ["fr"],
    }
