"""The statements that load a booklet. Only their parameter, its id, changes: SQL is compiled once.

Each is a Peewee query whose parameter is a placeholder; `Store.rows_of` runs it.
"""

from peewee import JOIN, SQL, fn

from graphql_api.storage.keys.authenticated_rows import LOGIN_IDENTITIES
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    CharterAcceptanceTable,
    CompetenceLinkTable,
    ConsentTable,
    DossierTable,
    EntryTable,
    EvidenceLinkTable,
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
    BookletTable.identity_version,
    BookletTable.identity,
    BookletTable.situation_version,
    BookletTable.situation,
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
KEY = (
    BookletKeyTable.select(BookletKeyTable.wrapped).where(BookletKeyTable.booklet == "id").tuples()
)
ENTRIES = (
    EntryTable.select(
        EntryTable.id,
        EntryTable.rubric,
        EntryTable.rank,
        EntryTable.version,
        EntryTable.shape,
        EntryTable.created_at,
        EntryTable.updated_at,
        EntryTable.sealed,
    )
    .where(EntryTable.booklet == "id")
    .tuples()
)
LINKS = (
    CompetenceLinkTable.select(
        CompetenceLinkTable.competence, CompetenceLinkTable.target, CompetenceLinkTable.sealed
    )
    .where(CompetenceLinkTable.booklet == "id")
    .tuples()
)
EVIDENCE = (
    EvidenceLinkTable.select(EvidenceLinkTable.attachment, EvidenceLinkTable.entry)
    .where(EvidenceLinkTable.booklet == "id")
    .tuples()
)
DOSSIERS = (
    DossierTable.select(
        DossierTable.id, DossierTable.version, DossierTable.built_in, DossierTable.sealed
    )
    .where(DossierTable.booklet == "id")
    .tuples()
)


CHARTERS = (
    CharterAcceptanceTable.select(
        CharterAcceptanceTable.version, CharterAcceptanceTable.accepted_at
    )
    .where(CharterAcceptanceTable.booklet == "id")
    .order_by(CharterAcceptanceTable.accepted_at)
    .tuples()
)
