"""`livret check` says what of one store is missing in the other, and mends what is recorded."""

import json
from dataclasses import replace
from typing import Any

import pytest

from graphql_api.storage import cleanup
from graphql_api.storage.keys.authenticated_rows import CLOSED
from graphql_api.storage.keys.encryption import new_key, wrap
from tests.conftest import OPEN, Here, with_booklet
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.booklets.closing import close, close_account, full_booklet
from tests.graphql_api.documents import WHOLE, whole
from tests.graphql_api.site import Site

TO_DECIDE = 4


@pytest.fixture(autouse=True)
def _operations_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "LONGEST_OPERATION_SECONDS", 0.01)


def check(place: Place, *options: str) -> tuple[int, str]:
    code, said, errors = place.livret("check", *options)
    assert errors == ""
    return code, said


def found(place: Place) -> dict[str, Any]:
    """What a check finds: the counts that are not 0, and which store is ahead."""
    code, said = check(place, "--json")
    told = json.loads(said)
    assert (code == 0) == told["in_order"]
    counts = {name: one["count"] for name, one in told["found"].items() if one["count"]}
    ahead = {name: count for name, count in told["ahead"].items() if count}
    return counts | {f"{name} ahead": count for name, count in ahead.items()}


def put_row(place: Place, statement: str, *values: object, keys: bool) -> None:
    with place.stores() as stores, stores[keys].writing():
        sql = statement if stores[keys].is_sqlite else statement.replace("?", "%s")
        stores[keys].database.execute_sql(sql, values)


def older_keys(here: Here, place: Place, elsewhere: Elsewhere) -> tuple[Place, Any, Any]:
    """A place whose key store is older than its data: the booklet of « late » has no key there."""
    early = full_booklet(here, "early")
    _, keys = backed_up(place)
    late = full_booklet(here, "late")
    data = place.folder / "data-later.livret"
    assert place.livret("backup", "--data", data)[0] == 0
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    return there, early, late


def test_stores_that_belong_together_are_in_order(here: Here, place: Place) -> None:
    full_booklet(here)
    assert check(place) == (0, "Livrets : 1 ; clés : 1.\nTout est en ordre.\n")
    assert found(place) == {}


def test_rows_of_what_was_closed_are_counted_first_and_erased_when_asked_for(
    here: Here, place: Place
) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    booklet, theirs = whole(owner)["id"], record(here.client, other)
    before = {table: place.rows(table) for table in ("booklet", "booklet_section", "consent")}
    close(owner)
    with place.stores() as (store, _):
        mark = "?" if store.is_sqlite else "%s"
        for table, rows in before.items():
            for row in rows:
                if booklet in row:
                    marks = ", ".join([mark] * len(row))
                    store.database.execute_sql(f"INSERT INTO {table} VALUES ({marks})", row)
        for table in ("tombstone", "summary_stone"):
            store.database.execute_sql(f"DELETE FROM {table}")
    assert found(place)["closed_booklets"] == 1
    code, said = check(place)
    assert (code, "des lignes sont revenues : 1" in said) == (TO_DECIDE, True)
    assert [row for row in place.rows("booklet") if row[0] == booklet]  # told, and nothing done
    code, said = check(place, "--mend")
    assert (code, "des lignes sont revenues : 1" in said) == (0, True), said
    for table in before:
        assert not [row for row in place.rows(table) if booklet in row]
    assert check(place)[0] == 0
    assert json.loads(record(here.client, other))["entries"] == json.loads(theirs)["entries"]


def test_a_tombstone_that_was_added_has_no_key_destroyed(here: Here, place: Place) -> None:
    """Whoever writes to the data alone would make a booklet unreadable for ever, backups included."""
    owner, gone = full_booklet(here), full_booklet(here, "gone")
    booklet = whole(owner)["id"]
    close(gone)
    ((_, _, _, mac),) = place.rows("tombstone")
    before = json.loads(record(here.client, owner))["entries"]
    add = "INSERT INTO tombstone (booklet, closed_at, key_destroyed, mac) VALUES (?, 1, ?, ?)"
    for destroyed, with_mac in ((False, mac), (False, None), (True, mac)):
        put_row(place, add, booklet, destroyed, with_mac, keys=False)
        assert check(place) == (0, "Livrets : 1 ; clés : 1.\nTout est en ordre.\n")
        for words in (("check", "--mend"), ("sweep",)):
            assert place.livret(*words)[0] == 0
        put_row(place, "DELETE FROM tombstone WHERE booklet = ?", booklet, keys=False)
    assert json.loads(record(here.client, owner))["entries"] == before


