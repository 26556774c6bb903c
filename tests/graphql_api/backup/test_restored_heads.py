"""An accepted restore begins anew: what it brought is right, and what is put back later is seen."""

from graphql_api.storage.content.sections import tag_of
from graphql_api.storage.keys.known_heads import KnownHeads
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.documents import ADD, added, entry

DAMAGED = "{ booklet { damaged { kind } entries { id } } }"


def told(place: Place) -> Place:
    """The same place once its key store was told of every head, as half a minute after a write."""
    with place.stores() as (data, keys):
        heads = KnownHeads(keys, delay=-1)
        for booklet, version, sealed in data.database.execute_sql(
            "SELECT booklet, version, sealed FROM booklet_section WHERE section = 'HEAD'"
        ).fetchall():
            heads.note(booklet, version, tag_of(bytes(sealed)))
        assert heads.tell() > 0
    return place


def damaged(caller: Caller) -> list[str]:
    return [one["kind"] for one in caller.ask(DAMAGED)["booklet"]["damaged"]]


def test_older_data_that_were_restored_beside_newer_keys_are_read_and_written_to(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner, keys = with_booklet(here, "owner"), place.folder / "newer.livret"
    data, _ = backed_up(place)
    added(owner, "training")
    assert told(place).livret("backup", "--keys", keys)[0] == 0
    there = elsewhere()
    code, _, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, errors) == (0, "")
    with there.serving(here.clock) as client:
        owner.client = client
        assert owner.ask(DAMAGED)["booklet"] == {"damaged": [], "entries": []}
        assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
        told(there)
        assert damaged(owner) == []


def test_what_is_put_back_after_a_restore_is_seen(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner = with_booklet(here, "owner")
    data, keys = backed_up(place)
    added(owner, "training")
    before_the_restore = told(place).rows("booklet_section")
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    restored = there.rows("booklet_section")
    with there.serving(here.clock) as client:
        owner.client = client
        added(owner, "diploma")
        present = told(there).rows("booklet_section")
        for rows in (before_the_restore, restored):
            there.put_back("booklet_section", rows)
            assert damaged(owner) == ["HEAD"]
        there.put_back("booklet_section", present)
        assert damaged(owner) == []
