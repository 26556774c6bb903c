"""The service as browsers see it: accounts at its own issuer, and browsers with their cookies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.requests import Request

from graphql_api import app
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts import sessions as account_sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.storage.operation import to_microseconds
from tests.client import TestClient
from tests.conftest import SERVICE, Caller, Here, with_booklet

OURS = {"graphql-require-preflight": "1", "sec-fetch-site": "same-origin"}
SECRET = "__Host-livret"
ACCOUNT_SECRET = "__Host-livret-account"


@dataclass
class Browser:
    """A browser with cookies of its own."""

    site: "Site"
    client: TestClient

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=named(headers), follow_redirects=False)

    def post(self, path: str, **headers: str) -> Any:
        return self.client.post(path, headers=named(headers), follow_redirects=False)

    def be(self, name: str, ago: int = 0) -> None:
        """Be signed in at the issuer, as whoever has that name, since so many seconds ago."""
        account, desk = self.site.account(name), self.site.desk(ago)
        nothing = Request({"type": "http", "headers": []})
        with desk.writing():
            ((_, cookie),) = account_sessions.begin(desk, nothing, account)
        self._keep(ACCOUNT_SECRET, cookie.partition(";")[0].partition("=")[2])

    def sign_in(self, name: str = "owner", path: str = "/sign-in", ago: int = 0) -> Any:
        """Sign in, and end where that leads."""
        self.be(name, ago)
        return self.client.get(path, headers={"accept": "text/html"})

    def come_back(self, path: str = "/sign-in") -> str:
        """Begin to sign in, up to the address at which the issuer sends the browser back."""
        begun = self.get(path)
        answer = self.get(begun.headers["location"])
        return str(answer.headers["location"])

    def caller(self, **headers: str) -> Caller:
        """The page of ours in this browser, which asks with the cookie alone."""
        return Caller(self.client, None, "browser", OURS | named(headers))

    @property
    def is_signed_in(self) -> bool:
        """Whether the service knows who is in this browser."""
        return "errors" not in self.caller().post({"query": "{ booklet { id } }"}).json()

    @property
    def secret(self) -> str | None:
        return self.client.cookies.get(SECRET)

    @secret.setter
    def secret(self, value: str) -> None:
        self._keep(SECRET, value)

    def _keep(self, name: str, value: str) -> None:
        if name in self.client.cookies:
            self.client.cookies.delete(name)
        self.client.cookies.set(name, value, domain="livret.test")


@dataclass
class Site:
    """The service on one database, at its public address."""

    here: Here
    client: TestClient
    accounts: dict[str, str] = field(default_factory=dict)

    def browser(self) -> Browser:
        client = TestClient(self.client.app, base_url=SERVICE)
        client.portal = self.client.portal
        return Browser(self, client)

    def desk(self, ago: int = 0) -> AccountContext:
        settings = self.here.deployment.settings
        return AccountContext(
            store=self.here.deployment.store,
            key_store=self.here.deployment.key_store,
            master_key=self.here.deployment.service.master_key,
            service_keys=self.here.deployment.service.service_keys,
            public_url=settings.public_url,
            now=to_microseconds(self.here.clock()) - ago * 1_000_000,
        )

    def account(self, name: str) -> str:
        """The id of somebody's account, made when it is first asked for."""
        if name not in self.accounts:
            self.accounts[name] = self.here.deployment.copies.of(
                ("account", name), self.here.clock(), lambda: self._create(name)
            )
        return self.accounts[name]

    def _create(self, name: str) -> str:
        details = accounts.AccountDetails("Lefèvre", name, f"{name}@example.org")
        desk = self.desk()
        with desk.writing():
            return accounts.create(desk, details, activated=True)

    def bearer(self, name: str) -> Caller:
        """The same person, calling with a token instead."""
        return self.here.caller(self.account(name))

    def with_booklet(self, name: str) -> Caller:
        """The same, once they opened their booklet."""
        return with_booklet(self.here, self.account(name))

    def rows(self) -> list[tuple[Any, ...]]:
        store = self.here.deployment.store
        return list(store.database.execute_sql("SELECT * FROM session").fetchall())


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def referrer_policy_of(page: Any) -> str:
    """The policy under which browsers say where a form stands, and nothing else that we need not."""
    return "same-origin" if "<form" in page.text else "no-referrer"


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@contextmanager
def cut_off(here: Here, http: Callable[..., httpx2.AsyncClient]) -> Iterator[Site]:
    """The same service, which reaches the issuer by `http`, if at all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "client_for", http)
        with TestClient(
            app.create_application(here.deployment.settings, here.clock), base_url=SERVICE
        ) as client:
            yield Site(here, client)
