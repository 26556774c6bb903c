"""What was closed: an id and a time, kept beside the keys, so that a restore of the data learns it.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, CharField, CompositeKey, Model

ID_LENGTH = 36


class Closing(Model):
    kind = CharField(max_length=10)
    id = CharField(max_length=ID_LENGTH)
    closed_at = BigIntegerField(index=True)

    class Meta:
        table_name = "closing"
        primary_key = CompositeKey("kind", "id")


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    models = [Closing]
    db.bind(models)
    db.create_tables(models, safe=False)
