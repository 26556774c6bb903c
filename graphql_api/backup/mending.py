"""Mending what a restore leaves: rows of what was closed since, and keys of what was closed.

Only what is recorded as closed is erased: by the key store for rows that came back with older data,
by the tombstones of the data for keys that came back with an older key store. The data go first and
leave a tombstone; `finish_interrupted_closings` then destroys the keys, here or after a crash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql_api.callers import kept_forms, sessions
from graphql_api.callers.account_lookup import account_context
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.tables import (
    AccountKeyTable,
    AccountSessionTable,
    AccountTable,
    EmailTokenTable,
)
from graphql_api.identity_provider.tables import GrantTable, OAuthCodeTable, RefreshTokenTable
from graphql_api.storage.closings import ACCOUNT, BOOKLET, PERSON, closings_of
from graphql_api.storage.communicated import consent_repository
from graphql_api.storage.erasing import TABLES_OF_A_PERSON, erase_rows
from graphql_api.storage.keys.store_marks import StoreLead, count_changes
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import delete_if_unused
from graphql_api.storage.store import Store
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    KeptFormTable,
    LoginIdentityTable,
    PersonTable,
    SessionTable,
    SetAsideTable,
    ShareSessionTable,
)
from graphql_api.storage.tombstones import buried, bury_without_key, mark

# What was valid when the data were read and may have ended since: people sign in again.
_SIGN_INS: tuple[Any, ...] = (
    SessionTable,
    KeptFormTable,
    ShareSessionTable,
    AccountSessionTable,
    EmailTokenTable,
    OAuthCodeTable,
    RefreshTokenTable,
    GrantTable,
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many booklets, accounts and people were erased that are recorded as closed, and how many
    keys are to be destroyed that came back."""

    booklets: int = 0
    accounts: int = 0
    people: int = 0
    keys: int = 0


def end_sign_ins(store: Store) -> None:
    """End all sessions, tokens and mailed keys, in the transaction of the data that has begun."""
    for table in _SIGN_INS:
        store.run(table.delete())


def erase_closed(op: Operation) -> Erased:
    """Erase the rows of all that the key store records as closed, and mark the keys that came back.

    Call it in a write transaction of the data, with what follows it in `op.after_commit`; then
    `finish_interrupted_closings` destroys the keys.
    """
    with op.key_store.reading():
        closed = {kind: closings_of(op.key_store, kind) for kind in (BOOKLET, ACCOUNT, PERSON)}
        keys = _ids(op.key_store, BookletKeyTable, BookletKeyTable.booklet)
        keys |= _ids(op.key_store, AccountKeyTable, AccountKeyTable.account)
    booklets = _ids(op.store, BookletTable, BookletTable.id) & closed[BOOKLET].keys()
    for booklet in sorted(booklets):
        _erase_booklet(op, booklet, closed[BOOKLET][booklet])
    people = _ids(op.store, PersonTable, PersonTable.id) & closed[PERSON].keys()
    for person in sorted(people):
        _erase_person(op, person)
    ended = _ids(op.store, AccountTable, AccountTable.id) & closed[ACCOUNT].keys()
    erase_accounts(op, ended)
    returned = buried(op.store).keys() & keys
    for booklet in returned:
        mark(op.store, booklet, key_destroyed=False)
    return Erased(len(booklets), len(ended), len(people), len(returned))


def set_aside(op: Operation, booklets: Iterable[str]) -> int:
    """Set booklets without a key aside, so that their owners can open another; return how many.

    Nothing of them is erased. A booklet that is closed or opened meanwhile is left.
    """
    changed = 0
    for booklet in sorted(booklets):
        owner = _owner(op, booklet)
        if owner is None:
            continue
        row = SetAsideTable.insert(booklet=booklet, person=owner, at=op.now_us)
        op.store.run(row.on_conflict_ignore())  # another mend was quicker
        changed += _move(op, booklet, booklet)
    return changed


