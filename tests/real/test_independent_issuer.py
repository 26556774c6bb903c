"""A certified provider (npm oidc-provider) issues the tokens of the API in the service's stead."""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from .node import node_for
from .oidc_provider.browser import Browser, query
from .oidc_provider.provider import HERE, Provider, fresh_key, key_set
from .service import RealService, free_port, prepared

pytestmark = pytest.mark.real

BACK = "http://127.0.0.1:1/retour"
SCOPE = "openid livret:read livret:write"
GOOD: dict[str, Any] = {"data": {"booklet": None}}
PROVIDER = """
[[provider]]
name = "issuer"
label = "Issuer"
issuer = "{issuer}"
client_id = "livret"
auth_method = "none"
post_logout_uri = "{url}/"
"""


@dataclass
class Elsewhere:
    """The provider, the key that it signs with, and a service that trusts it."""

    provider: Provider
    key: ECKey
    service: RealService
    browsers: ExitStack = field(default_factory=ExitStack)

    def browser(self) -> Browser:
        one = Browser(self.service.url)
        self.browsers.callback(one.close)
        return one

    def tokens(self) -> dict[str, str]:
        """What a front end gets when a person signs in at the provider."""
        verifier = secrets.token_urlsafe(32)
        hashed = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": "front-end",
            "redirect_uri": BACK,
            "scope": SCOPE,
            "resource": self.service.settings.token_audience,
            "state": secrets.token_urlsafe(32),
            "nonce": secrets.token_urlsafe(32),
            "code_challenge": encoded(hashed),
            "code_challenge_method": "S256",
        }
        came = self.browser().open(f"{self.provider.issuer}/auth?{urlencode(asked)}", until=BACK)
        code = query(came.headers["location"])["code"]
        form = {"code": code, "redirect_uri": BACK, "code_verifier": verifier}
        return dict(self.token("authorization_code", **form).json())

    def token(self, grant: str, **form: str) -> httpx2.Response:
        """The answer of the provider's token endpoint."""
        resource = self.service.settings.token_audience
        sent = {"grant_type": grant, "client_id": "front-end", "resource": resource, **form}
        return httpx2.post(f"{self.provider.issuer}/token", data=sent)

    def refresh(self, token: str) -> httpx2.Response:
        return self.token("refresh_token", refresh_token=token)

    def ask(self, token: str) -> httpx2.Response:
        """What the API answers to whoever holds a token."""
        headers = {"authorization": f"Bearer {token}"}
        body = {"query": "{ booklet { id } }"}
        return httpx2.post(f"{self.service.url}/graphql", json=body, headers=headers)

    def signed(self, key: ECKey | None = None, **changes: Any) -> str:
        """A token like the provider's own, signed with its key or another; `...` takes away."""
        now = int(time.time())
        claims = {
            "iss": self.provider.issuer,
            "aud": self.service.settings.token_audience,
            "sub": "maelle",
            "client_id": "front-end",
            "scope": SCOPE,
            "iat": now,
            "exp": now + 600,
            "jti": "1",
            **changes,
        }
        header = {"alg": "ES256", "kid": self.key.kid, "typ": claims.pop("typ", "at+jwt")}
        kept = {name: value for name, value in header.items() if value is not ...}
        return jwt.encode(kept, claims, key or self.key, default_type=None)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    node, folder = node_for(HERE, "oidc-provider"), tmp_path_factory.mktemp("elsewhere")
    port, key = free_port(), fresh_key("first")
    url = f"http://127.0.0.1:{port}"
    public = {"token_endpoint_auth_method": "none"}
    site = {"client_id": "front-end", "redirect_uris": [BACK]}
    refreshing = {"grant_types": ["authorization_code", "refresh_token"]}
    own = {"client_id": "livret", "redirect_uris": [f"{url}/sign-in/back"]}
    leaving = {"post_logout_redirect_uris": [f"{url}/"]}
    said = {
        "jwks": key_set(key),
        "acr": "eidas1",
        "person": {"sub": "maelle"},
        "resource": f"{url}/graphql",
        "clients": [public | site | refreshing, public | own | leaving],
    }
    provider = Provider(node, free_port(), said)
    file = folder / "providers.toml"
    file.write_text(PROVIDER.format(issuer=provider.issuer, url=url))
    settings = {"LIVRET_TOKEN_ISSUER": provider.issuer, "LIVRET_SIGN_IN_PROVIDERS": str(file)}
    with prepared(folder, LIVRET_PORT=str(port), **settings) as service:
        try:
            yield Elsewhere(provider, key, service)
        finally:
            provider.stop()


@pytest.fixture
def elsewhere(trusted: Elsewhere) -> Iterator[Elsewhere]:
    """The service that has just been started, which knows nothing of the provider yet."""
    if not trusted.provider.is_as_said:
        trusted.provider.start()
    impatient = HERE / "impatient.py"  # nobody waits a minute here
    with trusted.service.running(sys.executable, impatient), ExitStack() as trusted.browsers:
        yield trusted


