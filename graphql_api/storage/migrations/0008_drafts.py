"""Drafts of entries: what was typed and is not yet an entry."""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, Model

ID_LENGTH = 36


class Draft(Model):
    booklet = CharField(max_length=ID_LENGTH)
    id = CharField(max_length=ID_LENGTH)
    version = IntegerField()
    shape = IntegerField()
    saved_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "draft"
        primary_key = CompositeKey("booklet", "id")


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([Draft])
    db.create_tables([Draft], safe=False)
