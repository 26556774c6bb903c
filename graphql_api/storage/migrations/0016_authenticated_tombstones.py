"""A MAC beside each tombstone, which has a key destroyed; the first start after it fills it, once."""

from typing import Any

from peewee import BlobField


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: a tombstone without a MAC destroys nothing."""
    migrator.migrate(migrator.add_column("tombstone", "mac", BlobField(null=True)))
