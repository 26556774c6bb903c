"""The people whom other providers identified and who have still to choose an account.

A frozen copy of the table as it was then, deliberately apart from `upstream/tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model


class Arrival(Model):
    secret_hash = CharField(max_length=64, primary_key=True)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "idp_arrival"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([Arrival])
    db.create_tables([Arrival], safe=False)
