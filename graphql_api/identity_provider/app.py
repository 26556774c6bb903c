"""The identity provider's routes."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.clock import Clock, utc_now
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.authorization_endpoint import authorize
from graphql_api.identity_provider.oauth.discovery import discovery_document
from graphql_api.identity_provider.oauth.logout import end_session
from graphql_api.identity_provider.oauth.oauth_endpoints import (
    HEADERS,
    PUBLIC,
    Endpoint,
    OAuthEndpoints,
)
from graphql_api.identity_provider.oauth.oauth_parameters import OAuthParameters
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings, ProviderContext
from graphql_api.identity_provider.oauth.server import OAuthServer
from graphql_api.identity_provider.oauth.userinfo import userinfo
from graphql_api.identity_provider.sign_in_step import SignInStep
from graphql_api.identity_provider.signing_keys import public_keys
from graphql_api.storage.store import Store
from graphql_api.web.http.cors import TRACING_HEADERS, CORSMiddleware, KnownOrigins

_CORS_HEADERS = ("authorization", "content-type", *TRACING_HEADERS)
_EXPOSED = ("Retry-After", "WWW-Authenticate", "X-Request-Id")


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The token issuer: its settings, its store, its sign-in step, and the threads it works in.

    The caller migrates the store, makes the first key, and closes store and workers.
    """

    settings: IssuerSettings
    store: Store
    sign_in: SignInStep
    workers: WorkerPool
    clock: Clock = utc_now
    origins: KnownOrigins = field(init=False)

    def __post_init__(self) -> None:
        known = KnownOrigins(self.workers, self._read_origins, self.clock)
        object.__setattr__(self, "origins", known)

    def new_context(self) -> ProviderContext:
        """Make the context of a request that begins now."""
        return ProviderContext(self.settings, self.store, self.sign_in, self.clock())

    def application(self) -> Starlette:
        """The provider alone, as a Starlette application."""
        app = Starlette(routes=self.routes())
        app.router.redirect_slashes = False  # the redirect would name the Host header
        return app

    def routes(self) -> list[Route]:
        """The provider's routes, under the address of its issuer."""
        to = OAuthEndpoints(self.workers, self.new_context)
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/.well-known/oauth-authorization-server", self._discovery),
            Route("/oauth/jwks", to.public(_jwks)),
            Route("/oauth/authorize", to.browser(authorize), methods=["GET", "POST"]),
            Route("/oauth/end-session", to.browser(end_session), methods=["GET", "POST"]),
            self._api_route("/oauth/token", to.api(_token), "POST"),
            self._api_route("/oauth/revoke", to.api(_revoke), "POST"),
            self._api_route("/oauth/userinfo", to.api(userinfo, reads=True), "GET", "POST"),
        ]

    def _api_route(self, path: str, endpoint: Endpoint, *methods: str) -> Route:
        """A route whose answers the pages of registered front ends may read."""
        cors = Middleware(
            CORSMiddleware,
            self.origins,
            allow_headers=_CORS_HEADERS,
            expose_headers=_EXPOSED,
            any_options=True,
        )
        return Route(path, endpoint, methods=[*methods, "OPTIONS"], middleware=[cors])

    def _read_origins(self) -> frozenset[str]:
        with self.store.reading():
            return clients.origins(self.store)

    async def _discovery(self, _request: Request) -> Response:
        return JSONResponse(discovery_document(self.settings), headers=HEADERS | PUBLIC)


def _token(context: ProviderContext, params: OAuthParameters) -> Response:
    response: Response = OAuthServer(context).create_token_response(params)
    return response


def _revoke(context: ProviderContext, params: OAuthParameters) -> Response:
    response: Response = OAuthServer(context).create_endpoint_response("revocation", params)
    return response


def _jwks(context: ProviderContext, _asked: OAuthParameters) -> Response:
    return JSONResponse(public_keys(context.store).as_dict(private=False))
