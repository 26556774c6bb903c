"""The mark of the key store, the keys of the service, and what holds the keys to the mark.

A key says in its first eight bytes which master key wrapped it. A trigger refuses a key that
another master key wrapped than the mark: so a process that has not seen a rotation writes nothing
that the new master key does not open. The same triggers count the keys made and destroyed.

A frozen copy of the tables as they were then, deliberately apart from `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model, SqliteDatabase

COUNT = "UPDATE store_mark SET serial = serial + 1"
# A service key is none of a booklet or an account, so it is not counted; the update locks the mark.
LOCK = "UPDATE store_mark SET serial = serial"
FOREIGN = (
    "EXISTS (SELECT 1 FROM store_mark WHERE substr(sealed, 1, 8) <> substr(NEW.wrapped, 1, 8))"
)
REFUSED = "wrapped by another master key than the mark"
TABLES = {"booklet_key": COUNT, "account_key": COUNT, "service_key": LOCK}


class StoreMark(Model):
    store_id = CharField(max_length=36, primary_key=True)
    serial = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "store_mark"


class ServiceKey(Model):
    name = CharField(max_length=60, primary_key=True)
    wrapped = BlobField()

    class Meta:
        table_name = "service_key"


def up(migrator: Any, db: Any) -> None:
    """Create the tables and the triggers."""
    models = [StoreMark, ServiceKey]
    db.bind(models)
    db.create_tables(models, safe=False)
    for statement in _sqlite() if isinstance(db, SqliteDatabase) else _postgresql():
        db.execute_sql(statement)


def _sqlite() -> list[str]:
    check = f"SELECT RAISE(ABORT, '{REFUSED}') WHERE {FOREIGN}"
    return [
        *(
            f"CREATE TRIGGER {table}_insert AFTER INSERT ON {table} FOR EACH ROW"
            f" BEGIN {change}; {check}; END"
            for table, change in TABLES.items()
        ),
        *(
            f"CREATE TRIGGER {table}_delete AFTER DELETE ON {table} FOR EACH ROW BEGIN {COUNT}; END"
            for table, change in TABLES.items()
            if change == COUNT
        ),
    ]


def _postgresql() -> list[str]:
    # The mark is read after its row was locked, by a statement of its own: a rotation that was
    # under way meanwhile is seen.
    check = f"""IF {FOREIGN} THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NULL;"""
    functions = {
        "count_and_check_key": f"{COUNT}; {check}",
        "check_key": f"{LOCK}; {check}",
        "count_key": f"{COUNT}; RETURN NULL;",
    }
    insertion = {COUNT: "count_and_check_key", LOCK: "check_key"}
    return [
        *(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
            for name, body in functions.items()
        ),
        *(
            f"CREATE TRIGGER {table}_insert AFTER INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {insertion[change]}()"
            for table, change in TABLES.items()
        ),
        *(
            f"CREATE TRIGGER {table}_delete AFTER DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION count_key()"
            for table, change in TABLES.items()
            if change == COUNT
        ),
    ]
