"""The key store's only table: one wrapped key a booklet.

A frozen copy of the tables as they were then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import (
    BlobField,
    CharField,
    Model,
)

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class BookletKey(Model):
    booklet = _id(primary_key=True)
    wrapped = BlobField()

    class Meta:
        table_name = "booklet_key"


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [BookletKey]
    db.bind(models)
    db.create_tables(models, safe=False)
