"""Reminders: who wants a letter before something expires, and what they were told of."""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model


class Reminder(Model):
    booklet = CharField(max_length=36, primary_key=True)
    enabled_at = BigIntegerField(null=True)
    looked_at = BigIntegerField(index=True)
    token_hash = CharField(max_length=64, null=True, unique=True)
    sealed = BlobField()

    class Meta:
        table_name = "reminder"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([Reminder])
    db.create_tables([Reminder], safe=False)