def test_closings_of_before_tombstones_were_signed_count_after_a_restore(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    """Data and keys from before that version, or keys alone: there is no key yet, and `migrate` signs."""
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    (key,) = place.rows("booklet_key", keys=True)
    close(owner)
    data, keys = backed_up(place)
    older = elsewhere()
    assert older.livret("restore", "--data", data, "--keys", keys)[0] == 0
    put_row(older, "UPDATE tombstone SET mac = NULL", keys=False)
    put_row(older, "DELETE FROM service_key WHERE name = ?", CLOSED, keys=True)
    put_row(older, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    data, keys = backed_up(older)
    there = elsewhere()
    code, said, _ = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, "1 clé" in said) == (0, True), said
    assert there.rows("booklet_key", keys=True) == []
    assert there.livret("migrate")[0] == 0
    put_row(there, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    assert found(there)["keys_of_closed"] == 1
    assert check(there, "--mend")[0] == 0
    assert there.rows("booklet_key", keys=True) == []
    assert [row[0] for row in there.rows("tombstone")] == [booklet]


def test_an_older_key_store_erases_nothing(here: Here, place: Place, elsewhere: Elsewhere) -> None:
    there, _, _ = older_keys(here, place, elsewhere)
    assert found(there) == {"booklets_without_key": 1, "data ahead": 1}
    entries = there.rows("booklet_section")
    code, said = check(there, "--mend")
    assert (code, "Livrets sans clé, mis à part (--erase) : 1" in said) == (TO_DECIDE, True)
    assert there.rows("booklet_section") == entries
    assert len(there.rows("booklet")) == 2
    assert found(there)["set_aside"] == 1
    code, said = check(there, "--mend")
    assert (code, there.rows("booklet_section")) == (TO_DECIDE, entries)


def test_an_owner_whose_key_is_gone_can_open_another_booklet_once_it_is_set_aside(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    code = here.code()
    there, early, late = older_keys(here, place, elsewhere)
    assert check(there, "--mend")[0] == TO_DECIDE
    with there.serving(here.clock) as client:
        early.client = late.client = client
        assert whole(early)["entries"]
        assert late.ask(WHOLE) == {"booklet": None}
        assert late.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert len(there.rows("booklet")) == 3


def test_what_was_set_aside_goes_with_the_account_of_its_owner(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    there, _, late = older_keys(here, place, elsewhere)
    booklet = whole(late)["id"]
    assert check(there, "--mend")[0] == TO_DECIDE
    with there.serving(here.clock) as client:
        late.client = client
        assert close_account(late)["__typename"] == "AccountClosed"
    assert not [row for row in there.rows("booklet_section") if row[0] == booklet]
    assert there.rows("set_aside") == []


def test_a_booklet_that_was_set_aside_is_given_back_with_its_key(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    there, _, late = older_keys(here, place, elsewhere)
    before = record(here.client, late)
    assert check(there, "--mend")[0] == TO_DECIDE
    booklet = whole(late)["id"]
    (key,) = (row for row in place.rows("booklet_key", keys=True) if row[0] == booklet)
    put_row(there, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    assert found(there) == {"returned_booklets": 1}
    assert check(there, "--mend")[0] == 0
    assert there.rows("set_aside") == []
    with there.serving(here.clock) as client:
        assert json.loads(record(client, late))["entries"] == json.loads(before)["entries"]


def test_a_forged_owner_of_a_booklet_set_aside_gets_nothing(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    thief = here.caller("thief")
    code = here.code()
    there, _, late = older_keys(here, place, elsewhere)
    booklet = whole(late)["id"]
    assert check(there, "--mend")[0] == TO_DECIDE
    with there.serving(here.clock) as client:
        thief.client = client
        assert thief.do(OPEN, code=code)["__typename"] == "BookletOpened"
        (person,) = (row[2] for row in there.rows("identity") if row[1] == "thief")
        put_row(there, "UPDATE set_aside SET person = ?", person, keys=False)
        assert thief.do("mutation { charterRefuse { __typename } }")
    (key,) = (row for row in place.rows("booklet_key", keys=True) if row[0] == booklet)
    put_row(there, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    check(there, "--mend")
    with there.serving(here.clock) as client:
        thief.client = client
        assert thief.ask(WHOLE) == {"booklet": None}


def test_who_began_another_booklet_keeps_it_until_they_leave_it(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    """Nobody has two: the older one waits aside, and its owner is not forgotten."""
    code = here.code()
    there, _, late = older_keys(here, place, elsewhere)
    booklet = whole(late)["id"]
    assert check(there, "--mend")[0] == TO_DECIDE
    with there.serving(here.clock) as client:
        late.client = client
        assert late.do(OPEN, code=code)["__typename"] == "BookletOpened"
    (key,) = (row for row in place.rows("booklet_key", keys=True) if row[0] == booklet)
    put_row(there, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    assert check(there, "--mend")[0] == TO_DECIDE
    assert found(there)["returned_booklets"] == 1
    with there.serving(here.clock) as client:
        late.client = client
        assert whole(late)["id"] != booklet
        assert late.do("mutation { charterRefuse { __typename } }")
    assert check(there, "--mend")[0] == 0
    with there.serving(here.clock) as client:
        late.client = client
        assert whole(late)["id"] == booklet


def test_a_booklet_that_was_set_aside_is_erased_by_its_id_alone(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    there, early, late = older_keys(here, place, elsewhere)
    ids = [whole(one)["id"] for one in (early, late)]
    for id in ids:  # one is in order, the other not set aside yet
        code, _, errors = there.livret("check", "--erase", id)
        assert (code, "rien n’est fait" in errors) == (1, True)
    assert check(there, "--mend")[0] == TO_DECIDE
    assert check(there, "--erase", ids[1])[0] == 0
    assert [row[0] for row in there.rows("booklet")] == ids[:1]
    assert not [row for row in there.rows("booklet_section") if row[0] == ids[1]]
    assert check(there)[0] == 0


def test_keys_without_a_booklet_stay_until_a_person_has_them_destroyed(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    """Newer data may still be found, whose booklets these keys open."""
    early = full_booklet(here, "early")
    data, _ = backed_up(place)
    full_booklet(here, "late")
    keys = place.folder / "keys-later.livret"
    assert place.livret("backup", "--keys", keys)[0] == 0
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert found(there) == {"keys_without_booklet": 1, "keys ahead": 1}
    for words in (("sweep",), ("check", "--mend")):
        there.livret(*words)
        assert len(there.rows("booklet_key", keys=True)) == 2, words
    code, said = check(there, "--destroy-keys")
    assert (code, "Clés sans livret (--destroy-keys) : 1" in said) == (0, True)
    kept = [row[0] for row in there.rows("booklet_key", keys=True)]
    assert kept == [whole(early)["id"]]
    assert check(there)[0] == 0


def test_a_booklet_that_is_being_opened_keeps_its_key(
    here: Here, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key is there before its row: what is amiss is looked at twice."""
    looks = []

    def opens(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 1:
            columns = "id, person, state, version, code_hash, created_at, updated_at"
            put_row(
                place,
                f"INSERT INTO booklet ({columns}) VALUES (?, 'p', 'CODE_GIVEN', 1, 'c', 1, 1)",
                "being-opened",
                keys=False,
            )

    key = wrap(here.deployment.settings.master_key, "being-opened", new_key())
    put_row(place, "INSERT INTO booklet_key VALUES (?, ?)", "being-opened", key, keys=True)
    monkeypatch.setattr("graphql_api.backup.comparing.time.sleep", opens)
    assert check(place, "--destroy-keys")[0] == 0
    assert looks == [cleanup.LONGEST_OPERATION_SECONDS]
    assert [row[0] for row in place.rows("booklet_key", keys=True)] == ["being-opened"]


def test_a_key_that_a_crash_left_behind_a_closing_is_told_and_mended(
    here: Here, place: Place
) -> None:
    owner = with_booklet(here, "owner")
    (key,) = place.rows("booklet_key", keys=True)
    close(owner)
    put_row(place, "INSERT INTO booklet_key VALUES (?, ?)", *key, keys=True)
    assert found(place)["keys_of_closed"] == 1
    assert check(place, "--mend")[0] == 0
    assert place.rows("booklet_key", keys=True) == []


def test_stores_that_do_not_belong_together_are_not_compared(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    other = elsewhere()
    assert other.livret("check")[0] == 1
    assert other.livret("migrate")[0] == 0
    settings = replace(place.settings, key_store_url=other.settings.key_store_url)
    mixed = replace(place, settings=settings)
    code, said, errors = mixed.livret("check", "--mend")
    assert (code, said, "Bases refusées" in errors) == (3, "", True)


def test_an_account_without_its_key_is_told_and_its_address_is_free_once_it_is_erased(
    site: Site, place: Place
) -> None:
    account = site.account("someone")
    put_row(place, "DELETE FROM account_key", keys=True)
    assert found(place)["accounts_without_key"] == 1
    assert check(place, "--mend")[0] == TO_DECIDE
    assert [row[0] for row in place.rows("idp_account")] == [account]
    assert check(place, "--erase", account)[0] == 0
    assert place.rows("idp_account") == []
    assert Site(site.here, site.client).account("someone") != account
