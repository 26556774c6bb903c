"""The verbs of the record: export it, and restore it into an empty booklet."""

from dataclasses import replace
from typing import Any

from strawberry import ID

from graphql_api.booklets.booklets import load_own, require_open
from graphql_api.booklets.needed_lists import ALL_LISTS
from graphql_api.storage.content.booklet_repository import booklet_of
from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.damage import parts_of
from graphql_api.storage.content.documents import build_entry
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.people import person_of
from graphql_api.storage.tables import (
    AuthorizationCodeTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
    PersonTable,
)
from schema.booklet import Booklet
from schema.damage import Damaged
from schema.description.refusals import BookletNotEmpty, Refused
from schema.description.rubric import ValidationContext
from schema.dossiers.dossier import Dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.entries import Entry
from schema.entries.identity import Identity, IdentityContent
from schema.entries.shapes import SHAPE, fill_missing, upgrade_content
from schema.entries.situation import Situation, SituationContent
from schema.record.entries import ReadEntry
from schema.record.reading import ReadRecord, read_record
from schema.record.record import format_time, record_of


def _of_person(owner: Any, *columns: Any) -> Any:
    """The constant query of columns of a table, of the person that `owner` names, in order."""
    return owner.model.select(*columns).where(owner == "person").order_by(*columns).tuples()


_PERSON = _of_person(PersonTable.id, PersonTable.created_at)
_SIGN_INS = _of_person(
    LoginIdentityTable.person, LoginIdentityTable.issuer, LoginIdentityTable.subject
)
_OFFICES = _of_person(OfficerTable.person, OfficerTable.siret, OfficerTable.created_at)
_OPERATING = _of_person(OperatorTable.person, OperatorTable.created_at)
_CODE = (
    AuthorizationCodeTable.select(AuthorizationCodeTable.siret)
    .where(AuthorizationCodeTable.code_hash == "hash")
    .tuples()
)


def export(op: Operation, id: str | None = None) -> dict[str, Any] | None:
    """The record of the caller's booklet; None when there is none, or when `id` is not its id."""
    op.lists.foreseen = ALL_LISTS
    op.lists.expect()
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
    after, read = _restored(op, loaded, record, at)
    return booklet_of(op, save(op, loaded, after)), read


def try_restore(op: Operation, record: object, at: str) -> Booklet:
    """The booklet as `restore` would leave it, and refused as it would be; nothing is written."""
    loaded = require_open(op)
    after, _ = _restored(op, loaded, record, at)
    op.answer_slot = None
    written = replace(after.row, version=after.row.version + 1, updated_at=op.now_us)
    return booklet_of(op, after.changed(written))


def _restored(
    op: Operation, loaded: LoadedBooklet, record: object, at: str
) -> tuple[LoadedBooklet, ReadRecord]:
    """The booklet as a record leaves it, and what was read of the record."""
    loaded.read_all()
    if damaged := parts_of(op, loaded.id):
        raise Refused(Damaged(part=damaged[0]))
    if loaded.entries or not all(dossier.built_in for dossier in loaded.dossiers):
        raise Refused(BookletNotEmpty(entries=len(loaded.entries)))
    read = read_record(record, now=op.now, today=op.today, birth_date=loaded.birth_date(), at=at)
    parts: dict[str, Any] = {
        "entries": tuple(_entry(op, one) for one in read.entries),
        "links": tuple(read.links),
        "evidence": tuple(read.evidence),
        "dossiers": (*loaded.dossiers, *_dossiers(read)),
    }
    if read.identity is not None:
        parts["identity"] = _identity(op, loaded, read, read.identity)
    if read.situation is not None:  # it is empty where the record has none
        parts["situation"] = _situation(loaded, read.situation) if read.situation else None
    return loaded.changed(**parts), read


def _account(op: Operation, row: BookletRow) -> dict[str, Any]:
    """The data stored of the caller beside the booklet: sign-ins, rights, who gave the code."""
    of_person = (person_of(op),)
    people, sign_ins, offices, operating, given = op.store.rows_of_each(
        ("person of a record", _PERSON, of_person),
        ("sign-ins of a record", _SIGN_INS, of_person),
        ("offices of a record", _OFFICES, of_person),
        ("operator of a record", _OPERATING, of_person),
        ("code of a record", _CODE, (row.code_hash,)),
    )
    return {
        "createdAt": _time(people[0][0]),
        "signIns": [{"issuer": issuer, "subject": subject} for issuer, subject in sign_ins],
        "codeGivenBy": given[0][0] if given else None,
        "officerOf": [{"siret": siret, "since": _time(at)} for siret, at in offices],
        "operatorSince": _time(operating[0][0]) if operating else None,
    }


def _time(stored: int) -> str | None:
    return format_time(from_microseconds(stored))


def _identity(
    op: Operation, loaded: LoadedBooklet, read: ReadRecord, content: dict[str, Any]
) -> Identity:
    """The identity of a record; the statistics box was ticked at its time there, or now."""
    ticked = read.stats_consent_at
    if ticked is None and content.get("stats_consent"):
        ticked = op.now
    version = (loaded.identity.version if loaded.identity else 0) + 1
    filled = fill_missing(IdentityContent, content)
    return Identity(version=version, stats_consent_at=ticked, **filled)


def _situation(loaded: LoadedBooklet, content: dict[str, Any]) -> Situation:
    version = (loaded.situation.version if loaded.situation else 0) + 1
    return Situation(version=version, **fill_missing(SituationContent, content))


def _entry(op: Operation, read: ReadEntry) -> Entry:
    return build_entry(
        read.rubric,
        upgrade_content(read.rubric, SHAPE, read.content),
        id=ID(read.id),
        rank=read.rank,
        version=1,
        created_at=read.created_at,
        updated_at=read.updated_at,
        context=ValidationContext(op.today),
    )


def _dossiers(read: ReadRecord) -> list[Dossier]:
    return [
        dossier_of(id, 1, built_in=False, content=content) for id, content in read.dossiers.items()
    ]
