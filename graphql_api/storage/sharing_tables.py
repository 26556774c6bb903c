"""The tables of what is shared, with regional sites or by links. They are used from `tables`."""

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
    """A delegation or institute that was registered, and the machine that calls for it."""

    id = CharField(max_length=20, primary_key=True)
    client = CharField(max_length=64, unique=True, null=True)
    created_at = BigIntegerField()
    disabled_at = BigIntegerField(null=True)


class Consent(Model):
    """What a site may read of a booklet, and until when; live while `expires_at` is to come.

    At most one of a booklet for a site is live. `sections` are codes, in the order of
    `SummarySection`, between spaces. `changed_at` moves with the consent and with what the booklet
    holds. `digest` is that of the terms, salted; `event` is the number under which it stands in
    the chain of events. The purpose and the salt are sealed.
    """

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
    """A consent that has ended, for its owner to look back on; nothing else reads it."""

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
    """Tells a site to forget a summary: its consent was withdrawn, has expired, or closed.

    It outlives the booklet, and so it names none.
    """

    site = CharField(max_length=20)
    id = _id()
    at = BigIntegerField(index=True)
    reason = CharField(max_length=20)

    class Meta:
        table_name = "summary_stone"
        primary_key = CompositeKey("site", "id")
        indexes = ((("site", "at", "id"), False),)


class ConsentEvent(Model):
    """A link of the chain of all that happened to consents: hashes, which name no booklet.

    Numbers have no gap, and rows are never changed. `at` is the day, so that an event cannot be
    matched with the closing of a booklet by its time.
    """

    number = BigIntegerField(primary_key=True)
    at = BigIntegerField()
    kind = CharField(max_length=20)
    digest = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        table_name = "consent_event"


class ShareLink(Model):
    """A link by which a dossier is read; its secret is hashed, its name sealed.

    `pin_mark` tells the PIN only to whoever holds the booklet's key. `failures` counts wrong PINs
    that came with the right secret. `views_left` is null when the openings are not counted.
    """

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
    """A browser that opened a link, for half an hour; known by the hash of its secret."""

    secret_hash = CharField(max_length=64, primary_key=True)
    booklet = _id(index=True)
    link = _id()
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "share_session"