def encoded(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def test_the_tokens_of_the_provider_open_the_api_and_so_do_those_it_refreshes(
    elsewhere: Elsewhere,
) -> None:
    first = elsewhere.tokens()
    assert elsewhere.ask(first["access_token"]).json() == GOOD
    second = elsewhere.refresh(first["refresh_token"]).json()
    assert second["access_token"] != first["access_token"]
    assert elsewhere.ask(second["access_token"]).json() == GOOD


def test_a_refresh_token_that_comes_twice_is_refused_with_its_whole_family(
    elsewhere: Elsewhere,
) -> None:
    first = elsewhere.tokens()["refresh_token"]
    second = elsewhere.refresh(first).json()["refresh_token"]
    for one in (first, second):
        answer = elsewhere.refresh(one)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_that_was_revoked_is_refused(elsewhere: Elsewhere) -> None:
    token = elsewhere.tokens()["refresh_token"]
    form = {"token": token, "client_id": "front-end"}
    done = httpx2.post(f"{elsewhere.provider.issuer}/token/revocation", data=form)
    assert (done.status_code, elsewhere.refresh(token).status_code) == (200, 400)


def of_algorithm_none(place: Elsewhere) -> str:
    _, claims, _ = place.signed().split(".")
    return f"{encoded(json.dumps({'alg': 'none', 'typ': 'at+jwt'}).encode())}.{claims}."


def signed_with_the_public_key(place: Elsewhere) -> str:
    _, claims, _ = place.signed().split(".")
    header = {"alg": "HS256", "typ": "at+jwt", "kid": place.key.kid}
    text = f"{encoded(json.dumps(header).encode())}.{claims}"
    secret = place.key.as_pem(private=False)
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def altered(place: Elsewhere) -> str:
    header, _, signature = place.tokens()["access_token"].split(".")
    return f"{header}.{place.signed(sub='other').split('.')[1]}.{signature}"


FORGERIES: dict[str, Callable[[Elsewhere], str]] = {
    "expired": lambda place: place.signed(iat=int(time.time()) - 700, exp=int(time.time()) - 100),
    "for another API": lambda place: place.signed(aud="https://elsewhere.example/graphql"),
    "of another issuer": lambda place: place.signed(iss="https://elsewhere.example"),
    "without a type": lambda place: place.signed(typ=...),
    "of the type of ID tokens": lambda place: place.signed(typ="JWT"),
    "of another key": lambda place: place.signed(fresh_key("first")),
    "of an unknown key": lambda place: place.signed(fresh_key("x")),
    "an ID token": lambda place: place.tokens()["id_token"],
    "alg none": of_algorithm_none,
    "HS256 with the public key": signed_with_the_public_key,
    "altered": altered,
}


def test_a_token_that_the_provider_did_not_give_for_this_api_is_refused(
    elsewhere: Elsewhere,
) -> None:
    assert elsewhere.ask(elsewhere.signed()).json() == GOOD
    for name, forge in FORGERIES.items():
        answer = elsewhere.ask(forge(elsewhere))
        code = answer.json()["errors"][0]["extensions"]["code"]
        assert (answer.status_code, code) == (401, "INVALID_TOKEN"), name


def test_the_provider_changes_its_keys_and_is_believed_at_once(elsewhere: Elsewhere) -> None:
    before = elsewhere.tokens()["access_token"]
    assert elsewhere.ask(before).json() == GOOD
    elsewhere.provider.start(jwks=key_set(fresh_key("second")))
    assert elsewhere.ask(elsewhere.tokens()["access_token"]).json() == GOOD
    assert elsewhere.ask(before).status_code == 401, "a key that is withdrawn counts no more"


def test_a_person_signs_in_to_the_service_there_and_out_of_both(elsewhere: Elsewhere) -> None:
    browser = elsewhere.browser()
    home = browser.open("/sign-in")
    assert str(home.url) == f"{elsewhere.service.url}/"
    assert browser.ask() == GOOD
    asked = browser.post("/sign-out")
    assert not browser.is_signed_in
    left = browser.press(asked, "/session/end/confirm", logout="yes")
    assert (left.url.host, left.url.path) == ("127.0.0.1", "/")
    assert "_session" not in browser.http.cookies


def test_when_the_provider_is_down_sessions_and_tokens_go_on_and_nobody_signs_in(
    elsewhere: Elsewhere,
) -> None:
    running, token = elsewhere.browser(), elsewhere.tokens()["access_token"]
    running.open("/sign-in")
    assert elsewhere.ask(token).json() == GOOD
    coming = elsewhere.browser()
    back = coming.open("/sign-in", until=f"{elsewhere.service.url}/sign-in/back")
    elsewhere.provider.stop()
    assert coming.open(back.headers["location"]).status_code == 503
    assert not coming.is_signed_in
    assert running.is_signed_in
    assert elsewhere.ask(token).json() == GOOD


def test_a_service_that_never_reached_its_provider_says_so(elsewhere: Elsewhere) -> None:
    elsewhere.provider.stop()
    answer = elsewhere.browser().open("/sign-in")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert elsewhere.ask(elsewhere.signed()).status_code == 503
