"""A MAC beside each account; the first start after it fills it, once."""

from typing import Any

from peewee import BlobField


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: an account without a MAC counts as absent."""
    migrator.migrate(migrator.add_column("idp_account", "mac", BlobField(null=True)))
