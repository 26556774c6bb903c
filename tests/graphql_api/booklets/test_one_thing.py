"""One thing of a booklet by its id; null when it is not there, or not the caller's."""

import pytest

from graphql_api.callers.permissions import CallerRole
from tests.graphql_api.roles import Scene, absent
from tests.graphql_api.roles import scene as scene

ONE = {
    "entry": "query($id: ID!) { booklet { one: entry(id: $id) { id headline } } }",
    "dossier": "query($id: ID!) { booklet { one: dossier(id: $id) { id title selectedEntries } } }",
    "share link": "query($id: ID!) { booklet { one: shareLink(id: $id) { id name state } } }",
    "consent": "query($id: ID!) { booklet { one: consent(id: $id) { id sections } } }",
}
LISTS = """{ booklet {
  entries { id headline } dossiers { id title selectedEntries shareLinks { id name state } }
  consents { id sections }
} }"""
SHARED = """query($dossier: ID!, $id: ID!) { sharedDossier(id: $dossier) {
  entry(id: $id) { id entry headline } parts { rubrics { entries { id entry headline } } }
} }"""


@pytest.mark.parametrize("kind", ONE)
def test_one_thing_is_that_of_the_list(scene: Scene, kind: str) -> None:
    owner = scene.callers[CallerRole.OWNER]
    booklet = owner.ask(LISTS)["booklet"]
    links = [link for dossier in booklet["dossiers"] for link in dossier["shareLinks"]]
    dossiers = [{k: v for k, v in one.items() if k != "shareLinks"} for one in booklet["dossiers"]]
    listed = {
        "entry": booklet["entries"],
        "dossier": dossiers,
        "share link": links,
        "consent": booklet["consents"],
    }[kind]
    assert listed
    for one in listed:
        assert owner.ask(ONE[kind], id=one["id"])["booklet"]["one"] == one


@pytest.mark.parametrize("kind", ONE)
def test_what_is_not_there_and_what_is_somebody_elses_are_null(scene: Scene, kind: str) -> None:
    owner = scene.callers[CallerRole.OWNER]
    theirs = scene.others["training" if kind == "entry" else kind]
    another_kind = scene.owners["booklet"]
    for id in (theirs, absent(), another_kind, "", "é"):
        assert owner.ask(ONE[kind], id=id) == {"booklet": {"one": None}}
    other = scene.callers[CallerRole.OTHER_AGENT]
    assert other.ask(ONE[kind], id=theirs)["booklet"]["one"]["id"] == theirs
    mine = scene.owners["training" if kind == "entry" else kind]
    assert other.ask(ONE[kind], id=mine) == {"booklet": {"one": None}}


def test_one_entry_of_a_dossier_is_one_that_it_communicates(scene: Scene) -> None:
    owner, dossier = scene.callers[CallerRole.OWNER], scene.owners["dossier"]
    shared = owner.ask(SHARED, dossier=dossier, id=scene.owners["training"])["sharedDossier"]
    listed = [
        entry
        for part in shared["parts"]
        for rubric in part["rubrics"]
        for entry in rubric["entries"]
    ]
    assert shared["entry"] in listed
    assert shared["entry"]["entry"] == scene.owners["training"]
    chosen = owner.ask(LISTS)["booklet"]["dossiers"]
    smaller = next(one for one in chosen if one["id"] == scene.owners["own dossier"])
    left_out = {entry["entry"] for entry in listed} - set(smaller["selectedEntries"])
    assert left_out
    for id in (*left_out, scene.others["training"], absent(), shared["entry"]["id"]):
        told = owner.ask(SHARED, dossier=smaller["id"], id=id)["sharedDossier"]
        assert told["entry"] is None
