"""The rows of reminders: who wants letters, what they were told of, and when.

A row stays when its owner wants no more letters, so that wanting them anew is no second letter for
the same date; the sweep deletes it once every date that was told of is past.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.content.damage import UNREADABLE, refuse_if_damaged, set_aside
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, digest, from_microseconds
from graphql_api.storage.people import person_of
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletTable, ReminderTable
from schema.damage import StoredKind
from schema.description.refusals import BookletState
from schema.panorama.reminders import Reminder

# Longer than from a letter to the last day that it tells of.
_RETENTION = timedelta(days=120)
REMINDER = BookletList(
    "reminder",
    ReminderTable.select(ReminderTable.enabled_at, ReminderTable.looked_at, ReminderTable.sealed)
    .where(ReminderTable.booklet == "booklet")
    .tuples(),
)


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A stored setting; times are in microseconds, `told` has the last days told of by entry."""

    enabled_at: int | None
    looked_at: int
    token: str = field(repr=False)
    letter_at: int | None = None
    told: Mapping[str, list[str]] = field(default_factory=dict)


def find(op: Operation, sealer: Sealer, booklet: str) -> ReminderRow | None:
    """The setting of a booklet; None where nobody ever wanted reminders, or it does not open."""
    rows = op.lists.rows(op.store, booklet, REMINDER)
    if not rows:
        return None
    enabled_at, looked_at, sealed = rows[0]
    try:
        return ReminderRow(enabled_at, looked_at, **sealer.open(_context(booklet), sealed))
    except UNREADABLE:
        set_aside(op, booklet, StoredKind.REMINDER, booklet)
        return None


def setting_of(op: Operation, sealer: Sealer, booklet: str) -> Reminder:
    """The setting as the calling owner sees it."""
    row = find(op, sealer, booklet)
    since, letter = (row.enabled_at, row.letter_at) if row else (None, None)
    return Reminder(
        enabled=since is not None,
        since=None if since is None else from_microseconds(since),
        last_letter_at=None if letter is None else from_microseconds(letter),
        has_address=partial(has_address, op),
    )


def has_address(op: Operation) -> bool:
    """Whether an address is known to which the calling owner can be written."""
    person = person_of(op)
    return person is not None and op.address_of(op, person) is not None


def enable(op: Operation, sealer: Sealer, booklet: str) -> None:
    """Write that the owner wants reminders from now on, with a new token to end them.

    Refused with `Damaged` when the setting does not open.
    """
    before = find(op, sealer, booklet)
    refuse_if_damaged(op, booklet, StoredKind.REMINDER, booklet)
    token = secrets.token_urlsafe(32)
    columns = {
        "enabled_at": op.now_us,
        "looked_at": 0,
        "token_hash": digest(token),
        "sealed": _sealed(
            sealer,
            booklet,
            token,
            before.letter_at if before else None,
            before.told if before else {},
        ),
    }
    op.store.write(
        ReminderTable.insert(booklet=booklet, **columns).on_conflict(
            conflict_target=[ReminderTable.booklet], update=columns
        )
    )


def disable(op: Operation, booklet: str) -> None:
    """Write that the owner wants no reminders."""
    op.store.write(_disabling(op.now_us).where(ReminderTable.booklet == booklet))


def disable_by_token(store: Store, token: str, now_us: int) -> bool:
    """End the reminders whose letters carry that token; False when there are none (any more)."""
    return store.run(_disabling(now_us).where(ReminderTable.token_hash == digest(token))) == 1


def not_looked_at_since(op: Operation, since_us: int, most: int) -> list[tuple[str, str]]:
    """Booklets whose owners want reminders, with these persons: those that wait longest first."""
    query = (
        ReminderTable.select(ReminderTable.booklet, BookletTable.person)
        .join(BookletTable, on=BookletTable.id == ReminderTable.booklet)
        .where(
            ReminderTable.enabled_at.is_null(False),
            ReminderTable.looked_at <= since_us,
            BookletTable.state == BookletState.OPEN.value,
        )
        .order_by(ReminderTable.looked_at, ReminderTable.booklet)
        .limit(most)
    )
    return [(booklet, person) for booklet, person in op.store.rows(query.tuples())]


def write_look(op: Operation, booklet: str) -> None:
    """Write that a booklet was looked at now."""
    op.store.write(
        ReminderTable.update(looked_at=op.now_us).where(ReminderTable.booklet == booklet)
    )


def write_letter(
    op: Operation, sealer: Sealer, booklet: str, row: ReminderRow, ends: Mapping[str, date]
) -> None:
    """Write that a letter was written now, for these ends; ends that are past are forgotten."""
    told = {
        entry: kept
        for entry, days in row.told.items()
        if (kept := [day for day in days if day >= op.today.isoformat()])
    }
    for entry, end in ends.items():
        told[entry] = [*told.get(entry, ()), end.isoformat()]
    sealed = _sealed(sealer, booklet, row.token, op.now_us, told)
    op.store.write(ReminderTable.update(sealed=sealed).where(ReminderTable.booklet == booklet))


def delete_expired(store: Store, now_us: int) -> int:
    """Delete the settings that have long been off; return how many."""
    since = now_us - _RETENTION // timedelta(microseconds=1)
    is_off = ReminderTable.enabled_at.is_null()
    return delete_in_batches(store, ReminderTable, is_off, ReminderTable.looked_at <= since)


def _disabling(now_us: int) -> Any:
    """Turning off; `looked_at` is then when that was."""
    return ReminderTable.update(enabled_at=None, token_hash=None, looked_at=now_us)


def _sealed(
    sealer: Sealer,
    booklet: str,
    token: str,
    letter_at: int | None,
    told: Mapping[str, list[str]],
) -> bytes:
    return sealer.seal(
        _context(booklet), {"token": token, "letter_at": letter_at, "told": dict(told)}
    )


def _context(booklet: str) -> SealContext:
    return SealContext("reminder", booklet, 0)
