"""What a test writes behind the service's back, signed as if the service had written it."""

from graphql_api.storage.keys.authenticated_rows import TABLES, sign_all
from graphql_api.storage.store import Store


def sign_rows(store: Store) -> None:
    """Sign every row that gives a right, as it is now."""
    sign_all(store, TABLES)
