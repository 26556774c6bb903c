"""Versions of sections that go on from the time of a restore, in microseconds, need eight bytes.

SQLite stores them in any column of integers.
"""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:
    """Widen the column."""
    if not isinstance(db, SqliteDatabase):
        db.execute_sql("ALTER TABLE booklet_section ALTER COLUMN version TYPE BIGINT")
