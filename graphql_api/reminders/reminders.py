"""The verbs of reminders: say yes or no, end them by the token of a letter, send what is due.

`livret remind` runs every day. Each booklet is looked at in a transaction of its own, in which its
letter is put into the outbox and what it tells of is written: a run that is killed in the middle
has sent whole letters or none, and the next goes on with those that wait longest.
"""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

from graphql_api.booklets.booklets import check_charter, require_open_row
from graphql_api.identity_provider import outbox
from graphql_api.reminders.letter import reminder_letter
from graphql_api.storage.communicated import reminder_repository
from graphql_api.storage.content.booklet_repository import load
from graphql_api.storage.content.booklet_rows import lock_person, row_by_id
from graphql_api.storage.content.damage import DamagedKeyError, parts_of
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from schema.description.refusals import BookletState, NoVerifiedAddress, Refused
from schema.panorama.reminders import REMINDER_DAYS, Reminder, ends_soon

# Less than a day, so that a daily run that begins a little earlier than the last misses nobody.
_LOOK_AGAIN = timedelta(hours=20)
_BETWEEN_LETTERS = timedelta(days=REMINDER_DAYS)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(slots=True)
class ReminderReport:
    """What a run did: booklets looked at, letters put into the outbox, booklets that do not open."""

    looked_at: int = 0
    letters: int = 0
    unreadable: int = 0


def set_enabled(op: Operation, enabled: bool) -> Reminder:
    """Ask for reminders, or end them; asked again, nothing changes.

    Refused with `NoVerifiedAddress` for who has no verified address here.
    """
    row, sealer = require_open_row(op)
    setting = reminder_repository.setting_of(op, sealer, row.id)
    if enabled is setting.enabled:
        return setting
    if enabled:
        check_charter(row)
        if not reminder_repository.has_address(op):
            raise Refused(NoVerifiedAddress())
        reminder_repository.enable(op, sealer, row.id)
    else:
        reminder_repository.disable(op, row.id)
    return reminder_repository.setting_of(op, sealer, row.id)


def end_by_token(store: Store, token: str, now_us: int) -> bool:
    """End the reminders whose letters carry that token; False when it ends nothing (any more)."""
    if not token:
        return False
    with store.writing():
        return reminder_repository.disable_by_token(store, token, now_us)


def send_due(op: Operation, most: int) -> ReminderReport:
    """Put the letters that are due into the outbox, looking at so many booklets at most.

    Call it outside a transaction: each booklet has its own.
    """
    report = ReminderReport()
    since = op.now_us - _LOOK_AGAIN // _MICROSECOND
    with op.store.reading():
        waiting = reminder_repository.not_looked_at_since(op, since, most)
    for booklet, person in waiting:
        one = replace(op, person=person, accesses=set(), after_commit=ExitStack(), content=[])
        try:
            with one.store.writing():
                lock_person(one, person)
                _look_at(one, booklet, since, report)
        finally:
            one.forget_content()
    return report


def _look_at(op: Operation, booklet: str, since: int, report: ReminderReport) -> None:
    """Look at a booklet, unless its owner changed their mind or another run did so meanwhile."""
    row = row_by_id(op, booklet)
    if op.person is None or row is None or row.state is not BookletState.OPEN:
        return
    try:
        loaded = load(op, row)
        setting = reminder_repository.find(op, loaded.sealer, booklet) if loaded else None
        is_damaged = bool(parts_of(op, booklet))
    except DamagedKeyError:
        loaded = setting = None
        is_damaged = True
    if is_damaged:  # what does not open may have renewed what would be told of
        reminder_repository.write_look(op, booklet)
        report.unreadable += 1
        return
    if loaded is None or setting is None or setting.enabled_at is None or setting.looked_at > since:
        return
    reminder_repository.write_look(op, booklet)
    report.looked_at += 1
    if setting.letter_at is not None and (
        op.now_us < setting.letter_at + _BETWEEN_LETTERS // _MICROSECOND
    ):
        return
    ends = {
        entry: end
        for entry, end in ends_soon(loaded.entries, op.today).items()
        if end.isoformat() not in setting.told.get(entry, ())
    }
    address = op.address_of(op, op.person) if ends else None
    if address is None:
        return
    letter = reminder_letter(op.public_url, address, setting.token)
    outbox.enqueue(op.store, op.service_keys, letter, op.now_us)
    reminder_repository.write_letter(op, loaded.sealer, booklet, setting, ends)
    report.letters += 1
