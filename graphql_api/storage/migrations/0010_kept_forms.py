"""Forms that were sent after their session had ended, kept for a short while."""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model, TextField


class KeptForm(Model):
    secret_hash = CharField(max_length=64, primary_key=True)
    issuer = TextField()
    subject = TextField()
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "kept_form"
        indexes = ((("issuer", "subject"), False),)


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([KeptForm])
    db.create_tables([KeptForm], safe=False)
