"""How many statements dossiers cost: as many however many there are, and whatever they take."""

from tests.conftest import Caller
from tests.graphql_api.documents import added
from tests.graphql_api.dossiers.dossiers import BESIDES, PRINTED, REMOVE_DOSSIER, SAVE, made_for
from tests.graphql_api.test_statements import READ, Counted, opened
from tests.graphql_api.test_statements import counted as counted

# Its owner is found and locked in one; the booklet is read but for its charters; the section and
# the head are written together, and the booklet's row.
REFUSED = READ - 1
WRITE = REFUSED + 2


def costs(counted: Counted, caller: Caller) -> dict[str, int]:
    found: dict[str, int] = {}
    answers = []

    def note(name: str, document: str, **variables: object) -> None:
        found[name] = counted.count(lambda: answers.append(caller.ask(document, **variables)))

    note("save a new one", SAVE, dossier={"purpose": "MUTATION"})
    id = answers[-1]["dossierSave"]["dossier"]["id"]
    note("save again", SAVE, dossier={"title": "X"}, id=id, version=1)
    note("conflict", SAVE, dossier={"title": "Y"}, id=id, version=1)
    note("refused", SAVE, dossier={"purpose": "AUTRE", "entries": ["x"]})
    note("read", PRINTED, id=id)
    note("read besides", BESIDES, id=id)
    note("remove", REMOVE_DOSSIER, id=id, version=2)
    note("purposes", "{ dossierPurposes { title } dispenseForm { key } }")
    return found


def test_dossiers_cost_the_statements_that_are_written_down(counted: Counted) -> None:
    caller = opened(counted, "owner")
    empty = costs(counted, caller)
    for rubric in ("diploma", "training", "attachment"):
        added(caller, rubric)
    for _ in range(5):
        made_for(caller, "MUTATION")
    assert costs(counted, caller) == empty
    assert empty == {
        "save a new one": WRITE + 1,  # its id
        "save again": WRITE,
        "conflict": REFUSED,
        "refused": REFUSED,
        "read": READ - 1,  # no charters
        "read besides": READ - 1,
        "remove": WRITE + 2,  # its id, its share links
        "purposes": 0,
    }
    assert (WRITE, REFUSED, READ) == (5, 3, 4)
