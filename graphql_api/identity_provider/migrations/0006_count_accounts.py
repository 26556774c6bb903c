"""Accounts that begin and end are counted on the mark of the data, as booklets are."""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:
    """Count by triggers; the mark and the function are those of the service's migrations."""
    is_sqlite = isinstance(db, SqliteDatabase)
    count = "BEGIN UPDATE store_mark SET serial = serial + 1; END"
    body = count if is_sqlite else "EXECUTE FUNCTION count_key_change()"
    for event in ("insert", "delete"):
        db.execute_sql(
            f"CREATE TRIGGER account_{event}_counts AFTER {event.upper()} ON idp_account"
            f" FOR EACH ROW {body}"
        )
