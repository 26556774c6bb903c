"""The verbs of entries: add, one or many, revise, remove, move.

Each works on the caller's open booklet, which is locked while the operation lasts. A refusal names
every problem at once, and nothing of a refused change stays.
"""

import uuid
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from strawberry import ID, UNSET

from graphql_api.booklets.booklets import require_open
from graphql_api.drafts import drafts
from graphql_api.operations.problems import paths_under, refuse_if_any
from graphql_api.storage.content.booklet_repository import booklet_of
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.damage import refuse_if_damaged
from graphql_api.storage.content.documents import build_entry, content_of
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.content.sections import SECTION_OF
from graphql_api.storage.operation import Operation
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import StoredKind
from schema.description.bounds import MAX_ADDED, MAX_ENTRIES
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
from schema.entries.shapes import SHAPE, upgrade_content
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
    sections = {SECTION_OF[rubric] for rubric, _ in sent.values()}
    op.with_row = op.prefetch | {section.value for section in sections}
    loaded = require_open(op)
    loaded.stored.read(sections)
    if loaded.entry_count + len(sent) > MAX_ENTRIES:
        raise Refused(LimitReached(limit=MAX_ENTRIES))
    others: dict[RubricName, list[Any]] = {
        rubric: [*loaded.of_rubric(rubric)] for rubric, _ in sent.values()
    }
    ranks = {rubric: max((one.rank for one in ones), default=0) for rubric, ones in others.items()}
    problems: list[Problem] = []
    new: list[Entry] = []
    for path, (rubric, values) in sent.items():
        content, errors = _checked(op, loaded, rubric, submitted_fields(values), others[rubric])
        problems += paths_under(f"{path}.{rubric_named(rubric).key}", errors)
        others[rubric].append(content)
        ranks[rubric] += 1
        new.append(_new_entry(op, rubric, ranks[rubric], content))
    refuse_if_any(problems)
    return booklet_of(op, save(op, loaded, loaded.with_new(new))), [entry.id for entry in new]


def _new_entry(op: Operation, rubric: RubricName, rank: int, content: CommonInput) -> Entry:
    values = _filled(content)
    values.setdefault("shareable", not rubric_named(rubric).hidden_by_default(content))
    return build_entry(
        rubric,
        upgrade_content(rubric, SHAPE, values),
        id=ID(str(uuid.uuid4())),
        rank=rank,
        version=1,
        created_at=op.now,
        updated_at=op.now,
        context=ValidationContext(op.today),
    )


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
    revised = build_entry(
        rubric,
        upgrade_content(rubric, SHAPE, content),
        id=entry.id,
        rank=entry.rank,
        version=entry.version + 1,
        created_at=entry.created_at,
        updated_at=op.now,
        context=entry.context,
    )
    return booklet_of(op, save(op, loaded, loaded.with_replaced([revised]))), id


def remove(op: Operation, id: str, version: int) -> Booklet:
    """Remove an entry and its links; the entries that it was linked to stay."""
    loaded = require_open(op)
    entry = require_version(op, loaded, id, version)
    return booklet_of(op, save(op, loaded, loaded.without(entry)))


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
        (one for one in loaded.of_rubric(entry.rubric) if one is not entry),
        key=lambda one: (one.rank, one.id),
    )
    place = len(others)
    if before is not None:
        refuse_if_damaged(op, loaded.id, StoredKind.ENTRY, before)
        found = [at for at, one in enumerate(others) if one.id == before]
        if not found:
            raise Refused(NotFound(path="before"))
        place = found[0]
    order = [*others[:place], entry, *others[place:]]
    moved = {
        one.id: one if one.rank == rank else _with_rank(one, rank)
        for rank, one in enumerate(order, start=1)
    }
    moved[entry.id] = next_version(moved[entry.id])
    return booklet_of(op, save(op, loaded, loaded.with_replaced(moved.values()))), id


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


def next_version(entry: Entry) -> Entry:
    """The entry under its next version, whose content and time of revision stay.

    A link or a move is no revision: a dossier says when its entries were last revised, and must not
    tell that one of them was linked to an entry that it withholds.
    """
    changed = copy(entry)
    changed.version += 1
    return changed


def _with_rank(entry: Entry, rank: int) -> Entry:
    changed = copy(entry)
    changed.rank = rank
    return changed


def _validated(
    op: Operation,
    loaded: LoadedBooklet,
    rubric: RubricName,
    values: dict[str, Any],
    entry: Entry | None,
) -> dict[str, Any]:
    """The values to store; refused with `InvalidEntry`, which names every problem."""
    others = [one for one in loaded.of_rubric(rubric) if one is not entry]
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
