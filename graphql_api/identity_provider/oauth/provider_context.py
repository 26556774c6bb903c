"""The context of a request to the provider: settings, store within a transaction, time."""

from dataclasses import dataclass
from datetime import datetime

from authlib.oauth2.rfc6749 import InsecureTransportError

from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.sign_in_step import SignInStep
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """The issuer of tokens, their audience, and the lifetimes in seconds.

    `issuer` is https, or http on this machine; every address that the provider tells is built from
    it. `own_client` is the service's own front end, which needs no registration. A refresh token
    that is not used, and the whole family after its sign-in, expire.
    """

    issuer: str
    audience: str
    service_keys: ServiceKeys
    own_client: Client | None = None
    access_seconds: int = 600
    id_token_seconds: int = 600
    code_seconds: int = 60
    refresh_seconds: int = 7 * 86_400
    grant_seconds: int = 30 * 86_400

    def __post_init__(self) -> None:
        InsecureTransportError.check(self.issuer)

    def url(self, path: str) -> str:
        """An address of the provider."""
        return f"{self.issuer.rstrip('/')}{path}"


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """The context of one request, from beginning to end."""

    settings: IssuerSettings
    store: Store
    sign_in: SignInStep
    at: datetime

    @property
    def now(self) -> int:
        """The time of the request, in microseconds, as the tables hold it."""
        return to_microseconds(self.at)

    @property
    def seconds(self) -> int:
        """The time of the request, in seconds, as tokens hold it."""
        return self.now // SECOND

    def find_client(self, client_id: str) -> Client | None:
        """The client of that id, the service's own front end included, unless it is disabled."""
        own = self.settings.own_client
        if own is not None and client_id == own.client_id:
            return own
        return clients.find(self.store, client_id)
