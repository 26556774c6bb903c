"""Signing keys, authenticated as the service's rows of rights are: a key that was added signs nothing."""

from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable

SIGN_INS = "rows that let somebody in"

SIGNING_KEY_ROWS = AuthenticatedTable(
    SigningKeyTable, ("kid", "public", "created_at", "signs_from", "retired_at"), SIGN_INS
)
