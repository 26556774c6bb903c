"""A provider on one database, and how its tests sign in, redeem and refresh."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.requests import Request

from graphql_api.identity_provider.oauth.clients import (
    FrontEnd,
    register_front_end,
    register_machine,
)
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings
from graphql_api.identity_provider.sign_in_step import SignedInUser, SignInStep
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.clock import Clock
from tests.keys import service_keys

BEGIN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the time stands still until a test moves it
NOW = int(BEGIN.timestamp())
ISSUER = "https://livret.example"
AUDIENCE = f"{ISSUER}/graphql"
SETTINGS = IssuerSettings(issuer=ISSUER, audience=AUDIENCE, service_keys=service_keys)
BACK = "https://site.example/retour"
LEFT = "https://site.example/parti"
ORIGIN = "https://site.example"
SCOPE = "openid email livret:read livret:write offline_access"
TABLES = ["signing_key", "client", "grant", "code", "refresh_token", "used_assertion"]
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Accounts:
    """The trivial sign-in step: a cookie says who is signed in and since when."""

    known: dict[str, dict[str, object]] = field(
        default_factory=lambda: {
            "maelle": {
                "email": "maelle@example.org",
                "email_verified": True,
                "given_name": "Maëlle",
                "secret_thing": "never told",
            }
        }
    )

    def who(self, request: Request) -> SignedInUser | None:
        subject, _, at = request.cookies.get("signed", "").partition("@")
        return SignedInUser(subject, int(at), amr=("pwd",)) if subject else None

    def step(self) -> SignInStep:
        return SignInStep(
            current_user=self.who,
            sign_in_url=lambda path: f"{ISSUER}/sign-in?{urlencode({'next': path})}",
            sign_out=lambda _request: [("set-cookie", "signed=; Max-Age=0; Path=/")],
            claims=self.known.get,
        )


@dataclass
class ProviderSite:
    """A provider over HTTP, with a front end that is registered."""

    kind: str
    store: Store
    client: TestClient
    clock: Clock
    accounts: Accounts
    front_end: str = ""

    @property
    def moment(self) -> int:
        return to_microseconds(self.clock())

    @property
    def seconds(self) -> int:
        return self.moment // 1_000_000

    def register(self, **options: Any) -> Any:
        """A front end."""
        given = {
            "name": "Site",
            "redirect_uris": (BACK,),
            "origins": (ORIGIN,),
            "post_logout_redirect_uris": (LEFT,),
        }
        with self.store.writing():
            return register_front_end(self.store, FrontEnd(**{**given, **options}), self.moment)

    def machine(self, **options: Any) -> Any:
        with self.store.writing():
            return register_machine(self.store, "Région", self.moment, **options)

    def sign_in(self, subject: str = "maelle", ago: int = 0) -> None:
        self.client.cookies.set("signed", f"{subject}@{self.seconds - ago}")

    def authorize(self, **changes: Any) -> Any:
        """The answer of the authorization endpoint; a parameter that is None is left out."""
        asked = {
            "response_type": "code",
            "client_id": self.front_end,
            "redirect_uri": BACK,
            "scope": SCOPE,
            "state": 'a "state"',
            "nonce": "n-1",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
        } | changes
        sent = {name: value for name, value in asked.items() if value is not None}
        return self.client.get("/oauth/authorize", params=sent, follow_redirects=False)

    def code(self, **changes: Any) -> str:
        self.sign_in()
        return str(query(self.authorize(**changes))["code"])

    def token(self, headers: dict[str, str] | None = None, **form: Any) -> Any:
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post("/oauth/token", data=sent, headers=headers)

    def redeem(self, given: str, /, **changes: Any) -> Any:
        return self.token(
            **{
                "grant_type": "authorization_code",
                "code": given,
                "redirect_uri": BACK,
                "client_id": self.front_end,
                "code_verifier": VERIFIER,
            }
            | changes
        )

    def tokens(self, **changes: Any) -> Any:
        """What a whole sign-in gives."""
        answer = self.redeem(self.code(**changes))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refresh(self, token: str, /, **changes: Any) -> Any:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.front_end}
        return self.token(**form | changes)

    def revoke(self, token: str, **changes: Any) -> Any:
        return self.client.post(
            "/oauth/revoke", data={"token": token, "client_id": self.front_end} | changes
        )

    def userinfo(self, token: str) -> Any:
        return self.client.get("/oauth/userinfo", headers={"authorization": f"Bearer {token}"})

    def keys(self) -> KeySet:
        return KeySet.import_key_set(self.client.get("/oauth/jwks").json())

    def read(self, token: str) -> Any:
        """A token that verifies with the keys that are published."""
        return jwt.decode(token, self.keys(), algorithms=["ES256"])

    def rows(self, sql: str) -> list[Any]:
        return list(self.store.database.execute_sql(sql).fetchall())


VERIFIER = secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    hashed = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(hashed).decode().rstrip("=")


def query(answer: Any) -> dict[str, str]:
    """The parameters of the redirect that sends a browser back."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def basic(id: str, secret: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{id}:{secret}'.encode()).decode()}"}


def assertion(
    key: ECKey, client_id: str, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    said = {
        "iss": client_id,
        "sub": client_id,
        "aud": ISSUER,
        "iat": NOW,
        "exp": NOW + 60,
        "jti": secrets.token_hex(8),
    } | claims
    kept = {name: value for name, value in said.items() if value is not ...}
    return jwt.encode({"alg": "ES256"} | (header or {}), kept, key, ["ES256"])


def at_once(times: int, call: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(times) as pool:
        return [one.result() for one in [pool.submit(call) for _ in range(times)]]
