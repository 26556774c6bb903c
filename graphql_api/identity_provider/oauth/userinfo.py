"""The userinfo endpoint (OpenID Connect Core, section 5.3)."""

from starlette.responses import JSONResponse, Response

from graphql_api.identity_provider.oauth.grants import find_grant
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.scopes import CLAIMS, OPENID
from graphql_api.identity_provider.oauth.tokens import read_access_token


def userinfo(context: ProviderContext, params: OAuthParameters) -> Response:
    """Answer with the claims that the token's scopes cover; refuse once its grant or its client is gone."""
    scheme, _, text = params.http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return _refuse(401, None)
    token = read_access_token(context, text.strip())
    if token is None:
        return _refuse(401, "invalid_token")
    if OPENID not in token.scopes or token.grant is None:
        return _refuse(403, "insufficient_scope")
    grant = find_grant(context, token.grant)
    known = context.sign_in.claims(token.subject)
    client = context.find_client(token.client_id)
    if client is None or grant is None or not grant.good or known is None:
        return _refuse(401, "invalid_token")
    names = [name for scope, names in CLAIMS.items() if scope in token.scopes for name in names]
    covered = {name: known[name] for name in names if name in known}
    return JSONResponse({**covered, "sub": token.subject})


def _refuse(status: int, error: str | None) -> Response:
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    body = {"error": error or "missing_token"}
    return JSONResponse(body, status, headers={"www-authenticate": challenge})
