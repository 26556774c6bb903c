"""The tables that the sections of booklets replaced; they are there until they are dropped."""

from typing import Any

from peewee import SQL, Table, fn

from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletSectionTable, BookletTable


def _table(name: str, *columns: str) -> Any:  # Peewee's tables have no types
    return Table(name, columns)


# The migration from which on booklets have sections.
MIGRATION = "0018_booklet_sections"
BOOKLET_NAME = "former_booklet"
_NUMBERS = frozenset(
    {
        "identity_version",
        "situation_version",
        "rank",
        "version",
        "shape",
        "created_at",
        "updated_at",
    }
)
BOOKLET = _table(
    BOOKLET_NAME, "booklet", "identity_version", "identity", "situation_version", "situation"
)
ENTRY = _table(
    "entry",
    "booklet", "id", "rubric", "rank", "version", "shape", "created_at", "updated_at", "sealed",
)  # fmt: skip
LINK = _table("competence_link", "booklet", "competence", "target", "sealed")
EVIDENCE = _table("evidence_link", "booklet", "attachment", "entry")
DOSSIER = _table("dossier", "booklet", "id", "version", "built_in", "sealed")
NAMES = {BOOKLET_NAME: BOOKLET, "entry": ENTRY, "competence_link": LINK,
         "evidence_link": EVIDENCE, "dossier": DOSSIER}  # fmt: skip

_KEYS = {
    BOOKLET_NAME: ("booklet",),
    "entry": ("booklet", "id"),
    "competence_link": ("booklet", "competence", "target"),
    "evidence_link": ("booklet", "attachment", "entry"),
    "dossier": ("booklet", "id"),
}

_HAS_HEAD = fn.EXISTS(
    BookletSectionTable.select(SQL("1")).where(
        BookletSectionTable.booklet == BOOKLET.booklet, BookletSectionTable.section == "HEAD"
    )
)


def former_tables(store: Store) -> list[str]:
    """The names of those of the former tables that are there."""
    return sorted(NAMES.keys() & set(store.database.get_tables()))


def erase_former_rows(store: Store, booklet: str) -> None:
    """Delete what the former tables still hold of a booklet, in the present transaction."""
    for name in former_tables(store):
        table = NAMES[name]
        store.write(table.delete().where(table.booklet == booklet))


def waiting(store: Store, after: str, most: int) -> list[str]:
    """The ids of the next booklets that have still to be carried over."""
    query = (
        BOOKLET.select(BOOKLET.booklet)
        .join(BookletTable, on=(BookletTable.id == BOOKLET.booklet))
        .where(BOOKLET.booklet > after, ~_HAS_HEAD)
        .order_by(BOOKLET.booklet)
        .limit(most)
    )
    return [id for (id,) in store.rows(query.tuples())]


def is_waiting(store: Store, booklet: str) -> bool:
    """Whether a booklet has still to be carried over, in the present transaction."""
    if BOOKLET_NAME not in former_tables(store):
        return False
    query = BOOKLET.select(SQL("1")).where(BOOKLET.booklet == booklet, ~_HAS_HEAD)
    return store.row(query.tuples()) is not None


def make_former_tables(store: Store) -> None:
    """Make those of the former tables that are not there, in the present transaction."""
    there = former_tables(store)
    for name, table in NAMES.items():
        if name not in there:
            columns = ", ".join(_definition(store, one) for one in table._columns)
            key = ", ".join(_KEYS[name])
            store.database.execute_sql(f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({key}))")


def _definition(store: Store, column: str) -> str:
    """A column as the migrations had made it, but for its bounds: only rows that were valid come."""
    if column in ("sealed", "identity", "situation"):
        return f"{column} {'BLOB' if store.is_sqlite else 'BYTEA'}"
    if column == "built_in":
        return f"{column} BOOLEAN NOT NULL"
    return f"{column} {'BIGINT' if column in _NUMBERS else 'VARCHAR(40)'} NOT NULL"


def drop_former_tables(store: Store) -> None:
    """Drop the former tables, in the present transaction."""
    for name in former_tables(store):
        store.database.execute_sql(f"DROP TABLE {name}")
