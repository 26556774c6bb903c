"""The epoch of each known head: 0 until a restore is accepted."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column."""
    db.execute_sql("ALTER TABLE known_head ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0")
