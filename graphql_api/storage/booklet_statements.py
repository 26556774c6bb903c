"""The statements that load a booklet: they never change but for its id, and are compiled once.

Each is a Peewee query whose parameter is a placeholder; `Store.rows_of` runs it.
"""

from peewee import SQL, fn

from graphql_api.storage.tables import Booklet as BookletRow
from graphql_api.storage.tables import BookletKey, CompetenceLink, EvidenceLink
from graphql_api.storage.tables import CharterAcceptance as CharterRow
from graphql_api.storage.tables import Consent as ConsentRow
from graphql_api.storage.tables import Dossier as DossierRow
from graphql_api.storage.tables import Entry as EntryRow

_CONSENTED = fn.EXISTS(ConsentRow.select(SQL("1")).where(ConsentRow.booklet == BookletRow.id))
COLUMNS = (
    BookletRow.id,
    BookletRow.state,
    BookletRow.version,
    BookletRow.code_hash,
    BookletRow.charter_version,
    BookletRow.charter_accepted_at,
    BookletRow.created_at,
    BookletRow.updated_at,
    BookletRow.identity_version,
    BookletRow.identity,
    BookletRow.situation_version,
    BookletRow.situation,
    _CONSENTED,
)
OF_PERSON = BookletRow.select(*COLUMNS).where(BookletRow.person == "person").tuples()
BY_ID = BookletRow.select(*COLUMNS).where(BookletRow.id == "id").tuples()
KEY = BookletKey.select(BookletKey.wrapped).where(BookletKey.booklet == "id").tuples()
ENTRIES = (
    EntryRow.select(
        EntryRow.id,
        EntryRow.rubric,
        EntryRow.rank,
        EntryRow.version,
        EntryRow.shape,
        EntryRow.created_at,
        EntryRow.updated_at,
        EntryRow.sealed,
    )
    .where(EntryRow.booklet == "id")
    .tuples()
)
LINKS = (
    CompetenceLink.select(CompetenceLink.competence, CompetenceLink.target, CompetenceLink.sealed)
    .where(CompetenceLink.booklet == "id")
    .tuples()
)
EVIDENCE = (
    EvidenceLink.select(EvidenceLink.attachment, EvidenceLink.entry)
    .where(EvidenceLink.booklet == "id")
    .tuples()
)
DOSSIERS = (
    DossierRow.select(DossierRow.id, DossierRow.version, DossierRow.built_in, DossierRow.sealed)
    .where(DossierRow.booklet == "id")
    .tuples()
)


CHARTERS = (
    CharterRow.select(CharterRow.version, CharterRow.accepted_at)
    .where(CharterRow.booklet == "id")
    .order_by(CharterRow.accepted_at)
    .tuples()
)
