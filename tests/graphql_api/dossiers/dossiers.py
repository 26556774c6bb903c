"""What the tests of dossiers share: the two verbs, and what the reader of a dossier is told."""

from pathlib import Path
from typing import Any

import print_site
from tests.conftest import Caller
from tests.graphql_api.documents import REFUSED

# What is printed today, and what a dossier says besides.
PRINTED = (Path(print_site.__file__).parent / "queries" / "shared_dossier.graphql").read_text(
    encoding="utf-8"
)
DOSSIER = """fragment D on Dossier {
  id version title purpose { code label } builtIn soughtPost recipient parts rubrics entries selectedEntries
  identityFields situation annexes form
  dispense { employerName ground requestedDays lines { key label text } }
  warnings { path code message }
}"""
ANSWERS = f"""__typename {REFUSED} ... on LimitReached {{ limit }} ... on NotFound {{ path }}
    ... on Conflict {{ currentVersion currentDossier {{ ...D }} currentEntry {{ id }} }}"""
SAVE = f"""mutation($dossier: DossierInput!, $id: ID, $version: Int, $key: String) {{
  dossierSave(dossier: $dossier, id: $id, version: $version, idempotencyKey: $key) {{
    {ANSWERS} ... on DossierSaved {{ dossier {{ ...D }} booklet {{ version }} }}
  }}
}} {DOSSIER}"""
REMOVE_DOSSIER = f"""mutation($id: ID!, $version: Int!, $key: String) {{
  dossierRemove(id: $id, version: $version, idempotencyKey: $key) {{
    {ANSWERS.replace("... on LimitReached { limit }", "")}
    ... on DossierRemoved {{ id booklet {{ version dossiers {{ id }} }} }}
  }}
}} {DOSSIER}"""
MINE = f"{{ booklet {{ dossiers {{ ...D }} }} }} {DOSSIER}"
BESIDES = """query($id: ID!) { sharedDossier(id: $id) { panorama {
  matrix { unsupported unclaimed } evidence { expected covered proved missing { entry headline when } }
} } }"""


def saved(caller: Caller, **dossier: Any) -> Any:
    """A dossier that the caller has just made."""
    answer = caller.do(SAVE, dossier=dossier)
    assert answer["__typename"] == "DossierSaved", answer
    return answer["dossier"]


def made_for(caller: Caller, purpose: str, **more: Any) -> Any:
    """A dossier for a purpose, with what that purpose starts with but for `more`."""
    return saved(caller, purpose=purpose, **more)


def changed(caller: Caller, dossier: Any, **sent: Any) -> Any:
    """The dossier after a revision of what is sent."""
    answer = caller.do(SAVE, dossier=sent, id=dossier["id"], version=dossier["version"])
    assert answer["__typename"] == "DossierSaved", answer
    return answer["dossier"]


def dossiers_of(caller: Caller) -> list[Any]:
    """The caller's dossiers, the built-in one first."""
    found: list[Any] = caller.ask(MINE)["booklet"]["dossiers"]
    return found


def told(caller: Caller, id: str) -> Any:
    """What the reader of a dossier is told, all of it."""
    found = caller.ask(PRINTED, id=id)["sharedDossier"]
    besides = caller.ask(BESIDES, id=id)["sharedDossier"]["panorama"]
    found["panorama"]["matrix"] |= besides["matrix"]
    found["panorama"]["evidence"] = besides["evidence"]
    return found


def entries_told(dossier: Any) -> list[str]:
    """The ids of the entries that a reader is told of, in order."""
    return [
        entry["entry"]
        for part in dossier["parts"]
        for rubric in part["rubrics"]
        for entry in rubric["entries"]
    ]
