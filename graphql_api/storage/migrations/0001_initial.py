"""The first tables: people, booklets and what they hold, dossiers, answers, codes.

A frozen copy of the tables as they were then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class Person(Model):
    id = _id(primary_key=True)
    created_at = BigIntegerField()


class Identity(Model):
    issuer = TextField()
    subject = TextField()
    person = _id(index=True)

    class Meta:
        primary_key = CompositeKey("issuer", "subject")


class Booklet(Model):
    id = _id(primary_key=True)
    person = _id(unique=True)
    state = CharField(max_length=20)
    version = IntegerField()
    code_hash = CharField(max_length=64)
    charter_version = CharField(max_length=20, null=True)
    charter_accepted_at = BigIntegerField(null=True)
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    identity_version = IntegerField()
    identity = BlobField(null=True)


class Entry(Model):
    booklet = _id()
    id = _id()
    rubric = CharField(max_length=40)
    rank = IntegerField()
    version = IntegerField()
    shape = IntegerField()
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("booklet", "id")


class CompetenceLink(Model):
    booklet = _id()
    competence = _id()
    target = _id()
    sealed = BlobField()

    class Meta:
        table_name = "competence_link"
        primary_key = CompositeKey("booklet", "competence", "target")


class EvidenceLink(Model):
    booklet = _id()
    attachment = _id()
    entry = _id()

    class Meta:
        table_name = "evidence_link"
        primary_key = CompositeKey("booklet", "attachment", "entry")


class Dossier(Model):
    booklet = _id()
    id = _id(index=True)
    version = IntegerField()
    built_in = BooleanField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("booklet", "id")


class Answer(Model):
    booklet = _id()
    key_hash = CharField(max_length=64)
    request_hash = CharField(max_length=64)
    created_at = BigIntegerField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("booklet", "key_hash")


class AuthorizationCode(Model):
    code_hash = CharField(max_length=64, primary_key=True)
    siret = CharField(max_length=14, index=True)
    created_at = BigIntegerField()
    expires_at = BigIntegerField()
    used_at = BigIntegerField(null=True)

    class Meta:
        table_name = "authorization_code"


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [
        Person,
        Identity,
        Booklet,
        Entry,
        CompetenceLink,
        EvidenceLink,
        Dossier,
        Answer,
        AuthorizationCode,
    ]
    if isinstance(db, SqliteDatabase):
        # The rows of a booklet then lie together, however many years it took to write them.
        for model in (Entry, CompetenceLink, EvidenceLink):
            model._meta.without_rowid = True
    db.bind(models)
    db.create_tables(models, safe=False)
