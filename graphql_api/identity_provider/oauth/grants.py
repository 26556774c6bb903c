"""Grants, and their authorization codes and refresh tokens, each of which is valid once.

One UPDATE finds the row unused for the first of simultaneous requests only. The second use revokes
the grant, and with it all that came of it, since one of the two users was a thief. What was used or
revoked has no MAC any more: it is never valid again. The functions work within the caller's
transaction.
"""

import json
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from graphql_api.identity_provider.authenticated_tables import (
    CODE_ROWS,
    GRANT_ROWS,
    REFRESH_TOKEN_ROWS,
)
from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.provider_context import SECOND, ProviderContext
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.identity_provider.tables import (
    GrantTable,
    OAuthCodeTable,
    RefreshTokenTable,
    UsedAssertionTable,
)
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """A grant as it is now; for Authlib it is also the token, or the user."""

    id: str
    client: str
    subject: str
    scope: str
    signed_in_at: int
    acr: str | None
    amr: tuple[str, ...]
    good: bool

    def check_client(self, client: Client) -> bool:
        """Whether it was granted to that client."""
        return self.client == client.client_id

    def get_scope(self) -> str:
        """The scope that was granted."""
        return self.scope


@dataclass(frozen=True, slots=True)
class RefreshTokenRecord:
    """A refresh token and its grant, as Authlib asks about them; `unused` until it is exchanged."""

    hash: str
    grant: GrantRecord
    unused: bool

    def check_client(self, client: Client) -> bool:
        """Whether it was given to that client."""
        return self.grant.check_client(client)

    def get_scope(self) -> str:
        """The scope that was granted."""
        return self.grant.scope


@dataclass(frozen=True, slots=True)
class AuthorizationCodeRecord:
    """An authorization code and its grant, as Authlib asks about them; `unused` until redeemed."""

    hash: str
    grant: GrantRecord
    unused: bool
    redirect_uri: str
    code_challenge: str
    nonce: str | None
    code_challenge_method: str = "S256"

    def check_client(self, client: Client) -> bool:
        """Whether it was given to that client."""
        return self.grant.check_client(client)

    def get_redirect_uri(self) -> str:
        """The address to which the code was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """The scope that was granted."""
        return self.grant.scope

    def get_nonce(self) -> str | None:
        """The nonce that the client expects in the ID token."""
        return self.nonce

    def get_auth_time(self) -> int:
        """The time of the person's sign-in, in seconds."""
        return self.grant.signed_in_at

    def get_acr(self) -> str | None:
        """The level at which the person signed in."""
        return self.grant.acr

    def get_amr(self) -> list[str]:
        """The methods by which the person signed in."""
        return list(self.grant.amr)


def create_grant(
    context: ProviderContext, client: Client, signed_in: SignedInUser, scope: str
) -> str:
    """Create the grant of a person to a client, and return its id."""
    id = str(uuid.uuid4())
    now = context.now
    row = {
        "id": id,
        "client": client.client_id,
        "subject": signed_in.subject,
        "scope": scope,
        "signed_in_at": signed_in.at,
        "acr": signed_in.acr,
        "amr": json.dumps(signed_in.amr),
        "created_at": now,
        "expires_at": now + context.settings.grant_seconds * SECOND,
    }
    context.store.run(GrantTable.insert(GRANT_ROWS.signed(context.store, row)))
    return id


def new_secret() -> str:
    """Make 256 random bits as text: a code or a refresh token."""
    return secrets.token_urlsafe(32)


def save_code(context: ProviderContext, code: str, grant: str, asked: dict[str, str]) -> None:
    """Store a code, hashed, with the values that its redemption must match."""
    row = {
        "code_hash": digest(code),
        "grant": grant,
        "redirect_uri": asked["redirect_uri"],
        "challenge": asked["code_challenge"],
        "nonce": asked.get("nonce"),
        "expires_at": context.now + context.settings.code_seconds * SECOND,
        "used": 0,
    }
    context.store.run(OAuthCodeTable.insert(CODE_ROWS.signed(context.store, row)))


def save_refresh_token(context: ProviderContext, token: str, grant: str) -> None:
    """Store a refresh token, hashed, in the family of its grant."""
    expires_at = context.now + context.settings.refresh_seconds * SECOND
    row = {"token_hash": digest(token), "grant": grant, "expires_at": expires_at, "used": 0}
    context.store.run(RefreshTokenTable.insert(REFRESH_TOKEN_ROWS.signed(context.store, row)))


