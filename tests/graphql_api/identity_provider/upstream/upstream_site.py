"""Accounts, two upstream providers, and a browser that goes from one to the other."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

from graphql_api.identity_provider.oauth.clients import FrontEnd, register_front_end
from graphql_api.identity_provider.upstream.routes import clients_for
from graphql_api.openid_client.client import OpenIdClient
from graphql_api.openid_client.http import client_for
from graphql_api.openid_client.settings import OpenIdProvider
from tests.clock import Clock
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    SIGNED_IN,
    SITE,
    AccountsSite,
    Browser,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import VERIFIER, challenge
from tests.graphql_api.openid_client.provider import OpenIdProviderOfTests, with_

CHOICE = "/account/ways/new"
FRONT_END = "https://site.example"
LABELS = {"op": "ProConnect", "other": "FranceConnect"}


def provider(name: str, clock: Clock) -> OpenIdProviderOfTests:
    """An honest provider at which Maëlle is known."""
    op = OpenIdProviderOfTests(issuer=f"https://{name}.example")
    op.now = lambda: int(clock().timestamp())
    op.userinfo = with_(given_name="Maëlle", family_name="CANARY-Kerjean", email="m@mairie.example")
    return op


def clients_of(
    op: OpenIdProviderOfTests, other: OpenIdProviderOfTests, clock: Clock
) -> dict[str, OpenIdClient]:
    """The service as the client of both."""
    clients: dict[str, OpenIdClient] = {}
    for name, one in (("op", op), ("other", other)):
        settings = OpenIdProvider(
            name=name,
            label=LABELS[name],
            issuer=one.issuer,
            client_id="livret",
            client_secret="CANARY-secret",
        )
        clients |= clients_for([settings], SITE, client_for(one.issuer, one.app()), clock)
    return clients


@dataclass
class UpstreamSite:
    """The accounts and the two providers."""

    accounts_site: AccountsSite
    op: OpenIdProviderOfTests
    other: OpenIdProviderOfTests

    def at(self, name: str) -> OpenIdProviderOfTests:
        return self.op if name == "op" else self.other

    def begin(self, browser: Browser, name: str = "op", back: str = "/account") -> dict[str, str]:
        """Go to a provider; what it is asked."""
        where = went_to(browser.get(f"/account/with/{name}?{urlencode({'return': back})}"))
        assert where.startswith(f"{self.at(name).issuer}/authorize?")
        return dict(parse_qsl(urlsplit(where).query))

    def come_back(
        self, browser: Browser, asked: dict[str, str], name: str = "op", **answer: str
    ) -> Any:
        """Come back from a provider that was asked that."""
        self.at(name).began = asked
        brought = {"code": "CANARY-code", "state": asked["state"]} | answer
        return browser.get(f"/account/back/{name}?{urlencode(brought)}")

    def visit(self, browser: Browser, name: str = "op", back: str = "/account") -> Any:
        """Go to a provider and come back."""
        return self.come_back(browser, self.begin(browser, name, back), name)

    def is_somebody_else(self, name: str = "op", subject: str = "somebody-else") -> None:
        """From now on, the provider identifies somebody else."""
        op = self.at(name)
        op.claims, op.userinfo = with_(sub=subject), with_(sub=subject, given_name="Yann")

    def created(self, name: str = "op") -> Browser:
        """A browser that signed in at a provider and made an account."""
        browser = self.accounts_site.browser()
        assert went_to(self.visit(browser, name)) == CHOICE
        assert went_to(browser.post("/account/ways/create")) in SIGNED_IN
        return browser

    def ways(self) -> list[tuple[str, str, str]]:
        """All ways into accounts: issuer, subject, account."""
        sql = "SELECT issuer, subject, account FROM idp_way_in ORDER BY issuer, subject"
        return [tuple(row) for row in self.accounts_site.rows(sql)]

    def who(self, browser: Browser) -> str | None:
        """The account that the browser is signed in to."""
        request = browser.client.build_request("GET", SITE)
        scope = {"type": "http", "headers": [(k.lower(), v) for k, v in request.headers.raw]}
        step = self.accounts_site.accounts.sign_in_step()
        with self.accounts_site.store.writing():
            signed_in = step.current_user(Request(scope))
        return signed_in.subject if signed_in else None

    def front_end(self) -> str:
        """A front end that is registered."""
        front_end = FrontEnd(
            name="Site",
            redirect_uris=(f"{FRONT_END}/back",),
            origins=(FRONT_END,),
            post_logout_redirect_uris=(f"{FRONT_END}/left",),
        )
        with self.accounts_site.store.writing():
            made = register_front_end(self.accounts_site.store, front_end, 0)
        return str(made.client_id)

    def authorize(self, client_id: str, **changes: str) -> str:
        """The path at which a front end sends browsers to sign in."""
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": f"{FRONT_END}/back",
            "scope": "openid",
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
        } | changes
        return f"/oauth/authorize?{urlencode(asked)}"
