"""The verbs of drafts: save, delete, take when the draft becomes an entry.

A draft is no part of what is communicated: writing one counts no version of the booklet, so that
no site learns that its owner is typing.
"""

import uuid
from typing import Any

from graphql_api.booklets.booklets import check_charter, require_open_row
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.content import draft_repository
from graphql_api.storage.content.damage import parts_of, refuse_if_damaged
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from schema.conflict import Conflict
from schema.damage import StoredKind
from schema.description.refusals import InvalidEntry, LimitReached, NotFound, Refused, problem
from schema.description.rubric import RubricName
from schema.description.validation import submitted_fields
from schema.entries.draft import MAX_DRAFTS, Draft, draft_errors
from schema.entries.inputs import CommonInput
from schema.rubrics import rubric_named


def save(
    op: Operation, rubric: RubricName, sent: CommonInput, id: str | None, version: int | None
) -> Draft:
    """Begin a draft, or change the fields sent of the one of that id.

    Absent fields stay, nulls are erased. Refused with `InvalidEntry` (too long, or of another
    rubric), `LimitReached` at `MAX_DRAFTS`, `NotFound` or `Conflict`.
    """
    booklet, sealer = _require_open(op)
    drafts = draft_repository.list_live(op, sealer, booklet)
    before: dict[str, Any] = {}
    if id is None:
        if version is not None:
            message = "Une version se rapporte à un brouillon : indiquez lequel."
            raise Refused(InvalidEntry(problems=[problem("id", "REQUIRED", message)]))
        damaged = sum(one.kind is StoredKind.DRAFT for one in parts_of(op, booklet))
        if len(drafts) + damaged >= MAX_DRAFTS:
            message = f"Un livret compte au plus {MAX_DRAFTS} brouillons : supprimez-en un."
            raise Refused(LimitReached(limit=MAX_DRAFTS, message=message))
        id, version = str(uuid.uuid4()), 0
    else:
        draft = _require_version(op, booklet, drafts, id, version)
        if draft.rubric is not rubric:
            path = f"entry.{rubric_named(rubric).key}"
            message = "Ce brouillon appartient à une autre rubrique."
            raise Refused(InvalidEntry(problems=[problem(path, "WRONG_RUBRIC", message)]))
        before, version = vars(draft.content), draft.version
    content = {
        name: value
        for name, value in (before | submitted_fields(sent)).items()
        if value is not None
    }
    refuse_if_any(draft_errors(rubric, content), under="entry")
    draft_repository.write(op, sealer, booklet, id, version + 1, rubric, content)
    saved = draft_repository.list_live(op, sealer, booklet)
    return next(one for one in saved if one.id == id)


def delete(op: Operation, id: str, version: int, *, path: str = "id") -> None:
    """Delete a draft, also because it becomes an entry; `path` is that of its id.

    Refused with `NotFound` or `Conflict`: whoever adds the entry of a draft twice adds it once.
    """
    booklet, sealer = _require_open(op)
    _require_version(
        op, booklet, draft_repository.list_live(op, sealer, booklet), id, version, path
    )
    draft_repository.delete(op, booklet, id)


def _require_open(op: Operation) -> tuple[str, Sealer]:
    row, sealer = require_open_row(op)
    check_charter(row)
    return row.id, sealer


def _require_version(
    op: Operation,
    booklet: str,
    drafts: list[Draft],
    id: str,
    version: int | None,
    path: str = "id",
) -> Draft:
    draft = next((one for one in drafts if one.id == id), None)
    if draft is None:
        refuse_if_damaged(op, booklet, StoredKind.DRAFT, id)
        raise Refused(NotFound(path=path))
    if version is None:
        message = "Indiquez la version du brouillon que vous modifiez."
        raise Refused(InvalidEntry(problems=[problem("version", "REQUIRED", message)]))
    if draft.version != version:
        raise Refused(Conflict(current_version=draft.version, current_draft=draft))
    return draft
