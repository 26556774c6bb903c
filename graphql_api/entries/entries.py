"""The verbs of entries: add, one or many, revise, remove, move.

Each works on the caller's open booklet, which is locked while the operation lasts. A refusal names
every problem at once, and nothing of a refused change stays.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import Case, Value
from strawberry import UNSET

from graphql_api.booklets.booklets import bump_version, reload, require_open
from graphql_api.drafts import drafts
from graphql_api.operations.problems import paths_under, refuse_if_any
from graphql_api.storage.booklet_repository import LoadedBooklet, entry_context
from graphql_api.storage.damage import parts_of, refuse_if_damaged
from graphql_api.storage.damage_removal import delete_entry
from graphql_api.storage.operation import Operation, to_microseconds
from graphql_api.storage.tables import EntryTable
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import StoredKind
from schema.description.bounds import MAX_ADDED, MAX_ENTRIES
from schema.description.fields import fields_of
from schema.description.refusals import (
    InvalidEntry,
    LimitReached,
    NotFound,
    Problem,
    Refused,
    problem,
)
from schema.description.rubric import RubricName, ValidationContext
from schema.description.validation import content_errors, submitted_fields
from schema.entries.entries import Entry
from schema.entries.inputs import KIND_OF, CommonInput, DraftVersionInput
from schema.entries.links import attach_links
from schema.entries.shapes import SHAPE
from schema.rubrics import rubric_named


def add(
    op: Operation, rubric: RubricName, sent: CommonInput, draft: DraftVersionInput | None = None
) -> tuple[Booklet, str]:
    """Add an entry to its rubric, in the place of its draft if there is one.

    Returns the booklet and the entry's id. Refused with `InvalidEntry`, or `LimitReached` at
    `MAX_ENTRIES`; with a draft, also with `NotFound` or `Conflict`.
    """
    if draft is not None:
        drafts.delete(op, draft.id, draft.version, path="draft.id")
    booklet, ids = _add(op, {"entry": (rubric, sent)})
    return booklet, ids[0]


def add_all(
    op: Operation, sent: Sequence[tuple[RubricName, CommonInput]]
) -> tuple[Booklet, list[str]]:
    """Add entries, all of them or none; return the booklet and their ids, in the order sent.

    Each is checked among those before it too. Refused as `add` is.
    """
    if not sent:
        nothing = problem("entries", "REQUIRED", "Indiquez au moins un élément.")
        raise Refused(InvalidEntry(problems=[nothing]))
    if len(sent) > MAX_ADDED:
        many = problem("entries", "TOO_MANY", f"{MAX_ADDED} éléments au plus à la fois.")
        raise Refused(InvalidEntry(problems=[many]))
    return _add(op, {f"entries[{at}]": one for at, one in enumerate(sent)})


def _add(
    op: Operation, sent: Mapping[str, tuple[RubricName, CommonInput]]
) -> tuple[Booklet, list[str]]:
    """Add what was sent at each path."""
    loaded = require_open(op)
    damaged = sum(one.kind is StoredKind.ENTRY for one in parts_of(op, loaded.id))
    if len(loaded.entries) + damaged + len(sent) > MAX_ENTRIES:
        raise Refused(LimitReached(limit=MAX_ENTRIES))
    others: dict[RubricName, list[Any]] = {rubric: [] for rubric in RubricName}
    ranks = dict.fromkeys(RubricName, 0)
    for entry in loaded.entries:
        others[entry.rubric].append(entry)
        ranks[entry.rubric] = max(ranks[entry.rubric], entry.rank)
    problems: list[Problem] = []
    rows = []
    for path, (rubric, values) in sent.items():
        content, errors = _checked(op, loaded, rubric, submitted_fields(values), others[rubric])
        problems += paths_under(f"{path}.{rubric_named(rubric).key}", errors)
        others[rubric].append(content)
        ranks[rubric] += 1
        rows.append(_new_row(op, loaded, rubric, ranks[rubric], content))
    refuse_if_any(problems)
    op.store.run(EntryTable.insert_many(rows))
    bump_version(op, loaded)
    return reload(op, loaded), [row["id"] for row in rows]


def _new_row(
    op: Operation, loaded: LoadedBooklet, rubric: RubricName, rank: int, content: CommonInput
) -> dict[str, Any]:
    values = _filled(content)
    values.setdefault("shareable", not rubric_named(rubric).hidden_by_default(content))
    id = str(uuid.uuid4())
    return {
        "booklet": loaded.id,
        "id": id,
        "rubric": rubric.value,
        "rank": rank,
        "version": 1,
        "shape": SHAPE,
        "created_at": op.now_us,
        "updated_at": op.now_us,
        "sealed": loaded.sealer.seal(entry_context(id, 1), values),
    }


def revise(
    op: Operation, id: str, version: int, rubric: RubricName, sent: CommonInput
) -> tuple[Booklet, str]:
    """Change the fields that were sent; absent ones stay, nulls are erased.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry` (also when the rubric is not the
    entry's own).
    """
    loaded = require_open(op)
    entry = require_version(op, loaded, id, version)
    if entry.rubric is not rubric:
        not_its = problem(
            f"entry.{rubric_named(rubric).key}",
            "WRONG_RUBRIC",
            "Cet élément appartient à une autre rubrique.",
        )
        raise Refused(InvalidEntry(problems=[not_its]))
    before = content_of(entry)
    content = _validated(op, loaded, rubric, before | submitted_fields(sent), entry)
    if not isinstance(sent.shareable, bool) and _is_hidden_by_default(rubric, content):
        # An entry that becomes sensitive is hidden, as a new one would be; later the owner decides.
        content["shareable"] = entry.shareable and _is_hidden_by_default(rubric, before)
    content.setdefault("shareable", entry.shareable)
    update(op, loaded, entry, content)
    bump_version(op, loaded)
    return reload(op, loaded), id


def remove(op: Operation, id: str, version: int) -> Booklet:
    """Remove an entry and its links; the entries that it was linked to stay."""
    loaded = require_open(op)
    require_version(op, loaded, id, version)
    delete_entry(op, loaded.id, id)
    bump_version(op, loaded)
    return reload(op, loaded)


def move(op: Operation, id: str, version: int, before: str | None) -> tuple[Booklet, str]:
    """Put an entry of an owner-ordered rubric before another of the same, or last.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry` where the order is chronological.
    """
    loaded = require_open(op)
    entry = require_version(op, loaded, id, version)
    if not entry.described_by.owner_ordered:
        not_its = problem("id", "CHRONOLOGICAL", "Cette rubrique est classée par date.")
        raise Refused(InvalidEntry(problems=[not_its]))
    others = sorted(
        (one for one in loaded.entries if one.rubric is entry.rubric and one is not entry),
        key=lambda one: (one.rank, one.id),
    )
    place = len(others)
    if before is not None:
        refuse_if_damaged(op, loaded.id, StoredKind.ENTRY, before)
        found = [at for at, one in enumerate(others) if one.id == before]
        if not found:
            raise Refused(NotFound(path="before"))
        place = found[0]
    order = enumerate([*others[:place], entry, *others[place:]], start=1)
    ranks = {one.id: rank for rank, one in order if one.rank != rank}
    if ranks:
        new = Case(EntryTable.id, tuple(ranks.items()))
        own = (EntryTable.booklet == loaded.id, EntryTable.id.in_(list(ranks)))
        op.store.run(EntryTable.update(rank=new).where(*own))
    update(op, loaded, entry, content_of(entry), at=entry.updated_at)
    bump_version(op, loaded)
    return reload(op, loaded), id


def require_entry(op: Operation, loaded: LoadedBooklet, id: str, path: str = "id") -> Entry:
    """The entry of that id; refused with `Damaged`, or with `NotFound` at that path."""
    entry = loaded.entry(id)
    if entry is None:
        refuse_if_damaged(op, loaded.id, StoredKind.ENTRY, id)
        raise Refused(NotFound(path=path))
    return entry


def require_version(
    op: Operation, loaded: LoadedBooklet, id: str, version: int, path: str = "id"
) -> Entry:
    """The entry of that id at that version; refused as `require_entry` does, or with `Conflict`."""
    entry = require_entry(op, loaded, id, path)
    if entry.version != version:
        linked = attach_links(loaded.entries, loaded.links, loaded.evidence)
        current = next(one for one in linked if one.id == entry.id)
        raise Refused(Conflict(current_version=entry.version, current_entry=current))
    return entry


def update(
    op: Operation,
    loaded: LoadedBooklet,
    entry: Entry,
    content: dict[str, Any],
    at: datetime | None = None,
) -> None:
    """Store the content of an entry under its next version, as revised now or at `at`.

    A link or a move is no revision: a dossier says when its entries were last revised, and must not
    tell that one of them was linked to an entry that it withholds.
    """
    version = entry.version + 1
    op.store.run(
        EntryTable.update(
            version=version,
            shape=SHAPE,
            updated_at=op.now_us if at is None else to_microseconds(at),
            sealed=loaded.sealer.seal(entry_context(entry.id, version), content),
        ).where(EntryTable.booklet == loaded.id, EntryTable.id == entry.id)
    )


def count_versions(op: Operation, loaded: LoadedBooklet, entries: Sequence[Entry]) -> None:
    """Raise the version of each entry, whose content and time of revision stay."""
    sealed = [
        (
            entry.id,
            Value(
                loaded.sealer.seal(entry_context(entry.id, entry.version + 1), content_of(entry))
            ),
        )
        for entry in entries
    ]
    op.store.run(
        EntryTable.update(
            version=EntryTable.version + 1, shape=SHAPE, sealed=Case(EntryTable.id, tuple(sealed))
        ).where(EntryTable.booklet == loaded.id, EntryTable.id.in_([entry.id for entry in entries]))
    )


def content_of(entry: Entry) -> dict[str, Any]:
    """The content of an entry as it is stored: what is filled, and whether it may be shared."""
    names = [*_content_names(entry.rubric), "comment", "shareable"]
    values = {name: getattr(entry, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _content_names(rubric: RubricName) -> list[str]:
    return [field.name for field in fields_of(rubric_named(rubric).content)]


def _validated(
    op: Operation,
    loaded: LoadedBooklet,
    rubric: RubricName,
    values: dict[str, Any],
    entry: Entry | None,
) -> dict[str, Any]:
    """The values to store; refused with `InvalidEntry`, which names every problem."""
    others = [one for one in loaded.entries if one.rubric is rubric and one is not entry]
    content, errors = _checked(op, loaded, rubric, values, others)
    refuse_if_any(errors, under=f"entry.{rubric_named(rubric).key}")
    return _filled(content)


def _checked(
    op: Operation,
    loaded: LoadedBooklet,
    rubric: RubricName,
    values: dict[str, Any],
    others: Sequence[Any],
) -> tuple[CommonInput, list[Problem]]:
    """A content of these values, and its errors among the others of its rubric."""
    content = KIND_OF[rubric].input_type(**values)
    context = ValidationContext(op.today, loaded.birth_date(), tuple(others))
    return content, content_errors(rubric_named(rubric), content, context)


def _filled(content: CommonInput) -> dict[str, Any]:
    """The values to store of a content: those that are neither absent nor null."""
    return {
        name: value
        for name, value in vars(content).items()
        if value is not None and value is not UNSET
    }


def _is_hidden_by_default(rubric: RubricName, content: dict[str, Any]) -> bool:
    described = rubric_named(rubric)
    return described.hidden_by_default(KIND_OF[rubric].input_type(**content))
