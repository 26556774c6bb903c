"""The rows of accounts that let somebody in, authenticated as the service's rows of rights are."""

from graphql_api.identity_provider.accounts.tables import (
    AccountSessionTable,
    AccountTable,
    EmailTokenTable,
    LoginMethodTable,
)
from graphql_api.identity_provider.authenticated_tables import (
    APPLICATION_ROWS,
    CODE_ROWS,
    GRANT_ROWS,
    REFRESH_TOKEN_ROWS,
    SIGN_INS,
    SIGNING_KEY_ROWS,
)
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable

ACCOUNT_STATES = "addresses and states of accounts"

LOGIN_METHODS = AuthenticatedTable(
    LoginMethodTable, ("issuer", "subject", "account", "added_at"), SIGN_INS
)
EMAIL_TOKENS = AuthenticatedTable(
    EmailTokenTable, ("key_hash", "purpose", "account", "expires_at"), SIGN_INS
)
ACCOUNT_SESSIONS = AuthenticatedTable(
    AccountSessionTable,
    ("secret_hash", "account", "signed_in_at", "began_at", "acr", "amr"),
    SIGN_INS,
)
ACCOUNT_ROWS = AuthenticatedTable(
    AccountTable, ("id", "mark", "created_at", "disabled_at"), ACCOUNT_STATES
)
SIGN_IN_TABLES = (
    SIGNING_KEY_ROWS,
    LOGIN_METHODS,
    EMAIL_TOKENS,
    ACCOUNT_SESSIONS,
    ACCOUNT_ROWS,
    APPLICATION_ROWS,
    GRANT_ROWS,
    CODE_ROWS,
    REFRESH_TOKEN_ROWS,
)
