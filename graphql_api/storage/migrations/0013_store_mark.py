"""The mark of the data, and the count of the booklets that began and ended.

A frozen copy of the table as it was then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model, SqliteDatabase

COUNT = "UPDATE store_mark SET serial = serial + 1"
FUNCTION = f"""CREATE FUNCTION count_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {COUNT}; RETURN NULL; END $$"""


class StoreMark(Model):
    store_id = CharField(max_length=36, primary_key=True)
    serial = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "store_mark"


def up(migrator: Any, db: Any) -> None:
    """Create the table, and count by triggers: no code that writes a booklet can forget it."""
    db.bind([StoreMark])
    db.create_tables([StoreMark], safe=False)
    is_sqlite = isinstance(db, SqliteDatabase)
    if not is_sqlite:
        db.execute_sql(FUNCTION)
    for event in ("insert", "delete"):
        body = f"BEGIN {COUNT}; END" if is_sqlite else "EXECUTE FUNCTION count_key_change()"
        db.execute_sql(
            f"CREATE TRIGGER booklet_{event}_counts AFTER {event.upper()} ON booklet"
            f" FOR EACH ROW {body}"
        )
