"""What was closed does not come back with a restore, as far as the key store knows of it."""

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.backup import backing_up
from graphql_api.sweeping.sweep import sweep
from tests.conftest import OPEN, Here, with_booklet
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.booklets.closing import close, close_account, full_booklet
from tests.graphql_api.documents import WHOLE, added, whole


def rows_with(there: Place, *ids: str) -> set[str]:
    """The tables of the data and of the keys in which one of these turns up."""
    data, keys = there.tables()
    return {
        table
        for names, is_key in ((data, False), (keys, True))
        for table in names
        if any(set(ids) & set(row) for row in there.rows(table, keys=is_key))
    }


def test_older_data_with_the_keys_of_today_bring_no_row_back_of_what_was_closed_since(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner, leaving, staying = (full_booklet(here, name) for name in ("owner", "leaving", "staying"))
    booklets = [whole(one)["id"] for one in (owner, leaving)]
    people = [row[2] for row in place.rows("identity") if row[1] in ("owner", "leaving")]
    unused = here.code()
    data, _ = backed_up(place)
    assert close(owner)["__typename"] == "BookletClosed"
    assert close_account(leaving)["__typename"] == "AccountClosed"
    keys = place.folder / "keys-later.livret"
    assert place.livret("backup", "--keys", keys)[0] == 0
    there = elsewhere()
    code, said, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, errors) == (0, "")
    assert "2 livrets." in said
    assert "Les fermetures sont connues jusqu’au" in said
    assert rows_with(there, *booklets) == {"tombstone", "closing"}
    assert rows_with(there, *people) <= {"closing"}
    assert not [row for row in there.rows("identity") if row[1] in ("owner", "leaving")]
    with there.serving(here.clock) as client:
        for caller in (owner, leaving, staying):
            caller.client = client
        assert owner.ask(WHOLE) == leaving.ask(WHOLE) == {"booklet": None}
        assert whole(staying)["entries"]
        assert owner.do(OPEN, code=unused)["__typename"] == "BookletOpened"


def test_a_key_that_comes_back_with_older_keys_is_destroyed_by_the_tombstone_in_the_data(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    booklet = whole(owner)["id"]
    _, keys = backed_up(place)
    close(owner)
    data = place.folder / "data-later.livret"
    assert place.livret("backup", "--data", data)[0] == 0
    there = elsewhere()
    code, said, _ = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, "1 clé." in said) == (0, True), said
    assert rows_with(there, booklet) == {"tombstone", "closing"}
    with there.serving(here.clock) as client:
        assert record(client, other)


def test_a_booklet_that_is_closed_between_the_two_readings_stays_closed(
    here: Here, place: Place, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    read, parts = backing_up._back_up, []

    def reading(job: Any, *rest: Any) -> None:
        parts.append(job.part)
        if job.part == "keys":
            close(owner)
        read(job, *rest)

    monkeypatch.setattr(backing_up, "_back_up", reading)
    data, keys = backed_up(place)
    assert parts == ["data", "keys"]
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert rows_with(there, booklet) == {"tombstone", "closing"}


def test_what_is_written_between_the_two_readings_does_no_harm(
    here: Here, place: Place, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = full_booklet(here)
    kept = whole(owner)["id"]
    read = backing_up._back_up

    def reading(job: Any, *rest: Any) -> None:
        if job.part == "keys":
            added(owner, "diploma")
            with_booklet(here, "late")
        read(job, *rest)

    monkeypatch.setattr(backing_up, "_back_up", reading)
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert [row[0] for row in there.rows("booklet")] == [kept]
    with there.serving(here.clock) as client:
        owner.client = client
        assert whole(owner)["id"] == kept


def test_deleted_content_is_in_no_file(here: Here, place: Place, elsewhere: Elsewhere) -> None:
    """Not even sealed: the files are made of rows, not of pages."""
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    sealed = [row[-1] for row in place.rows("booklet_section") if row[0] == booklet]
    close(owner)
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert sealed
    assert rows_with(there, booklet) == {"tombstone", "closing"}


def test_data_alone_are_restored_beside_the_key_store_that_is_there(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    data, _ = backed_up(place)
    close(owner)
    later = place.folder / "keys-later.livret"
    assert place.livret("backup", "--keys", later)[0] == 0
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", later)[0] == 0
    there.lose_data()
    code, said, errors = there.livret("restore", "--data", data)
    assert (code, errors) == (0, "")
    assert "1 livret." in said
    assert "Toutes les fermetures sont connues" in said
    assert [row[0] for row in there.rows("booklet")] == [whole(other)["id"]]


def test_a_closing_is_known_as_long_as_data_are_kept_and_a_month_more(here: Here) -> None:
    owner = with_booklet(here, "owner")
    close(owner)
    service = here.deployment.service
    kept = timedelta(days=service.data_backup_days + 30)
    here.clock.moved += kept - timedelta(minutes=1)
    assert sweep(service).removed["closings"] == 0
    here.clock.moved += timedelta(minutes=2)
    assert sweep(service).removed["closings"] == 1
    assert sweep(service).removed["closings"] == 0
