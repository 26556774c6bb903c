"""The authorization endpoint: a browser arrives from a front end and goes back with a code.

There is no consent page: the operator registers front ends, scopes are only a ceiling, and what
an owner communicates is asked in the service itself.
"""

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oidc.core.errors import LoginRequiredError
from starlette.responses import Response

from graphql_api.identity_provider import pages
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.server import OAuthServer
from graphql_api.identity_provider.sign_in_step import RETURN_PATH, SignedInUser
from graphql_api.web.rendering import see_other

SIGNED_IN_SINCE = "signed_in_since"
_LONGEST_NUMBER = 12
_PROMPTS_FOR_SIGN_IN = ("login", "select_account")


def authorize(context: ProviderContext, params: OAuthParameters) -> Response:
    """Send the browser back with a code or a refusal, or to the sign-in step first."""
    server = OAuthServer(context)
    request = server.create_oauth2_request(params)
    signed_in = context.sign_in.current_user(params.http)
    answer: Response
    try:
        grant = server.get_consent_grant(request, end_user=signed_in)
        _check_unsupported(params, grant.redirect_uri)
        if signed_in is None or _must_sign_in_again(context, params, signed_in):
            if "none" in _prompts(params):
                raise LoginRequiredError(redirect_uri=grant.redirect_uri)
            back = params.query(**{SIGNED_IN_SINCE: str(context.seconds)})
            return see_other(context.sign_in.sign_in_url(f"{RETURN_PATH}?{back}"))
        answer = server.create_authorization_response(request, grant_user=signed_in, grant=grant)
    except OAuth2Error as error:
        error.state = params.values.get("state")
        if not error.redirect_uri:
            return pages.refused_page(error.error)
        answer = server.handle_error_response(request, error)
    return answer


def _prompts(params: OAuthParameters) -> list[str]:
    return params.values.get("prompt", "").split()


def _check_unsupported(params: OAuthParameters, redirect_uri: str) -> None:
    for name in ("request", "request_uri"):
        if name in params.values:
            error = f"{name}_not_supported"
            raise OAuth2Error("Send plain parameters.", error=error, redirect_uri=redirect_uri)
    if params.values.get("response_mode", "query") != "query":
        raise InvalidRequestError("The response mode is query.", redirect_uri=redirect_uri)
    for name in ("max_age", SIGNED_IN_SINCE):
        number = params.values.get(name, "0")
        if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
            raise InvalidRequestError(f"{name} is not a number.", redirect_uri=redirect_uri)


def _must_sign_in_again(
    context: ProviderContext, params: OAuthParameters, signed_in: SignedInUser
) -> bool:
    """Whether the front end requires a newer sign-in than this one.

    The browser comes back from the sign-in step with the time when it was sent there, so that the
    same request does not send it there for ever.
    """
    since = params.values.get(SIGNED_IN_SINCE)
    if since is not None and signed_in.at >= int(since):
        return False
    if any(prompt in _PROMPTS_FOR_SIGN_IN for prompt in _prompts(params)):
        return True
    oldest = params.values.get("max_age")
    return oldest is not None and signed_in.at + int(oldest) < context.seconds
