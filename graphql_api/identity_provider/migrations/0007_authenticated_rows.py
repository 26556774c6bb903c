"""A MAC beside each row that lets somebody in; the first start after it fills it, once."""

from typing import Any

from peewee import BlobField

TABLES = ("idp_signing_key", "idp_way_in", "idp_letter_key", "idp_session")


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: a row without a MAC counts as absent."""
    migrator.migrate(*(migrator.add_column(table, "mac", BlobField(null=True)) for table in TABLES))
