"""The verbs of dossiers: get, save, remove."""

import uuid
from typing import Any

from graphql_api.booklets.booklets import require_open
from graphql_api.engine.encoding import PublicError
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.actors import PrintJob
from graphql_api.storage.communicated.share_link_repository import delete_of_dossier
from graphql_api.storage.content.booklet_repository import (
    booklet_of,
    dossier_with_booklet,
    load,
    share_links_of,
)
from graphql_api.storage.content.booklet_rows import row_by_id, row_of_caller
from graphql_api.storage.content.booklet_writer import save as save_booklet
from graphql_api.storage.content.damage import parts_of, refuse_if_damaged
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import Operation
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import DAMAGED, WITHHELD, StoredKind
from schema.description.refusals import (
    BookletState,
    InvalidEntry,
    LimitReached,
    NotFound,
    Refused,
    problem,
)
from schema.dossiers.dossier import MAX_DOSSIERS, Dossier
from schema.dossiers.inputs import DossierInput, dossier_input_errors, merge_input
from schema.dossiers.shared_dossier import SharedDossier, shared_dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.links import attach_links


def get(op: Operation, id: str) -> SharedDossier | None:
    """A dossier as its reader sees it: of the caller's booklet, or that of a print job; or None.

    Raises `PublicError` when it would need what does not open.
    """
    loaded = _load_for_caller(op, id)
    if loaded is None:
        return None
    check_readable(op, loaded, id)
    dossier = _dossier_of_id(loaded, id)
    if dossier is None or loaded.identity is None or loaded.row.charter_version is None:
        return None
    return shared_dossier(
        dossier,
        loaded.identity,
        loaded.situation,
        attach_links(dossier.selection.filter(loaded.entries), loaded.links, loaded.evidence),
        charter_version=loaded.row.charter_version,
        as_of=op.today,
        public_url=op.public_url,
    )


def check_readable(op: Operation, loaded: LoadedBooklet, id: str) -> None:
    """Raise `PublicError` when the dossier of that id does not open, or needs what does not."""
    dossier = _dossier_of_id(loaded, id)
    for part in parts_of(op, loaded.id):
        is_itself = part.kind is StoredKind.DOSSIERS or (
            part.kind is StoredKind.DOSSIER and part.id == id
        )
        if is_itself or (dossier is not None and dossier.needs(part, loaded.entries)):
            raise PublicError(WITHHELD, DAMAGED)


def save(
    op: Operation, sent: DossierInput, id: str | None, version: int | None
) -> tuple[Booklet, str]:
    """Add a dossier, or change the fields sent of the one of that id; return the booklet and the id.

    Refused with `InvalidEntry` (also for the built-in one), `LimitReached` at `MAX_DOSSIERS`
    beside it, `NotFound` or `Conflict`.
    """
    loaded = require_open(op)
    if id is None:
        return _add(op, loaded, sent, version)
    before = _require_version(op, loaded, id, version)
    loaded.read_all()  # so that what it names and cannot be read is known to be there
    for named in before.named_entries:
        refuse_if_damaged(op, loaded.id, StoredKind.ENTRY, named)
    content = _validated(op, loaded, before, sent)
    saved = dossier_of(id, before.version + 1, built_in=False, content=content)
    others = [one for one in loaded.dossiers if one.id != id]
    return _saved(op, loaded, (*others, saved)), id


def remove(op: Operation, id: str, version: int) -> Booklet:
    """Remove a dossier and end its share links; the entries that it communicated stay.

    Refused with `InvalidEntry` for the built-in one, `NotFound` or `Conflict`.
    """
    loaded = require_open(op)
    _require_version(op, loaded, id, version)
    booklet = _saved(op, loaded, tuple(one for one in loaded.dossiers if one.id != id))
    delete_of_dossier(op, loaded.id, id)
    return booklet


def _saved(op: Operation, loaded: LoadedBooklet, dossiers: tuple[Dossier, ...]) -> Booklet:
    return booklet_of(op, save_booklet(op, loaded, loaded.changed(dossiers=dossiers)))


def _add(
    op: Operation, loaded: LoadedBooklet, sent: DossierInput, version: int | None
) -> tuple[Booklet, str]:
    if version is not None:
        message = "Une version se rapporte à un dossier : indiquez lequel."
        raise Refused(InvalidEntry(problems=[problem("id", "REQUIRED", message)]))
    if sum(not one.built_in for one in loaded.dossiers) >= MAX_DOSSIERS:
        message = f"Un livret compte au plus {MAX_DOSSIERS} dossiers : supprimez-en un."
        raise Refused(LimitReached(limit=MAX_DOSSIERS, message=message))
    id = str(uuid.uuid4())
    saved = dossier_of(id, 1, built_in=False, content=_validated(op, loaded, None, sent))
    return _saved(op, loaded, (*loaded.dossiers, saved)), id


def _require_version(op: Operation, loaded: LoadedBooklet, id: str, version: int | None) -> Dossier:
    """The dossier of that id at that version, if it is not the built-in one; refused otherwise."""
    dossier = _dossier_of_id(loaded, id)
    if dossier is None:
        refuse_if_damaged(op, loaded.id, StoredKind.DOSSIER, id)
        raise Refused(NotFound(path="id"))
    if dossier.built_in:
        message = "Le dossier du livret complet ne peut être ni modifié ni supprimé."
        raise Refused(InvalidEntry(problems=[problem("id", "BUILT_IN", message)]))
    if version is None:
        message = "Indiquez la version du dossier que vous modifiez."
        raise Refused(InvalidEntry(problems=[problem("version", "REQUIRED", message)]))
    if dossier.version != version:
        entries = attach_links(loaded.entries, loaded.links, loaded.evidence)
        now = dossier_with_booklet(op, loaded, dossier, lambda: entries, share_links_of(op, loaded))
        raise Refused(Conflict(current_version=dossier.version, current_dossier=now))
    return dossier


def _validated(
    op: Operation, loaded: LoadedBooklet, before: Dossier | None, sent: DossierInput
) -> dict[str, Any]:
    """The content to store; refused with `InvalidEntry`, which names every problem."""
    entries = list(loaded.entries)
    content = merge_input(before, sent, entries)
    refuse_if_any(dossier_input_errors(content, sent, entries, op.today), under="dossier")
    return content


def _dossier_of_id(loaded: LoadedBooklet, id: str) -> Dossier | None:
    return next((one for one in loaded.dossiers if one.id == id), None)


def _load_for_caller(op: Operation, id: str) -> LoadedBooklet | None:
    if isinstance(op.actor, PrintJob):
        row = row_by_id(op, op.actor.booklet) if op.actor.dossier == id else None
    else:
        row = row_of_caller(op)
    return load(op, row) if row and row.state is BookletState.OPEN else None
