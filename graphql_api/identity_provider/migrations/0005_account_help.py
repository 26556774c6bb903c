"""Since when an account is disabled; the key of a registration, so that its letter is sent again."""

from typing import Any

from peewee import BigIntegerField, BlobField


def up(migrator: Any, db: Any) -> None:
    """Add the columns."""
    migrator.migrate(
        migrator.add_column("idp_account", "disabled_at", BigIntegerField(null=True)),
        migrator.add_column("idp_registration", "wrapped_key", BlobField(null=True)),
    )
