"""Writing what a verb changed of a booklet: the rows that differ, and nothing read again.

A verb makes the booklet as it shall be (`LoadedBooklet.changed`) from the one that it loaded.
`save` compares the two and writes the difference, in as few statements whatever it holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from peewee import Case, Value

from graphql_api.storage.content.booklet_repository import LoadedBooklet
from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.damage_removal import delete_entry
from graphql_api.storage.content.sealed_content import (
    dossier_context,
    entry_context,
    identity_context,
    link_context,
    situation_context,
)
from graphql_api.storage.operation import Operation, to_microseconds
from graphql_api.storage.tables import (
    BookletTable,
    CompetenceLinkTable,
    ConsentTable,
    DossierTable,
    EntryTable,
    EvidenceLinkTable,
)
from schema.description.fields import fields_of
from schema.dossiers import stored_dossier
from schema.dossiers.dossier import Dossier
from schema.entries.entries import Entry
from schema.entries.identity import Identity, IdentityContent
from schema.entries.links import LinkRecord
from schema.entries.shapes import SHAPE
from schema.entries.situation import SituationContent
from schema.rubrics import rubric_named

_ROWS_AT_ONCE = 500


def save(op: Operation, before: LoadedBooklet, after: LoadedBooklet) -> LoadedBooklet:
    """Write what `after` changes of `before`, and count it; return the booklet as it is then.

    See `count_write`, which is done first.
    """
    row = count_write(op, before, **_changed_columns(before, after))
    gone = _save_entries(op, before, after)
    _save_links(op, before, after, gone)
    _save_evidence(op, before, after, gone)
    _save_dossiers(op, before, after)
    return after.changed(row)


def count_write(op: Operation, booklet: LoadedBooklet, **columns: Any) -> BookletRow:
    """Count a write to a booklet, and write these columns of its row; return the row as it is then.

    Sites with a live consent will find its summary changed. The consents are written before all
    else: a reader of summaries locks the consent, then what the summary is made of.
    """
    if booklet.row.is_consented:
        live = (ConsentTable.booklet == booklet.id, ConsentTable.expires_at > op.now_us)
        op.store.write(ConsentTable.update(changed_at=op.now_us).where(*live))
    row = replace(booklet.row, version=booklet.row.version + 1, updated_at=op.now_us, **columns)
    written = columns | {"version": row.version, "updated_at": row.updated_at}
    if "state" in columns:
        written["state"] = row.state.value
    op.store.write(BookletTable.update(written).where(BookletTable.id == booklet.id))
    return row


def content_of(entry: Entry) -> dict[str, Any]:
    """The content of an entry as it is stored: what is filled, and whether it may be shared."""
    content = rubric_named(entry.rubric).content
    names = [*(field.name for field in fields_of(content)), "comment", "shareable"]
    values = {name: getattr(entry, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _changed_columns(before: LoadedBooklet, after: LoadedBooklet) -> dict[str, Any]:
    """The columns of the state, the identity and the situation that changed."""
    columns: dict[str, Any] = {}
    if after.row.state is not before.row.state:
        columns["state"] = after.row.state
    if after.identity is not before.identity and after.identity is not None:
        version = after.identity.version
        sealed = after.sealer.seal(
            identity_context(after.id, version), _identity_content(after.identity)
        )
        columns |= {"identity": sealed, "identity_version": version}
    if after.situation is not before.situation:
        if after.situation is None:
            return columns | {"situation": None, "situation_version": 0}
        version = after.situation.version
        content = _filled(after.situation, SituationContent)
        sealed = after.sealer.seal(situation_context(after.id, version), content)
        columns |= {"situation": sealed, "situation_version": version}
    return columns


def _identity_content(identity: Identity) -> dict[str, Any]:
    content = _filled(identity, IdentityContent)
    if identity.stats_consent_at is not None:
        content["stats_consent_at"] = to_microseconds(identity.stats_consent_at)
    return content


def _filled(content: Any, content_class: type) -> dict[str, Any]:
    """The filled fields of an identity or a situation, by Python name."""
    values = {field.name: getattr(content, field.name) for field in fields_of(content_class)}
    return {name: value for name, value in values.items() if value is not None}


def _save_entries(op: Operation, before: LoadedBooklet, after: LoadedBooklet) -> set[str]:
    """Write the entries that differ; the ids of those that were removed, with all their links."""
    if after.entries is before.entries:
        return set()
    known: dict[str, Entry] = {entry.id: entry for entry in before.entries}
    new = [entry for entry in after.entries if entry.id not in known]
    kept = [entry for entry in after.entries if entry.id in known]
    gone = set(known) - {entry.id for entry in kept}
    for id in gone:
        delete_entry(op, before.id, id)
    _insert(op, EntryTable, [_row(after, entry) for entry in new])
    moved = [one for one in kept if one.rank != known[one.id].rank]
    revised = [one for one in kept if one.version != known[one.id].version]
    _update(op, before, moved, rank=lambda entry: entry.rank)
    _update(
        op, before, revised,
        version=lambda entry: entry.version,
        shape=lambda _entry: SHAPE,
        updated_at=lambda entry: to_microseconds(entry.updated_at),
        sealed=lambda entry: _sealed(after, entry),
    )  # fmt: skip
    return gone


def _update(
    op: Operation,
    booklet: LoadedBooklet,
    entries: Sequence[Entry],
    **columns: Callable[[Entry], object],
) -> None:
    """Update these columns of entries, each to what its function says, in one statement."""
    if not entries:
        return
    table = EntryTable
    values = {
        name: Case(table.id, tuple((entry.id, Value(of(entry))) for entry in entries))
        for name, of in columns.items()
    }
    own = (table.booklet == booklet.id, table.id.in_([entry.id for entry in entries]))
    op.store.write(table.update(**values).where(*own))


def _row(booklet: LoadedBooklet, entry: Entry) -> dict[str, Any]:
    return {
        "booklet": booklet.id,
        "id": entry.id,
        "rubric": entry.rubric.value,
        "rank": entry.rank,
        "version": entry.version,
        "shape": SHAPE,
        "created_at": to_microseconds(entry.created_at),
        "updated_at": to_microseconds(entry.updated_at),
        "sealed": _sealed(booklet, entry),
    }


def _sealed(booklet: LoadedBooklet, entry: Entry) -> bytes:
    return booklet.sealer.seal(entry_context(entry.id, entry.version), content_of(entry))


def _save_links(op: Operation, before: LoadedBooklet, after: LoadedBooklet, gone: set[str]) -> None:
    if after.links is before.links:
        return
    old = {(one.competence, one.target): one for one in before.links}
    new = {(one.competence, one.target): one for one in after.links}
    over = [ends for ends, one in old.items() if new.get(ends) != one and not gone & set(ends)]
    table = CompetenceLinkTable
    _delete_pairs(op, before.id, table.competence, table.target, over)
    _insert(op, table, [_link(after, one) for ends, one in new.items() if old.get(ends) != one])


def _link(booklet: LoadedBooklet, link: LinkRecord) -> dict[str, Any]:
    context = link_context(link.competence, link.target)
    content = {"relation": link.relation.value, "note": link.note}
    return {
        "booklet": booklet.id,
        "competence": link.competence,
        "target": link.target,
        "sealed": booklet.sealer.seal(context, content),
    }


def _save_evidence(
    op: Operation, before: LoadedBooklet, after: LoadedBooklet, gone: set[str]
) -> None:
    if after.evidence is before.evidence:
        return
    old = {(one.attachment, one.entry) for one in before.evidence}
    new = dict.fromkeys((one.attachment, one.entry) for one in after.evidence)
    over = [ends for ends in old - set(new) if not gone & set(ends)]
    table = EvidenceLinkTable
    _delete_pairs(op, before.id, table.attachment, table.entry, over)
    rows = [
        {"booklet": after.id, "attachment": attachment, "entry": entry}
        for attachment, entry in new
        if (attachment, entry) not in old
    ]
    _insert(op, table, rows)


def _delete_pairs(
    op: Operation, booklet: str, first: Any, second: Any, pairs: Iterable[tuple[str, str]]
) -> None:
    """Delete links by their ends: a statement for each entry at the end that has fewer of them."""
    groups: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for one, other in pairs:
        groups[0].setdefault(one, []).append(other)
        groups[1].setdefault(other, []).append(one)
    by_first = len(groups[0]) <= len(groups[1])
    named, others = (first, second) if by_first else (second, first)
    for id, ends in groups[0 if by_first else 1].items():
        own = (named.model.booklet == booklet, named == id, others.in_(ends))
        op.store.write(named.model.delete().where(*own))


def _save_dossiers(op: Operation, before: LoadedBooklet, after: LoadedBooklet) -> None:
    if after.dossiers is before.dossiers:
        return
    table = DossierTable
    old: dict[str, Dossier] = {one.id: one for one in before.dossiers}
    for id in set(old) - {one.id for one in after.dossiers}:
        op.store.write(table.delete().where(table.booklet == before.id, table.id == id))
    rows = []
    for one in after.dossiers:
        if one.id in old and one.version == old[one.id].version:
            continue
        context = dossier_context(one.id, one.version)
        sealed = after.sealer.seal(context, stored_dossier.content_of(one))
        if one.id in old:
            new = table.update(version=one.version, sealed=sealed)
            op.store.write(new.where(table.booklet == after.id, table.id == one.id))
            continue
        ids = {"booklet": after.id, "id": one.id, "built_in": one.built_in}
        rows.append({**ids, "version": one.version, "sealed": sealed})
    _insert(op, table, rows)


def _insert(op: Operation, table: Any, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        op.store.write(table.insert_many(rows[first : first + _ROWS_AT_ONCE]))
