"""Officers, operators, the journal, attempt counters, tombstones; batches of codes; the situation."""

import uuid
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
)

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class Officer(Model):
    person = _id()
    siret = CharField(max_length=14)
    created_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("person", "siret")


class Operator(Model):
    person = _id(primary_key=True)
    created_at = BigIntegerField()


class AccessRecord(Model):
    booklet = _id()
    id = _id()
    at = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "access_record"
        primary_key = CompositeKey("booklet", "id")


class Attempt(Model):
    counter = CharField(max_length=64, primary_key=True)
    window = BigIntegerField()
    count = IntegerField()


class CharterAcceptance(Model):
    booklet = _id()
    version = CharField(max_length=20)
    accepted_at = BigIntegerField()

    class Meta:
        table_name = "charter_acceptance"
        primary_key = CompositeKey("booklet", "version")


class Tombstone(Model):
    booklet = _id(primary_key=True)
    closed_at = BigIntegerField()
    key_destroyed = BooleanField()


def up(migrator: Any, db: Any) -> None:
    """Create the tables and add the columns."""
    models = [Officer, Operator, AccessRecord, Attempt, CharterAcceptance, Tombstone]
    db.bind(models)
    db.create_tables(models, safe=False)
    migrator.migrate(
        migrator.add_column("authorization_code", "id", _id(null=True, index=True)),
        migrator.add_column("authorization_code", "batch", _id(null=True, index=True)),
        migrator.add_column("authorization_code", "max_uses", IntegerField(default=1)),
        migrator.add_column("authorization_code", "uses", IntegerField(default=0)),
        migrator.add_column("authorization_code", "revoked_at", BigIntegerField(null=True)),
        migrator.add_column("booklet", "situation_version", IntegerField(default=0)),
        migrator.add_column("booklet", "situation", BlobField(null=True)),
    )
    _keep_what_was_done(db)


def _keep_what_was_done(db: Any) -> None:
    """What was used stays used, what was accepted stays accepted; every code gets a name."""
    db.execute_sql("UPDATE authorization_code SET uses = 1 WHERE used_at IS NOT NULL")
    db.execute_sql(
        "INSERT INTO charter_acceptance (booklet, version, accepted_at)"
        " SELECT id, charter_version, charter_accepted_at FROM booklet"
        " WHERE charter_version IS NOT NULL"
    )
    name = "UPDATE authorization_code SET id = %s, batch = %s WHERE code_hash = %s"
    if isinstance(db, SqliteDatabase):
        name = name.replace("%s", "?")
    batch = str(uuid.uuid4())
    for (code,) in db.execute_sql("SELECT code_hash FROM authorization_code").fetchall():
        db.execute_sql(name, (str(uuid.uuid4()), batch, code))
