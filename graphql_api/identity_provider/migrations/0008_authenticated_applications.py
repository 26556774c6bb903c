"""A MAC beside each registered application; the first start after it fills it, once."""

from typing import Any

from peewee import BlobField


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: an application without a MAC counts as absent."""
    migrator.migrate(migrator.add_column("idp_client", "mac", BlobField(null=True)))
