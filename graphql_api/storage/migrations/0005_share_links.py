"""Links by which dossiers are read, and the browsers that opened them."""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, Model

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class ShareLink(Model):
    booklet = _id()
    id = _id(unique=True)
    dossier = _id()
    secret_hash = CharField(max_length=64)
    pin_mark = CharField(max_length=64, null=True)
    failures = IntegerField(default=0)
    views_left = IntegerField(null=True)
    issued_at = BigIntegerField()
    expires_at = BigIntegerField()
    opened_at = BigIntegerField(null=True)
    revoked_at = BigIntegerField(null=True)
    sealed = BlobField()

    class Meta:
        table_name = "share_link"
        primary_key = CompositeKey("booklet", "id")


class ShareSession(Model):
    secret_hash = CharField(max_length=64, primary_key=True)
    booklet = _id(index=True)
    link = _id()
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "share_session"


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [ShareLink, ShareSession]
    db.bind(models)
    db.create_tables(models, safe=False)
