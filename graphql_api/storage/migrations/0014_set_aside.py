"""Booklets without a key that were set aside, so that their owners can open another.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, CharField, Model

ID_LENGTH = 36


class SetAside(Model):
    booklet = CharField(max_length=ID_LENGTH, primary_key=True)
    person = CharField(max_length=ID_LENGTH, index=True)
    at = BigIntegerField()

    class Meta:
        table_name = "set_aside"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([SetAside])
    db.create_tables([SetAside], safe=False)
