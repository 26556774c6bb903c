"""Comparing the two stores: what of one is missing in the other, and what was closed and came back.

Booklets are opened and closed meanwhile: where something is amiss both stores are read once more,
after longer than any operation takes, and what was found counts if it is still so.
"""

import time
from dataclasses import dataclass, fields
from typing import Any

from graphql_api.backup.store_dump import unhurried
from graphql_api.identity_provider.accounts.tables import AccountKeyTable, AccountTable
from graphql_api.storage import cleanup
from graphql_api.storage.closings import ACCOUNT, BOOKLET, PERSON, closings_of
from graphql_api.storage.keys.known_heads import all_known_heads, rolled_back, stored_heads
from graphql_api.storage.keys.store_marks import StoreLead, compare, read_mark
from graphql_api.storage.store import Store
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    PersonTable,
    SetAsideTable,
)
from graphql_api.storage.tombstones import buried

Ids = frozenset[str]
_NONE: Ids = frozenset()
_NO_LEAD = StoreLead()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found in two stores, by ids of booklets, accounts and people.

    `booklets` and `keys` are how many there are. What is closed and has rows or a key again can be
    mended; the rest, which nothing records as closed, is for a person to decide.
    """

    booklets: int = 0
    keys: int = 0
    lead: StoreLead = _NO_LEAD
    closed_booklets: Ids = _NONE
    closed_accounts: Ids = _NONE
    closed_people: Ids = _NONE
    keys_of_closed: Ids = _NONE
    booklets_without_key: Ids = _NONE
    returned_booklets: Ids = _NONE
    set_aside: Ids = _NONE
    keys_without_booklet: Ids = _NONE
    accounts_without_key: Ids = _NONE
    older_booklets: Ids = _NONE
    keys_without_account: Ids = _NONE

    @property
    def found(self) -> dict[str, Ids]:
        """All that was found, by its name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.default is _NONE}

    @property
    def is_in_order(self) -> bool:
        """Whether nothing is to be mended or decided."""
        return not any(self.found.values()) and self.lead == _NO_LEAD

    def to_json(self) -> dict[str, Any]:
        """The same for machines, with all ids."""
        found = {name: {"count": len(ids), "ids": sorted(ids)} for name, ids in self.found.items()}
        ahead = {"data": self.lead.data, "keys": self.lead.keys}
        counts = {"booklets": self.booklets, "keys": self.keys}
        return {"in_order": self.is_in_order, "ahead": ahead, **counts, "found": found}


def compare_stores(store: Store, key_store: Store) -> Comparison:
    """Compare two stores that belong together; where something is amiss, after a second look."""
    first = look(store, key_store)
    if first.is_in_order:
        return first
    time.sleep(cleanup.LONGEST_OPERATION_SECONDS)
    second = look(store, key_store)
    lasting = {name: ids & first.found[name] for name, ids in second.found.items()}
    lead = second.lead if first.lead != _NO_LEAD else _NO_LEAD
    return Comparison(second.booklets, second.keys, lead, **lasting)


def look(store: Store, key_store: Store) -> Comparison:
    """What stands in both stores now, operations under way included."""
    with key_store.reading(), unhurried(key_store):
        keys = _ids(key_store, BookletKeyTable.booklet)
        account_keys = _ids(key_store, AccountKeyTable.account)
        heads = all_known_heads(key_store)
        closed = {kind: closings_of(key_store, kind).keys() for kind in (BOOKLET, ACCOUNT, PERSON)}
    with store.reading(), unhurried(store):
        booklets = _ids(store, BookletTable.id)
        older = rolled_back(stored_heads(store), heads)
        people, accounts = _ids(store, PersonTable.id), _ids(store, AccountTable.id)
        erased, aside = buried(store).keys(), _ids(store, SetAsideTable.booklet)
    lost = booklets - keys - closed[BOOKLET]
    return Comparison(
        booklets=len(booklets),
        keys=len(keys),
        lead=_lead(store, key_store),
        closed_booklets=booklets & closed[BOOKLET],
        closed_accounts=accounts & closed[ACCOUNT],
        closed_people=people & closed[PERSON],
        keys_of_closed=(keys | account_keys) & erased,
        booklets_without_key=lost - aside,
        returned_booklets=aside & booklets & keys,
        set_aside=lost & aside,
        keys_without_booklet=keys - booklets - erased,
        accounts_without_key=accounts - account_keys - closed[ACCOUNT],
        keys_without_account=account_keys - accounts - erased,
        older_booklets=frozenset(older & booklets),
    )


def _lead(store: Store, key_store: Store) -> StoreLead:
    data, keys = read_mark(store), read_mark(key_store)
    return compare(data, keys) if data and keys else _NO_LEAD


def _ids(store: Store, column: Any) -> Ids:  # a field of a model, which has no type
    return frozenset(id for (id,) in store.rows(column.model.select(column).tuples()))
