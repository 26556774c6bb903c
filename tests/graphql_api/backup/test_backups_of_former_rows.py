"""A backup that was made before all booklets were in sections brings them back."""

from tests.conftest import Caller
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.storage.test_carrying_over import Former
from tests.graphql_api.storage.test_carrying_over import former as former


def test_a_backup_of_booklets_that_wait_brings_them_back(
    former: Former, place: Place, elsewhere: Elsewhere
) -> None:
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert there.livret("migrate")[0] == 0
    with there.serving(former.here.clock) as client:
        caller = Caller(client, former.owner.token, former.owner.name)
        assert former.told(caller) == former.before[0]
