"""Sign-out that a front end begins (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oidc.rpinitiated import EndSessionEndpoint
from starlette.responses import Response

from graphql_api.identity_provider import pages
from graphql_api.identity_provider.oauth.grants import revoke_grant
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.server import OAuthServer
from graphql_api.identity_provider.oauth.tokens import read_id_token
from graphql_api.web.rendering import see_other

PATH = "/oauth/end-session"


class LogoutEndpoint(EndSessionEndpoint):  # type: ignore[misc]  # Authlib publishes no types
    """Authlib's endpoint, which also revokes the grant that the ID token names."""

    def _validate_id_token_hint(self, id_token_hint: str) -> dict[str, Any]:
        """The claims of an ID token of ours; Authlib's own check lets exceptions through."""
        claims = read_id_token(self.server.context, id_token_hint)
        if claims is None:
            raise InvalidRequestError("The 'id_token_hint' is not an ID token of this issuer.")
        return claims

    def end_session(self, end_session_request: Any) -> None:
        if end_session_request.id_token_claims:
            revoke_grant(self.server.context, end_session_request.id_token_claims["sid"])


def end_session(context: ProviderContext, params: OAuthParameters) -> Response:
    """Sign the browser out; ask first unless an ID token proves whom the front end signed in."""
    server = OAuthServer(context)
    endpoint = LogoutEndpoint(server)
    try:
        request = endpoint.validate_request(server.create_oauth2_request(params))
    except OAuth2Error as error:
        return pages.refused_page(error.error)
    signed_in = context.sign_in.current_user(params.http)
    claims = request.id_token_claims
    proven = claims is not None and (signed_in is None or claims["sub"] == signed_in.subject)
    if not proven and signed_in is not None and not _is_confirmed(params):
        return pages.confirm_logout_page(context.settings.url(PATH), params.values)
    answer = endpoint.create_response(request)
    logout_page = context.sign_in.upstream_logout(
        params.http, request.redirect_uri if answer else None
    )
    response = logout_page or (
        see_other(request.redirect_uri) if answer else pages.signed_out_page()
    )
    for name, value in context.sign_in.sign_out(params.http):
        response.headers.append(name, value)
    response.headers["clear-site-data"] = '"storage"'
    return response


def _is_confirmed(params: OAuthParameters) -> bool:
    """Whether the person confirmed on our own page."""
    site = params.http.headers.get("sec-fetch-site", "same-origin")
    return params.method == "POST" and "confirm" in params.values and site == "same-origin"
