"""What real careers have is taken and counted: old levels, weeks, decimals, trades and places."""

from typing import Any

import pytest

from tests.conftest import Caller
from tests.graphql_api.documents import added, whole

PANORAMA = """query ($id: ID!) { sharedDossier(id: $id) { panorama {
  highestLevel { code } trainingDays { statutoryType { code } days }
} } }"""


def panorama(owner: Caller) -> Any:
    (dossier,) = whole(owner)["dossiers"]
    return owner.ask(PANORAMA, id=dossier["id"])["sharedDossier"]["panorama"]


@pytest.mark.parametrize(("legacy", "level"), [("V_BIS", "NONE"), ("IV", "4"), ("I", "7")])
def test_an_old_level_alone_gives_the_highest_level(owner: Caller, legacy: str, level: str) -> None:
    added(owner, "diploma", legacyLevel=legacy)
    assert panorama(owner)["highestLevel"] == {"code": level}
