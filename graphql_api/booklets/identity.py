"""The verbs of the holder: who the booklet belongs to, and where they work now."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql_api.booklets.booklets import bump_version, check_charter, load_own, reload
from graphql_api.storage.booklet_repository import (
    LoadedBooklet,
    birth_date_of,
    identity_context,
    situation_context,
)
from graphql_api.storage.operation import AnswerSlot, Operation, to_microseconds
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.description.fields import fields_of
from schema.description.refusals import BookletState, InvalidEntry, Problem, Refused, WrongState
from schema.description.rubric import ValidationContext
from schema.description.validation import field_errors, sort_by_field, submitted_fields
from schema.entries.identity import (
    Identity,
    IdentityContent,
    email_confirmation_errors,
    identity_errors,
    submitted_identity,
)
from schema.entries.shapes import fill_missing
from schema.entries.situation import Situation, SituationContent, situation_errors

_READY = (BookletState.CHARTER_ACCEPTED, BookletState.OPEN)


def revise_identity(
    op: Operation, identity: IdentityContent, confirmation: str | None, version: int
) -> Booklet:
    """Write the identity; the first time, this opens the booklet.

    `version` is 0 the first time. The e-mail is typed twice whenever it is sent. The date of the
    statistics box is that of its last change. Refused with `InvalidEntry`, `Conflict`, or
    `WrongState` before the charter was accepted.
    """
    loaded = _ready(op)
    present = loaded.row.identity_version
    if version != present:
        raise Refused(Conflict(current_version=present, current_identity=loaded.identity))
    sent = submitted_identity(identity)
    merged = _values(IdentityContent, loaded.identity) | sent
    content = IdentityContent(**fill_missing(IdentityContent, merged))
    context = ValidationContext(
        op.today, birth_date_of(Identity(version=0, stats_consent_at=None, **vars(content)))
    )
    problems = _found(op, content, lambda: identity_errors(content, context))
    email = sent.get("email")
    if isinstance(email, str):
        problems += email_confirmation_errors(email, confirmation)
    _refuse_any("identity", problems)
    kept = _filled(merged)
    if moment := _stats_moment(op, loaded.identity, kept):
        kept["stats_consent_at"] = moment
    sealed = loaded.sealer.seal(identity_context(loaded.id, version + 1), kept)
    bump_version(
        op, loaded, identity=sealed, identity_version=version + 1, state=BookletState.OPEN.value
    )
    return reload(op, loaded)


def revise_situation(op: Operation, situation: SituationContent, version: int) -> Booklet:
    """Write the current situation; `version` is 0 the first time.

    Refused with `InvalidEntry`, `Conflict`, or `WrongState` before the charter was accepted.
    """
    loaded = _ready(op)
    present = loaded.row.situation_version
    if version != present:
        raise Refused(Conflict(current_version=present, current_situation=loaded.situation))
    merged = _values(SituationContent, loaded.situation) | submitted_fields(situation)
    content = SituationContent(**fill_missing(SituationContent, merged))
    _refuse_any("situation", _found(op, content, lambda: situation_errors(content)))
    sealed = loaded.sealer.seal(situation_context(loaded.id, version + 1), _filled(merged))
    bump_version(op, loaded, situation=sealed, situation_version=version + 1)
    return reload(op, loaded)


def _ready(op: Operation) -> LoadedBooklet:
    loaded = load_own(op)
    if loaded is None or loaded.row.state not in _READY:
        raise Refused(WrongState(state=loaded.row.state if loaded else BookletState.NONE))
    check_charter(loaded.row)
    op.answer_slot = AnswerSlot(loaded.id, loaded.sealer)
    return loaded


def _found(op: Operation, content: Any, rules: Callable[[], Iterable[Problem]]) -> list[Problem]:
    found = list(field_errors(content, op.today))
    wrong = {each.path for each in found}
    return sort_by_field(content, found + [each for each in rules() if each.path not in wrong])


def _refuse_any(form: str, problems: list[Problem]) -> None:
    if problems:
        placed = [
            Problem(path=f"{form}.{each.path}", code=each.code, message=each.message)
            for each in problems
        ]
        raise Refused(InvalidEntry(problems=placed))


def _stats_moment(op: Operation, before: Identity | None, kept: dict[str, object]) -> int | None:
    """When the statistics box was last ticked or unticked, in microseconds; None if never."""
    was = bool(before and before.stats_consent)
    if was != bool(kept.get("stats_consent")):
        return op.now_us
    since = before.stats_consent_at if before else None
    return None if since is None else to_microseconds(since)


def _values(content_class: type, present: Identity | Situation | None) -> dict[str, object]:
    if present is None:
        return {}
    return {field.name: getattr(present, field.name) for field in fields_of(content_class)}


def _filled(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