def give_back(op: Operation, booklets: Iterable[str]) -> int:
    """Give booklets whose key came back to their owners; return how many.

    Whoever has opened another meanwhile keeps that one, and the older stays aside.
    """
    changed = 0
    for booklet in sorted(booklets):
        row = op.store.row(
            SetAsideTable.select(SetAsideTable.person)
            .where(SetAsideTable.booklet == booklet)
            .tuples()
        )
        if row is None or _has_booklet(op, row[0]):
            continue
        op.store.run(SetAsideTable.delete().where(SetAsideTable.booklet == booklet))
        changed += _move(op, booklet, row[0])
    return changed


def erase_set_aside(op: Operation, booklets: Iterable[str]) -> int:
    """Erase booklets that were set aside and have no key, and return how many."""
    erased = 0
    for booklet in sorted(booklets):
        query = SetAsideTable.select(SetAsideTable.at).where(SetAsideTable.booklet == booklet)
        if op.store.row(query.tuples()) is not None:
            _erase_booklet(op, booklet, op.now_us)
            erased += 1
    return erased


def erase_accounts(op: Operation, ids: Iterable[str]) -> None:
    """Erase accounts, so that their addresses may be registered again."""
    for account in sorted(ids):
        accounts.delete(account_context(op), account)


def destroy_orphan_keys(key_store: Store, booklets: Iterable[str], accounts: Iterable[str]) -> int:
    """Destroy keys that have neither a booklet nor an account, and return how many."""
    with key_store.writing():
        return sum(
            key_store.run(table.delete().where(column == id))
            for table, column, ids in (
                (BookletKeyTable, BookletKeyTable.booklet, booklets),
                (AccountKeyTable, AccountKeyTable.account, accounts),
            )
            for id in ids
        )


def settle_serials(store: Store, key_store: Store, lead: StoreLead) -> None:
    """Count in the store that is behind what the other is ahead: a person has looked at it."""
    for behind, changes in ((store, lead.keys), (key_store, lead.data)):
        if changes:
            with behind.writing():
                count_changes(behind, changes)


def _move(op: Operation, booklet: str, person: str) -> int:
    """Write whose a booklet is, and leave its MAC, which is that of its owner alone.

    So a row of `SetAsideTable` that somebody forged gives a booklet to nobody.
    """
    return op.store.run(BookletTable.update(person=person).where(BookletTable.id == booklet))


def _has_booklet(op: Operation, person: str) -> bool:
    query = BookletTable.select(BookletTable.id).where(BookletTable.person == person)
    return op.store.row(query.tuples()) is not None


def _owner(op: Operation, booklet: str) -> str | None:
    row = op.store.row(
        BookletTable.select(BookletTable.person).where(BookletTable.id == booklet).tuples()
    )
    return str(row[0]) if row else None


def _erase_booklet(op: Operation, booklet: str, closed_at: int) -> None:
    """Erase the rows of a closed booklet, and its person if nothing else is theirs."""
    owner = _owner(op, booklet)
    consent_repository.end_all(op, booklet)
    erase_rows(op, booklet)
    bury_without_key(op.store, booklet, closed_at)
    if owner is not None:
        delete_if_unused(op, owner)


def _erase_person(op: Operation, person: str) -> None:
    """Erase a person who left: their sign-ins and their rights."""
    query = LoginIdentityTable.select(LoginIdentityTable.issuer, LoginIdentityTable.subject)
    ways = {
        (issuer, subject)
        for issuer, subject in op.store.rows(
            query.where(LoginIdentityTable.person == person).tuples()
        )
    }
    sessions.delete_all(op.store, ways)
    kept_forms.delete_all(op.store, ways)
    for table in TABLES_OF_A_PERSON:
        op.store.run(table.delete().where(table.person == person))
    op.store.run(PersonTable.delete().where(PersonTable.id == person))


def _ids(store: Store, table: Any, column: Any) -> set[str]:  # models and fields have no types
    return {id for (id,) in store.rows(table.select(column).tuples())}
