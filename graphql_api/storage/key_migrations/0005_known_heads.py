"""What the key store knows of the heads of booklets; a head is forgotten with its key, by a trigger.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model, SqliteDatabase

FORGET = "DELETE FROM known_head WHERE booklet = OLD.booklet"
FUNCTION = f"""CREATE FUNCTION forget_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {FORGET}; RETURN NULL; END $$"""


class KnownHead(Model):
    booklet = CharField(max_length=36, primary_key=True)
    version = BigIntegerField()
    tag = BlobField()

    class Meta:
        table_name = "known_head"


def up(migrator: Any, db: Any) -> None:
    """Create the table and the trigger."""
    db.bind([KnownHead])
    db.create_tables([KnownHead], safe=False)
    is_sqlite = isinstance(db, SqliteDatabase)
    if not is_sqlite:
        db.execute_sql(FUNCTION)
    body = f"BEGIN {FORGET}; END" if is_sqlite else "EXECUTE FUNCTION forget_head()"
    db.execute_sql(
        f"CREATE TRIGGER booklet_key_forgets_head AFTER DELETE ON booklet_key FOR EACH ROW {body}"
    )
