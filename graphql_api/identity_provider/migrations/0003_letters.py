"""The letters that are still to be sent.

A frozen copy of the table as it was then, deliberately apart from `outbox_table.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, IntegerField, Model


class WaitingLetter(Model):
    id = CharField(max_length=64, primary_key=True)
    sealed = BlobField()
    created_at = BigIntegerField()
    due_at = BigIntegerField(index=True)
    tries = IntegerField(default=0)

    class Meta:
        table_name = "idp_letter"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([WaitingLetter])
    db.create_tables([WaitingLetter], safe=False)
