"""A MAC beside each grant, code and refresh token; the first start after it fills it, once."""

from typing import Any

from peewee import BlobField

TABLES = ("idp_grant", "idp_code", "idp_refresh_token")


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: a row without a MAC counts as absent."""
    migrator.migrate(*(migrator.add_column(table, "mac", BlobField(null=True)) for table in TABLES))
