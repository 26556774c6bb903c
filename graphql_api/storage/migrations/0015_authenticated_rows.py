"""A MAC beside each row that gives a right or names a person; `sign_stores` fills it, once."""

from typing import Any

from peewee import BlobField

TABLES = (
    "identity",
    "booklet",
    "officer",
    "operator",
    "site",
    "consent",
    "share_link",
    "share_session",
    "session",
    "authorization_code",
)


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty: a row without a MAC counts as absent."""
    migrator.migrate(*(migrator.add_column(table, "mac", BlobField(null=True)) for table in TABLES))
