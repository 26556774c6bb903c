"""The statements that load and write a booklet. Only their parameters change: SQL is compiled once.

Each is a Peewee query whose parameters are placeholders; `Store.rows_of` runs what reads, and
`Store.write_of` what writes.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from peewee import EXCLUDED, JOIN, SQL, fn

from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.content.sections import Section
from graphql_api.storage.keys.authenticated_rows import LOGIN_IDENTITIES
from graphql_api.storage.store import Asked, parameter
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletSectionTable,
    BookletTable,
    CharterAcceptanceTable,
    ConsentTable,
    KnownHeadTable,
    LoginIdentityTable,
)

_CONSENTED = fn.EXISTS(ConsentTable.select(SQL("1")).where(ConsentTable.booklet == BookletTable.id))
COLUMNS = (
    BookletTable.id,
    BookletTable.state,
    BookletTable.version,
    BookletTable.code_hash,
    BookletTable.charter_version,
    BookletTable.charter_accepted_at,
    BookletTable.created_at,
    BookletTable.updated_at,
    _CONSENTED,
    BookletTable.person,
    BookletTable.mac,
)
OF_PERSON = BookletTable.select(*COLUMNS).where(BookletTable.person == "person").tuples()
OF_LOGIN = (  # with the person
    LoginIdentityTable.select(*LOGIN_IDENTITIES.columns, *COLUMNS)
    .join(BookletTable, JOIN.LEFT_OUTER, on=(BookletTable.person == LoginIdentityTable.person))
    .where(LoginIdentityTable.issuer == "issuer", LoginIdentityTable.subject == "subject")
    .tuples()
)
BY_ID = BookletTable.select(*COLUMNS).where(BookletTable.id == "id").tuples()
KNOWN_HEAD = (KnownHeadTable.version, KnownHeadTable.tag, KnownHeadTable.epoch)
KEYS = BookletKeyTable.select(BookletKeyTable.booklet, BookletKeyTable.wrapped, *KNOWN_HEAD).join(
    KnownHeadTable, JOIN.LEFT_OUTER, on=(KnownHeadTable.booklet == BookletKeyTable.booklet)
)
KEY = KEYS.where(BookletKeyTable.booklet == "id").tuples()
SECTIONS = {
    count: BookletSectionTable.select(
        BookletSectionTable.section, BookletSectionTable.version, BookletSectionTable.sealed
    )
    .where(BookletSectionTable.booklet == "id", BookletSectionTable.section.in_(["name"] * count))
    .tuples()
    for count in range(1, len(Section) + 1)
}

SECTIONS_OF_LOGIN = {
    count: BookletSectionTable.select(
        BookletSectionTable.section, BookletSectionTable.version, BookletSectionTable.sealed
    )
    .join(BookletTable, on=(BookletTable.id == BookletSectionTable.booklet))
    .join(LoginIdentityTable, on=(LoginIdentityTable.person == BookletTable.person))
    .where(
        LoginIdentityTable.issuer == "issuer",
        LoginIdentityTable.subject == "subject",
        BookletSectionTable.section.in_(["name"] * count),
    )
    .tuples()
    for count in SECTIONS
}


def sections_of_many(booklets: Sequence[str], sections: Iterable[Section]) -> Asked:
    """The query of these sections of these booklets, each after the id of its booklet.

    The last booklet is named again until there are a power of two: few queries serve all numbers.
    """
    named = sorted(section.value for section in sections)
    many = 1 << (len(booklets) - 1).bit_length()
    ids = [*booklets, *[booklets[-1]] * (many - len(booklets))]
    name = f"{len(named)} sections of {many} booklets"
    return name, _sections_of_many(many, len(named)), (*ids, *named)


@cache
def _sections_of_many(booklets: int, sections: int) -> Any:
    table = BookletSectionTable
    return (
        table.select(table.booklet, table.section, table.version, table.sealed)
        .where(table.booklet.in_(["id"] * booklets), table.section.in_(["name"] * sections))
        .tuples()
    )


CHARTERS = BookletList(
    "charters",
    CharterAcceptanceTable.select(
        CharterAcceptanceTable.version, CharterAcceptanceTable.accepted_at
    )
    .where(CharterAcceptanceTable.booklet == "id")
    .order_by(CharterAcceptanceTable.accepted_at)
    .tuples(),
)

CONSENTS_CHANGED = ConsentTable.update(changed_at=parameter("now")).where(
    ConsentTable.booklet == parameter("booklet"), ConsentTable.expires_at > parameter("now")
)


@cache
def booklet_update(columns: tuple[str, ...]) -> Any:
    """The query that writes these columns of the row of a booklet."""
    values = {name: parameter(name) for name in columns}
    return BookletTable.update(values).where(BookletTable.id == parameter("id"))


@cache
def sections_upsert(count: int) -> Any:
    """The query that writes so many sections of a booklet: `section0`, `sealed0` and so on."""
    table = BookletSectionTable
    insert = table.insert_many(
        [
            {
                "booklet": parameter("booklet"),
                "section": parameter(f"section{number}"),
                "version": parameter("version"),
                "sealed": parameter(f"sealed{number}"),
            }
            for number in range(count)
        ]
    )
    return insert.on_conflict(
        conflict_target=[table.booklet, table.section],
        update={table.version: EXCLUDED.version, table.sealed: EXCLUDED.sealed},
    )
