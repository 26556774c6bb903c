"""An OpenID provider for tests, honest until a test makes it lie, and sign-ins at it."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.openid_client.client import AuthorizationRequest, OpenIdClient, UserIdentity
from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.http import client_for
from graphql_api.openid_client.settings import OpenIdProvider

ISSUER = "https://op.example"
BACK = "https://livret.example/back"
NOW = 1_790_000_000
EC = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
OTHER_EC = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
RSA = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
SUBJECT = "d5f2-CANARY-subject"
SECRET = "CANARY-client/secret+é"

Lie = Callable[[dict[str, Any]], Any]


def _same(said: dict[str, Any]) -> Any:
    return said


@dataclass
class OpenIdProviderOfTests:
    """A provider; each lie is given what the honest one would say, and says something else.

    `asked` lists the requests, `form` is the last token request's, `began` what the browser was
    sent with.
    """

    issuer: str = ISSUER
    key: Any = field(default_factory=lambda: EC)
    published: list[Any] = field(default_factory=lambda: [EC, RSA])
    discovery: Lie = _same
    claims: Lie = _same
    header: Lie = _same
    tokens: Lie = _same
    userinfo: Lie = _same
    signs_userinfo: bool = False
    now: Callable[[], int] = field(default_factory=lambda: lambda: NOW)
    answers: Callable[[Request, Response], Response] = field(
        default_factory=lambda: lambda _request, response: response
    )
    asked: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    form: dict[str, str] = field(default_factory=dict)
    began: dict[str, str] = field(default_factory=dict)

    def app(self) -> Starlette:
        routes = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._keys,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        methods = ["GET", "POST"]
        return Starlette(
            routes=[Route(path, self._noting(one), methods=methods) for path, one in routes.items()]
        )

    def _noting(self, answer: Callable[[], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.asked.append(request.url.path)
            self.requests.append(request)
            if request.method == "POST":
                self.form = dict(parse_qsl((await request.body()).decode()))
            response = answer()
            if not isinstance(response, Response):
                response = JSONResponse(response)
            return self.answers(request, response)

        return endpoint

    def _discovery(self) -> Any:
        return self.discovery(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "end_session_endpoint": f"{self.issuer}/leave",
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["ES256", "none"],
            }
        )

    def _keys(self) -> Any:
        keys = [
            one if isinstance(one, dict) else one.as_dict(private=False) for one in self.published
        ]
        return {"keys": keys}

    def _token(self) -> Any:
        if "code_challenge" in self.began:
            hashed = hashlib.sha256(self.form.get("code_verifier", "").encode()).digest()
            challenge = urlsafe_b64encode(hashed).decode().rstrip("=")
            if challenge != self.began["code_challenge"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
        return self.tokens(
            {
                "access_token": "CANARY-access-token",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": self.signed(self.claims(self.honest_claims())),
            }
        )

    def honest_claims(self) -> dict[str, Any]:
        now = self.now()
        return {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": "livret",
            "exp": now + 60,
            "iat": now,
            "auth_time": now - 5,
            "nonce": self.began.get("nonce"),
            "acr": "eidas1",
            "amr": ["pwd"],
        }

    def signed(self, claims: dict[str, Any]) -> str:
        honest = {"alg": self.key["alg"], "kid": self.key.kid}
        header = self.header(honest)
        registry = JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jwt.encode(header, claims, self.key, registry=registry)

    def _userinfo(self) -> Any:
        said = self.userinfo(
            {"sub": SUBJECT, "email": "CANARY@example.org", "usual_name": "Le Goff"}
        )
        if self.signs_userinfo and isinstance(said, dict):
            token = self.signed({"iss": self.issuer, "aud": "livret"} | said)
            return Response(token, media_type="application/jwt")
        return said


@dataclass
class Time:
    """A clock that stands still until a test moves it on."""

    moved: int = 0

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(NOW + self.moved, UTC)


@dataclass
class Visit:
    """The service as the client of that provider, and one browser."""

    op: OpenIdProviderOfTests
    provider: OpenIdProvider
    clock: Time
    client: OpenIdClient

    async def begin(self, extra: Mapping[str, str] | None = None) -> AuthorizationRequest:
        begun = await self.client.begin(extra)
        self.op.began = {
            name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()
        }
        return begun

    async def sign_in(
        self, extra: Mapping[str, str] | None = None, **answer: str | None
    ) -> UserIdentity:
        """A whole sign-in; `answer` changes what the browser brings back (None: leaves it out)."""
        begun = await self.begin(extra)
        honest: dict[str, str | None] = {"code": "CANARY-code", "state": begun.login_state.state}
        brought = {name: value for name, value in (honest | answer).items() if value is not None}
        return await self.client.finish(begun.login_state, brought)


def visit(op: OpenIdProviderOfTests, network: bool = False, **settings: Any) -> Visit:
    """The service with settings for this provider."""
    given = {
        "name": "op",
        "label": "OP",
        "issuer": op.issuer,
        "client_id": "livret",
        "client_secret": SECRET,
        "auth_method": "client_secret_post",
        "scopes": ("openid", "email"),
    }
    provider = OpenIdProvider(**given | settings)
    clock = Time()
    http = client_for(op.issuer, None if network else op.app())
    return Visit(op, provider, clock, OpenIdClient(provider, BACK, http, clock))


def signed_in(
    op: OpenIdProviderOfTests,
    *,
    extra: Mapping[str, str] | None = None,
    answer: Mapping[str, str | None] | None = None,
    **settings: Any,
) -> UserIdentity:
    """Sign in at a provider with these settings, and return the identity."""
    return asyncio.run(visit(op, **settings).sign_in(extra, **(answer or {})))


def refusal(op: OpenIdProviderOfTests, **options: Any) -> str:
    """The code of the refusal of a sign-in, which an honest provider would not get."""
    try:
        signed_in(op, **options)
    except SignInRefusedError as refused:
        return refused.code
    raise AssertionError("The sign-in was accepted.")


def fault(op: OpenIdProviderOfTests, **options: Any) -> str:
    """The code with which a provider counts as unavailable."""
    try:
        signed_in(op, **options)
    except ProviderUnavailableError as down:
        return down.code
    raise AssertionError("The sign-in was accepted.")


def with_(**changes: Any) -> Lie:
    """A lie that changes some of what is said; `...` leaves a thing out."""
    return lambda said: {
        name: value for name, value in {**said, **changes}.items() if value is not ...
    }
