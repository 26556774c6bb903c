"""The verbs of identity and situation: who the holder is, and where they work now."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from graphql_api.booklets.booklets import check_charter, load_own
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.content.booklet_repository import booklet_of
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.damage import refuse_if_damaged
from graphql_api.storage.content.documents import birth_date_of
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import AnswerSlot, Operation
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import StoredKind
from schema.description.fields import fields_of
from schema.description.refusals import BookletState, Problem, Refused, WrongState
from schema.description.rubric import ValidationContext
from schema.description.validation import field_errors, sort_by_field, submitted_fields
from schema.entries.identity import (
    Identity,
    IdentityContent,
    email_confirmation_errors,
    identity_errors,
)
from schema.entries.shapes import fill_missing
from schema.entries.situation import Situation, SituationContent, situation_errors

_ACCEPTED = (BookletState.CHARTER_ACCEPTED, BookletState.OPEN)


def revise_identity(
    op: Operation, identity: IdentityContent, confirmation: str | None, version: int
) -> Booklet:
    """Write the identity; the first time, this opens the booklet.

    `version` is 0 the first time. The e-mail is typed twice whenever it is sent. The date of the
    statistics box is that of its last change. Refused with `InvalidEntry`, `Conflict`, or
    `WrongState` before the charter was accepted, `Damaged` when the present one does not open.
    """
    loaded = _require_accepted(op)
    refuse_if_damaged(op, loaded.id, StoredKind.IDENTITY, loaded.id)
    current = loaded.identity.version if loaded.identity else 0
    if version != current:
        raise Refused(Conflict(current_version=current, current_identity=loaded.identity))
    sent = submitted_fields(identity)
    merged = _values(IdentityContent, loaded.identity) | sent
    content = IdentityContent(**fill_missing(IdentityContent, merged))
    context = ValidationContext(
        op.today, birth_date_of(Identity(version=0, stats_consent_at=None, **vars(content)))
    )
    problems = _problems(op, content, lambda: identity_errors(content, context))
    email = sent.get("email")
    if isinstance(email, str):
        problems += email_confirmation_errors(email, confirmation)
    refuse_if_any(problems, under="identity")
    written = Identity(
        version=version + 1,
        stats_consent_at=_stats_changed_at(op, loaded.identity, content),
        **vars(content),
    )
    opened = replace(loaded.row, state=BookletState.OPEN)
    return booklet_of(op, save(op, loaded, loaded.changed(opened, identity=written)))


def revise_situation(op: Operation, situation: SituationContent, version: int) -> Booklet:
    """Write the current situation; `version` is 0 the first time.

    Refused with `InvalidEntry`, `Conflict`, or `WrongState` before the charter was accepted.
    """
    loaded = _require_accepted(op)
    refuse_if_damaged(op, loaded.id, StoredKind.SITUATION, loaded.id)
    current = loaded.situation.version if loaded.situation else 0
    if version != current:
        raise Refused(Conflict(current_version=current, current_situation=loaded.situation))
    merged = _values(SituationContent, loaded.situation) | submitted_fields(situation)
    content = SituationContent(**fill_missing(SituationContent, merged))
    problems = _problems(op, content, lambda: situation_errors(content))
    refuse_if_any(problems, under="situation")
    written = Situation(version=version + 1, **vars(content))
    return booklet_of(op, save(op, loaded, loaded.changed(situation=written)))


def _require_accepted(op: Operation) -> LoadedBooklet:
    """Load the caller's booklet once the charter was accepted; refused with `WrongState` before."""
    loaded = load_own(op)
    if loaded is None or loaded.row.state not in _ACCEPTED:
        raise Refused(WrongState(state=loaded.row.state if loaded else BookletState.NONE))
    check_charter(loaded.row)
    op.answer_slot = AnswerSlot(loaded.id, loaded.sealer)
    return loaded


def _problems(op: Operation, content: Any, rules: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """The problems of single fields, and of rules about fields that have none alone."""
    problems = list(field_errors(content, op.today))
    paths = {each.path for each in problems}
    problems += [each for each in rules() if each.path not in paths]
    return sort_by_field(content, problems)


def _stats_changed_at(
    op: Operation, before: Identity | None, after: IdentityContent
) -> datetime | None:
    """When the statistics box was last ticked or unticked; None if never."""
    was = bool(before and before.stats_consent)
    if was != bool(after.stats_consent):
        return op.now
    return before.stats_consent_at if before else None


def _values(content_class: type, present: Identity | Situation | None) -> dict[str, object]:
    if present is None:
        return {}
    return {field.name: getattr(present, field.name) for field in fields_of(content_class)}
