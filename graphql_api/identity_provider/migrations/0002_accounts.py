"""The first tables of accounts: accounts, ways in, sessions, registrations, keys sent, attempts.

A frozen copy of the tables as they were then, deliberately apart from `accounts/tables.py`.
"""

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
HASH_LENGTH = 64


class Account(Model):
    id = CharField(max_length=ID_LENGTH, primary_key=True)
    mark = CharField(max_length=HASH_LENGTH, null=True, unique=True)
    version = IntegerField()
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "idp_account"


class WayIn(Model):
    issuer = TextField()
    subject = TextField()
    account = CharField(max_length=ID_LENGTH, index=True)
    added_at = BigIntegerField()

    class Meta:
        table_name = "idp_way_in"
        primary_key = CompositeKey("issuer", "subject")


class Session(Model):
    secret_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    account = CharField(max_length=ID_LENGTH, index=True)
    signed_in_at = BigIntegerField()
    began_at = BigIntegerField()
    seen_at = BigIntegerField()
    acr = TextField(null=True)
    amr = TextField()
    sealed = BlobField(null=True)

    class Meta:
        table_name = "idp_session"


class Registration(Model):
    key_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    mark = CharField(max_length=HASH_LENGTH, index=True)
    browser_hash = CharField(max_length=HASH_LENGTH)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "idp_registration"


class LetterKey(Model):
    key_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    purpose = CharField(max_length=10)
    account = CharField(max_length=ID_LENGTH, index=True)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField(null=True)

    class Meta:
        table_name = "idp_letter_key"


class Attempt(Model):
    counter = CharField(max_length=HASH_LENGTH, primary_key=True)
    count = IntegerField()
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "idp_attempt"


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [Account, WayIn, Session, Registration, LetterKey, Attempt]
    db.bind(models)
    db.create_tables(models, safe=False)
