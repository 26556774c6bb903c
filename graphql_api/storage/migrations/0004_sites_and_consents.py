"""Regional sites, consents and the chain of their events; what sites are told to forget."""

from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class Site(Model):
    id = CharField(max_length=20, primary_key=True)
    client = CharField(max_length=64, unique=True, null=True)
    created_at = BigIntegerField()
    disabled_at = BigIntegerField(null=True)


class Consent(Model):
    booklet = _id()
    id = _id()
    version = IntegerField()
    site = CharField(max_length=20)
    sections = TextField()
    notice_version = CharField(max_length=20)
    notice_hash = CharField(max_length=64)
    given_at = BigIntegerField()
    expires_at = BigIntegerField()
    changed_at = BigIntegerField()
    digest = CharField(max_length=64)
    event = BigIntegerField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("booklet", "id")
        indexes = (
            (("site", "changed_at", "id"), False),
            (("site", "id"), False),
            (("site", "expires_at"), False),
        )


class PastConsent(Model):
    booklet = _id()
    id = _id()
    version = IntegerField()
    site = CharField(max_length=20)
    sections = TextField()
    notice_version = CharField(max_length=20)
    notice_hash = CharField(max_length=64)
    given_at = BigIntegerField()
    expires_at = BigIntegerField()
    digest = CharField(max_length=64)
    event = BigIntegerField()
    sealed = BlobField()
    ended_at = BigIntegerField(index=True)
    reason = CharField(max_length=20)

    class Meta:
        table_name = "past_consent"
        primary_key = CompositeKey("booklet", "id")


class SummaryStone(Model):
    site = CharField(max_length=20)
    id = _id()
    at = BigIntegerField(index=True)
    reason = CharField(max_length=20)

    class Meta:
        table_name = "summary_stone"
        primary_key = CompositeKey("site", "id")
        indexes = ((("site", "at", "id"), False),)


class ConsentEvent(Model):
    number = BigIntegerField(primary_key=True)
    at = BigIntegerField()
    kind = CharField(max_length=20)
    digest = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        table_name = "consent_event"


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [Site, Consent, PastConsent, SummaryStone, ConsentEvent]
    db.bind(models)
    db.create_tables(models, safe=False)
