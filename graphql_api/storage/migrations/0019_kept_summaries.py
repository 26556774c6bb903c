"""Summaries that were made for a site, sealed, so that they are not made anew while nothing changed.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BlobField, CharField, CompositeKey, Model, SqliteDatabase

ID_LENGTH = 36


class KeptSummary(Model):
    booklet = CharField(max_length=ID_LENGTH)
    consent = CharField(max_length=ID_LENGTH)
    made_of = CharField(max_length=200)
    sealed = BlobField()

    class Meta:
        table_name = "kept_summary"
        primary_key = CompositeKey("booklet", "consent")


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([KeptSummary])
    db.create_tables([KeptSummary], safe=False)
    if not isinstance(db, SqliteDatabase):  # it is compressed and sealed
        db.execute_sql("ALTER TABLE kept_summary ALTER COLUMN sealed SET STORAGE EXTERNAL")