def find_code(context: ProviderContext, code: str) -> AuthorizationCodeRecord | None:
    """The code, used or not; None when it is unknown or expired."""
    known = (OAuthCodeTable.code_hash == digest(code)) & (OAuthCodeTable.expires_at > context.now)
    row = _secret(context, CODE_ROWS, known)
    grant = find_grant(context, row["grant"]) if row else None
    if row is None or grant is None:
        return None
    return AuthorizationCodeRecord(
        digest(code), grant, not row["used"], row["redirect_uri"], row["challenge"], row["nonce"]
    )


def find_refresh_token(context: ProviderContext, token: str) -> RefreshTokenRecord | None:
    """The refresh token, used or not; None when it is unknown or expired."""
    known = (RefreshTokenTable.token_hash == digest(token)) & (
        RefreshTokenTable.expires_at > context.now
    )
    row = _secret(context, REFRESH_TOKEN_ROWS, known)
    grant = find_grant(context, row["grant"]) if row else None
    return RefreshTokenRecord(digest(token), grant, not row["used"]) if row and grant else None


def use_code(context: ProviderContext, code: AuthorizationCodeRecord) -> bool:
    """Use the code if it is unused, and return whether it was; otherwise revoke its grant."""
    unused = (OAuthCodeTable.code_hash == code.hash) & (OAuthCodeTable.used == 0)
    return _use_once(context, code, OAuthCodeTable.update(used=1, mac=None).where(unused))


def use_refresh_token(context: ProviderContext, token: RefreshTokenRecord) -> bool:
    """Use the token if it is unused, and return whether it was; otherwise revoke its grant."""
    unused = (RefreshTokenTable.token_hash == token.hash) & (RefreshTokenTable.used == 0)
    return _use_once(context, token, RefreshTokenTable.update(used=1, mac=None).where(unused))


def find_grant(context: ProviderContext, id: str) -> GrantRecord | None:
    """The grant of that id. One that was revoked is not good, and not checked otherwise."""
    query = GrantTable.select(*GRANT_ROWS.columns).where(GrantTable.id == id)
    row = context.store.row(query.tuples())
    if row is None:
        return None
    id, client, subject, scope, signed_in_at, acr, amr, _, expires_at, revoked_at, _ = row
    if revoked_at is None and not GRANT_ROWS.is_genuine(context.store, row):
        return None
    good = revoked_at is None and expires_at > context.now
    methods = tuple(json.loads(amr or "[]")) if good else ()
    return GrantRecord(id, client, subject, scope, signed_in_at, acr, methods, good)


def revoke_grant(context: ProviderContext, grant: str) -> None:
    """Revoke a grant, and so its codes and refresh tokens."""
    running = (GrantTable.id == grant) & GrantTable.revoked_at.is_null()
    context.store.run(GrantTable.update(revoked_at=context.now, mac=None).where(running))


def revoke_all(store: Store, subject: str, now: int) -> int:
    """Revoke all grants of a person, and return how many there were."""
    running = (GrantTable.subject == subject) & GrantTable.revoked_at.is_null()
    return store.run(GrantTable.update(revoked_at=now, mac=None).where(running))


def delete_expired(store: Store, now: int) -> int:
    """Delete what has expired, and return how many rows.

    Used secrets stay until then, so that their reuse is noticed.
    """
    tables: tuple[Any, ...] = (OAuthCodeTable, RefreshTokenTable, UsedAssertionTable, GrantTable)
    return sum(delete_in_batches(store, table, table.expires_at <= now) for table in tables)


def _secret(
    context: ProviderContext, of: AuthenticatedTable, known: object
) -> dict[str, Any] | None:
    """The row of a code or a token, if it is authentic; one that was used only ends its grant."""
    row = context.store.row(of.table.select(*of.columns).where(known).tuples())
    if row is None:
        return None
    values = dict(zip(of.fields, row, strict=False))
    return values if values["used"] or of.is_genuine(context.store, row) else None


def _use_once(
    context: ProviderContext, secret: AuthorizationCodeRecord | RefreshTokenRecord, update: Any
) -> bool:
    """Use a secret; it and its grant were found authentic, unless they were used or revoked."""
    if secret.unused and context.store.run(update) == 1:
        current = find_grant(context, secret.grant.id)
        return secret.grant.good and current is not None and current.good
    revoke_grant(context, secret.grant.id)
    return False
