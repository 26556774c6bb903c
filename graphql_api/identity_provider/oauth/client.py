"""A client as Authlib asks about it: its rights, and its authentication."""

import hmac
from dataclasses import dataclass
from typing import Any

from graphql_api.identity_provider.oauth.scopes import split_scope
from graphql_api.storage.operation import digest

PUBLIC, SECRET, KEYS = "none", "client_secret", "private_key_jwt"
METHODS = {
    PUBLIC: ("none",),
    SECRET: ("client_secret_basic", "client_secret_post"),
    KEYS: ("private_key_jwt",),
}


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client. A front end has redirect URIs, a machine has none."""

    client_id: str
    name: str
    authentication: str
    secret_hash: str | None
    keys: dict[str, Any] | None
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    origins: tuple[str, ...]
    scopes: tuple[str, ...]

    @property
    def client_metadata(self) -> dict[str, Any]:
        """The metadata that Authlib reads by name."""
        return {"post_logout_redirect_uris": list(self.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        """The client's id."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: every request names its redirect URI."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The requested scope if the client may have all of it; None, which refuses, otherwise."""
        asked = split_scope(scope or "")
        return " ".join(asked) if asked and set(asked) <= set(self.scopes) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether the URI is registered, character by character."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is the client's secret."""
        if self.secret_hash is None:
            return False
        return hmac.compare_digest(self.secret_hash, digest(client_secret))

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Whether the client authenticates by this method, the same at every endpoint."""
        return method in METHODS[self.authentication]

    def check_response_type(self, response_type: str) -> bool:
        """Whether the client may ask for an authorization code, the only response there is."""
        return response_type == "code" and bool(self.redirect_uris)

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the client may use this grant type: as a front end or as a machine."""
        if self.redirect_uris:
            return grant_type in ("authorization_code", "refresh_token")
        return grant_type == "client_credentials" and self.authentication != PUBLIC
