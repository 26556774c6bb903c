"""Sessions of browsers."""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model, TextField


class Session(Model):
    secret_hash = CharField(max_length=64, primary_key=True)
    issuer = TextField()
    subject = TextField()
    signed_in_at = BigIntegerField(null=True)
    acr = TextField(null=True)
    created_at = BigIntegerField()
    seen_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        indexes = ((("issuer", "subject"), False),)


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([Session])
    db.create_tables([Session], safe=False)
