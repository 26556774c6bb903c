"""When the stores were backed up and a backup was last read whole: recorded, and read back."""

import json
from typing import Any

import pyrage

from tests.conftest import Here, with_booklet
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.backup.test_refusals import edited


def backups(place: Place) -> Any:
    return json.loads(place.livret("status", "--json")[1])["backups"]


def test_a_backup_records_when_it_ended_for_each_part(here: Here, place: Place) -> None:
    assert backups(place)["data"]["finishedAt"] is None
    assert place.livret("backup", "--keys", place.folder / "keys.livret")[0] == 0
    first = backups(place)
    assert (first["data"]["finishedAt"], first["keys"]["finishedAt"] is None) == (None, False)
    backed_up(place)
    second = backups(place)
    assert second["keys"]["finishedAt"] > first["keys"]["finishedAt"]
    assert second["data"]["finishedAt"] is not None
    code, _, _ = place.livret("backup", "--data", place.folder / "no" / "folder")
    assert (code, backups(place)) == (1, second)


def test_a_backup_that_is_read_whole_is_recorded_and_one_that_is_cut_is_not(
    here: Here, place: Place
) -> None:
    with_booklet(here, "owner")
    key = pyrage.x25519.Identity.generate()
    secret = place.folder / "secret.txt"
    secret.write_text(f"{key}\n")
    files = backed_up(place, "--recipient", str(key.to_public()))
    code, _, errors = place.livret("check", "backup", *files)
    assert (code, "est chiffré" in errors) == (1, True)
    assert backups(place)["data"]["verifiedAt"] is None
    code, said, errors = place.livret("check", "backup", *files, "--identity", secret)
    assert (code, errors) == (0, "")
    assert said.count("lisibles en entier") == 2
    read = backups(place)
    for part in ("data", "keys"):
        assert read[part]["verifiedFrom"] <= read[part]["finishedAt"] <= read[part]["verifiedAt"]
    assert "relue le" in place.livret("status")[1]
    data, _ = backed_up(place)
    edited(data, lambda lines: lines[:-1])
    code, _, errors = place.livret("check", "backup", data)
    assert (code, "abîmée ou coupée" in errors) == (1, True)
    assert backups(place)["data"]["verifiedAt"] == read["data"]["verifiedAt"]


def test_a_backup_of_another_service_verifies_nothing(place: Place, elsewhere: Elsewhere) -> None:
    other = elsewhere()
    assert other.livret("migrate")[0] == 0
    data, _ = backed_up(other)
    code, _, errors = place.livret("check", "backup", data)
    assert (code, "d’un autre service" in errors) == (1, True)
    assert backups(place)["data"]["verifiedAt"] is None


def test_a_backup_is_made_even_where_nobody_can_record_it(
    place: Place, elsewhere: Elsewhere
) -> None:
    """A store that this version did not migrate yet: back up first, then migrate."""
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    with there.stores() as (store, _):
        store.database.execute_sql("DROP TABLE backup")
    files = [there.folder / name for name in ("data", "keys")]
    code, _, errors = there.livret("backup", "--data", files[0], "--keys", files[1])
    assert (code, "n’a pas pu noter" in errors) == (0, True)
    assert all(file.stat().st_size for file in files)
    assert backups(there) is None
