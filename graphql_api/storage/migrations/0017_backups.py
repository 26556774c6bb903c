"""When the data and the keys were last backed up, and when a backup of them was last read whole.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, CharField, Model


class Backup(Model):
    part = CharField(max_length=10, primary_key=True)
    finished_at = BigIntegerField(null=True)
    verified_at = BigIntegerField(null=True)
    verified_from = BigIntegerField(null=True)

    class Meta:
        table_name = "backup"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([Backup])
    db.create_tables([Backup], safe=False)
