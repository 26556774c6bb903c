"""Sections in place of a row for each entry, link and dossier; `carry_over` fills them.

What the rows hold stays until it was carried over and `livret drop-former-tables` was run; a
database without booklets loses the tables here. A frozen copy of the tables as they were then.
"""

from typing import Any

from peewee import BlobField, CharField, CompositeKey, IntegerField, Model, SqliteDatabase

ID_LENGTH = 36
FORMER = ("entry", "competence_link", "evidence_link", "dossier")
MOVED = ("identity_version", "identity", "situation_version", "situation")


class BookletSection(Model):
    booklet = CharField(max_length=ID_LENGTH)
    section = CharField(max_length=20)
    version = IntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "booklet_section"
        primary_key = CompositeKey("booklet", "section")


class DossierIndex(Model):
    booklet = CharField(max_length=ID_LENGTH)
    id = CharField(max_length=ID_LENGTH, index=True)

    class Meta:
        table_name = "dossier_index"
        primary_key = CompositeKey("booklet", "id")


class FormerBooklet(Model):
    booklet = CharField(max_length=ID_LENGTH, primary_key=True)
    identity_version = IntegerField()
    identity = BlobField(null=True)
    situation_version = IntegerField()
    situation = BlobField(null=True)

    class Meta:
        table_name = "former_booklet"


def up(migrator: Any, db: Any) -> None:
    """Create the tables, and take what was sealed in `booklet` to a table of its own."""
    new = [BookletSection, DossierIndex, FormerBooklet]
    db.bind(new)
    db.create_tables(new, safe=False)
    columns = ", ".join(MOVED)
    db.execute_sql(
        f"INSERT INTO former_booklet (booklet, {columns}) SELECT id, {columns} FROM booklet"  # noqa: S608 - names of ours
    )
    for column in MOVED:
        db.execute_sql(f"ALTER TABLE booklet DROP COLUMN {column}")
    is_sqlite = isinstance(db, SqliteDatabase)
    if not is_sqlite:  # it is compressed and sealed: nothing is won by compressing it again
        db.execute_sql("ALTER TABLE booklet_section ALTER COLUMN sealed SET STORAGE EXTERNAL")
    if db.execute_sql("SELECT 1 FROM former_booklet LIMIT 1").fetchone() is None:
        for table in (*FORMER, "former_booklet"):
            db.execute_sql(f"DROP TABLE {table}")
