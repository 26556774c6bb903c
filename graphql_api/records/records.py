"""The verbs of the record: export it, and restore it into an empty booklet."""

from typing import Any

from graphql_api.booklets.booklets import bump_version, load_own, reload, require_open
from graphql_api.storage.booklet_repository import (
    BookletRow,
    LoadedBooklet,
    booklet_of,
    dossier_context,
    entry_context,
    identity_context,
    link_context,
    situation_context,
)
from graphql_api.storage.damage import parts_of
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from graphql_api.storage.people import person_of
from graphql_api.storage.tables import (
    AuthorizationCodeTable,
    CompetenceLinkTable,
    DossierTable,
    EntryTable,
    EvidenceLinkTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
    PersonTable,
)
from schema.booklet import Booklet
from schema.damage import Damaged
from schema.description.refusals import BookletNotEmpty, Refused
from schema.entries.shapes import SHAPE
from schema.record.reading import ReadRecord, read_record
from schema.record.record import format_time, record_of

_ROWS_AT_ONCE = 500


def export(op: Operation, id: str | None = None) -> dict[str, Any] | None:
    """The record of the caller's booklet; None when there is none, or when `id` is not its id."""
    loaded = load_own(op)
    if loaded is None or (id is not None and id != loaded.id):
        return None
    return record_of(booklet_of(op, loaded), exported_at=op.now, account=_account(op, loaded.row))


def restore(op: Operation, record: object, at: str) -> tuple[Booklet, ReadRecord]:
    """Restore a record into the caller's open booklet, whole or not at all; return what was read.

    Its identity and its situation replace the present ones; entries keep their ids, times and
    order. `at` is the path of the record in what the caller sent. Refused with `BookletNotEmpty`,
    with `Damaged`, or with `InvalidEntry`, which names up to 100 problems.
    """
    loaded = require_open(op)
    if damaged := parts_of(op, loaded.id):
        raise Refused(Damaged(part=damaged[0]))
    if loaded.entries or not all(dossier.built_in for dossier in loaded.dossiers):
        raise Refused(BookletNotEmpty(entries=len(loaded.entries)))
    read = read_record(record, now=op.now, today=op.today, birth_date=loaded.birth_date(), at=at)
    bump_version(op, loaded, **_identity(op, loaded, read), **_situation(loaded, read))
    _insert(op, EntryTable, _entries(loaded, read))
    _insert(op, CompetenceLinkTable, _links(loaded, read))
    _insert(op, EvidenceLinkTable, _evidence(loaded, read))
    _insert(op, DossierTable, _dossiers(loaded, read))
    return reload(op, loaded), read


def try_restore(op: Operation, record: object, at: str) -> Booklet:
    """The booklet as `restore` would leave it, and refused as it would be; nothing is written."""
    try:
        with op.store.savepoint():
            booklet, _ = restore(op, record, at)
            raise _TriedError
    except _TriedError:
        op.answer_slot = None
        return booklet


class _TriedError(Exception):
    """Undoes what was only tried."""


def _account(op: Operation, row: BookletRow) -> dict[str, Any]:
    """The data stored of the caller beside the booklet: sign-ins, rights, who gave the code."""
    person = person_of(op)

    def rows(table: Any, *columns: Any) -> list[tuple[Any, ...]]:
        key = table.id if table is PersonTable else table.person
        return op.store.rows(
            table.select(*columns).where(key == person).order_by(*columns).tuples()
        )

    code = AuthorizationCodeTable.select(AuthorizationCodeTable.siret).where(
        AuthorizationCodeTable.code_hash == row.code_hash
    )
    given = op.store.row(code.tuples())
    operating = rows(OperatorTable, OperatorTable.created_at)
    return {
        "createdAt": next(_time(at) for (at,) in rows(PersonTable, PersonTable.created_at)),
        "signIns": [
            {"issuer": issuer, "subject": subject}
            for issuer, subject in rows(
                LoginIdentityTable, LoginIdentityTable.issuer, LoginIdentityTable.subject
            )
        ],
        "codeGivenBy": given[0] if given else None,
        "officerOf": [
            {"siret": siret, "since": _time(at)}
            for siret, at in rows(OfficerTable, OfficerTable.siret, OfficerTable.created_at)
        ],
        "operatorSince": _time(operating[0][0]) if operating else None,
    }


def _time(stored: int) -> str | None:
    return format_time(from_microseconds(stored))


def _identity(op: Operation, loaded: LoadedBooklet, read: ReadRecord) -> dict[str, Any]:
    if read.identity is None:
        return {}
    version, content = loaded.row.identity_version + 1, dict(read.identity)
    if read.stats_consent_at is not None:
        content["stats_consent_at"] = to_microseconds(read.stats_consent_at)
    elif content.get("stats_consent"):
        content["stats_consent_at"] = op.now_us
    sealed = loaded.sealer.seal(identity_context(loaded.id, version), content)
    return {"identity": sealed, "identity_version": version}


def _situation(loaded: LoadedBooklet, read: ReadRecord) -> dict[str, Any]:
    if read.situation is None:
        return {}
    if not read.situation:  # the record has none
        return {"situation": None, "situation_version": 0}
    version = loaded.row.situation_version + 1
    sealed = loaded.sealer.seal(situation_context(loaded.id, version), read.situation)
    return {"situation": sealed, "situation_version": version}


def _entries(loaded: LoadedBooklet, read: ReadRecord) -> list[dict[str, Any]]:
    return [
        {
            "booklet": loaded.id,
            "id": entry.id,
            "rubric": entry.rubric.value,
            "rank": entry.rank,
            "version": 1,
            "shape": SHAPE,
            "created_at": to_microseconds(entry.created_at),
            "updated_at": to_microseconds(entry.updated_at),
            "sealed": loaded.sealer.seal(entry_context(entry.id, 1), entry.content),
        }
        for entry in read.entries
    ]


def _links(loaded: LoadedBooklet, read: ReadRecord) -> list[dict[str, Any]]:
    return [
        {
            "booklet": loaded.id,
            "competence": link.competence,
            "target": link.target,
            "sealed": loaded.sealer.seal(
                link_context(link.competence, link.target),
                {"relation": link.relation.value, "note": link.note},
            ),
        }
        for link in read.links
    ]


def _evidence(loaded: LoadedBooklet, read: ReadRecord) -> list[dict[str, Any]]:
    return [
        {"booklet": loaded.id, "attachment": link.attachment, "entry": link.entry}
        for link in read.evidence
    ]


def _dossiers(loaded: LoadedBooklet, read: ReadRecord) -> list[dict[str, Any]]:
    return [
        {
            "booklet": loaded.id,
            "id": id,
            "version": 1,
            "built_in": False,
            "sealed": loaded.sealer.seal(dossier_context(id, 1), content),
        }
        for id, content in read.dossiers.items()
    ]


def _insert(op: Operation, table: Any, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        op.store.run(table.insert_many(rows[first : first + _ROWS_AT_ONCE]))
