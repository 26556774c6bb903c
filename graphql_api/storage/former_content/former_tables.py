"""The tables that the sections of booklets replaced; they are there until they are dropped."""

from typing import Any

from peewee import SQL, Table, fn

from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletSectionTable, BookletTable


def _table(name: str, *columns: str) -> Any:  # Peewee's tables have no types
    return Table(name, columns)


BOOKLET = _table(
    "former_booklet", "booklet", "identity_version", "identity", "situation_version", "situation"
)
ENTRY = _table(
    "entry",
    "booklet", "id", "rubric", "rank", "version", "shape", "created_at", "updated_at", "sealed",
)  # fmt: skip
LINK = _table("competence_link", "booklet", "competence", "target", "sealed")
EVIDENCE = _table("evidence_link", "booklet", "attachment", "entry")
DOSSIER = _table("dossier", "booklet", "id", "version", "built_in", "sealed")
NAMES = {"former_booklet": BOOKLET, "entry": ENTRY, "competence_link": LINK,
         "evidence_link": EVIDENCE, "dossier": DOSSIER}  # fmt: skip


def former_tables(store: Store) -> list[str]:
    """The names of those of the former tables that are there."""
    return sorted(NAMES.keys() & set(store.database.get_tables()))


def erase_former_rows(store: Store, booklet: str) -> None:
    """Delete what the former tables still hold of a booklet, in the present transaction."""
    for name in former_tables(store):
        table = NAMES[name]
        store.run(table.delete().where(table.booklet == booklet))


def waiting(store: Store, after: str, most: int) -> list[str]:
    """The ids of the next booklets that have still to be carried over."""
    head = fn.EXISTS(
        BookletSectionTable.select(SQL("1")).where(
            BookletSectionTable.booklet == BOOKLET.booklet, BookletSectionTable.section == "HEAD"
        )
    )
    query = (
        BOOKLET.select(BOOKLET.booklet)
        .join(BookletTable, on=(BookletTable.id == BOOKLET.booklet))
        .where(BOOKLET.booklet > after, ~head)
        .order_by(BOOKLET.booklet)
        .limit(most)
    )
    return [id for (id,) in store.rows(query.tuples())]


def drop_former_tables(store: Store) -> list[str]:
    """Drop the former tables, in one transaction; return their names."""
    with store.writing():
        names = former_tables(store)
        for name in names:
            store.database.execute_sql(f"DROP TABLE {name}")
    return names
