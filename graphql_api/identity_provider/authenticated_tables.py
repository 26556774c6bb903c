"""Signing keys and applications, authenticated as the service's rows of rights are."""

from graphql_api.identity_provider.tables import ClientTable, SigningKeyTable
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable

SIGN_INS = "rows that let somebody in"
APPLICATIONS = "registered applications"

SIGNING_KEY_ROWS = AuthenticatedTable(
    SigningKeyTable, ("kid", "public", "created_at", "signs_from", "retired_at"), SIGN_INS
)
APPLICATION_ROWS = AuthenticatedTable(
    ClientTable,
    (
        "id",
        "name",
        "authentication",
        "secret_hash",
        "keys",
        "redirect_uris",
        "post_logout_redirect_uris",
        "origins",
        "scopes",
        "created_at",
        "disabled_at",
    ),
    APPLICATIONS,
)
