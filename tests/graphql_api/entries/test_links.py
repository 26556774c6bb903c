"""Ties: a competence and what supports it, a paper document and what it proves."""

from typing import Any

import pytest

from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.booklet_rows import sealer_of
from graphql_api.storage.content.sections import Section
from graphql_api.storage.content.stored_sections import StoredSections
from tests.conftest import Caller, Here
from tests.graphql_api.documents import (
    LEAST,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    UNLINK,
    UNPROVE,
    added,
    refused,
    seen,
    whole,
)
from tests.graphql_api.dossiers.dossiers import saved, told

LINKABLE = [
    rubric for rubric in LEAST if rubric not in ("competence", "attachment", "recommendation")
]


def linked(caller: Caller, id: str, version: int, target: str, **said: Any) -> Any:
    said.setdefault("relation", "USED")
    answer = caller.do(LINK, id=id, version=version, target=target, **said)
    assert answer["__typename"] == "TieWritten", answer
    return answer["entry"]


def proved(caller: Caller, id: str, version: int, target: str) -> Any:
    answer = caller.do(PROVE, id=id, version=version, target=target)
    assert answer["__typename"] == "TieWritten", answer
    return answer["entry"]


def test_a_link_is_read_from_both_ends(owner: Caller) -> None:
    for rubric in LINKABLE:
        competence, target = added(owner, "competence")["id"], added(owner, rubric)["id"]
        tie: dict[str, Any] = {"competence": {"id": competence}, "target": {"id": target}}
        tie |= {"relation": "ACQUIRED", "note": "Au quotidien"}
        now = linked(owner, competence, 1, target, relation="ACQUIRED", note="  Au quotidien ")
        assert (now["id"], now["version"], now["links"]) == (competence, 2, [tie])
        assert seen(owner, competence)["links"] == [tie]
        assert seen(owner, target)["links"] == [tie]
        assert seen(owner, target)["version"] == 1
        assert owner.do(UNLINK, id=competence, version=2, target=target)["entry"]["links"] == []
        assert seen(owner, target)["links"] == []


def test_a_pair_is_linked_once_and_linking_again_says_it_anew(owner: Caller) -> None:
    competence, target = added(owner, "competence")["id"], added(owner, "training")["id"]
    linked(owner, competence, 1, target, relation="ACQUIRED", note="Première")
    now = linked(owner, competence, 2, target, relation="USED", note="Seconde")
    assert [(link["relation"], link["note"]) for link in now["links"]] == [("USED", "Seconde")]
    assert len(seen(owner, target)["links"]) == 1


def test_links_come_in_the_order_of_the_booklet(owner: Caller) -> None:
    competence = added(owner, "competence")["id"]
    post, old, new = (
        added(owner, "professionalExperience")["id"],
        added(owner, "training", start="2010")["id"],
        added(owner, "training", start="2020")["id"],
    )
    for version, target in enumerate((post, old, new), start=1):
        now = linked(owner, competence, version, target)
    assert [link["target"]["id"] for link in now["links"]] == [new, old, post]


def test_linking_again_without_a_note_keeps_it_and_null_erases_it(owner: Caller) -> None:
    competence, target = added(owner, "competence")["id"], added(owner, "diploma")["id"]
    ends = {"id": competence, "target": target, "relation": "USED"}
    owner.do(LINK, version=1, **ends, note="En chantier")
    kept = owner.do(LINK, version=2, **ends)["entry"]
    assert [link["note"] for link in kept["links"]] == ["En chantier"]
    erased = owner.do(LINK, version=3, **ends, note=None)["entry"]
    assert [link["note"] for link in erased["links"]] == [None]


@pytest.mark.parametrize(
    ("note", "code"),
    [("x" * 501, "TOO_LONG"), ("un\x07deux", "CONTROL_CHARACTER"), ("\ufffd", "CONTROL_CHARACTER")],
)
def test_a_note_is_short_and_plain(owner: Caller, note: str, code: str) -> None:
    competence, target = added(owner, "competence")["id"], added(owner, "training")["id"]
    linked(owner, competence, 1, target, note="é" * 500)
    before = whole(owner)
    answer = owner.do(LINK, id=competence, version=2, target=target, relation="USED", note=note)
    assert refused(answer) == [("note", code)]
    assert whole(owner) == before


def test_only_formations_and_experiences_support_a_competence(owner: Caller) -> None:
    for rubric in ("competence", "attachment", "recommendation"):
        competence, target = added(owner, "competence")["id"], added(owner, rubric)["id"]
        before = whole(owner)
        answer = owner.do(LINK, id=competence, version=1, target=target, relation="USED")
        assert refused(answer) == [("target", "NOT_LINKABLE")]
        assert whole(owner) == before


def test_a_competence_does_not_support_itself(owner: Caller) -> None:
    id = added(owner, "competence")["id"]
    answer = owner.do(LINK, id=id, version=1, target=id, relation="USED", note="x" * 501)
    assert refused(answer) == [("target", "NOT_LINKABLE"), ("note", "TOO_LONG")]


def test_a_link_begins_at_a_competence_and_ends_in_the_same_booklet(owner: Caller) -> None:
    training, competence = added(owner, "training")["id"], added(owner, "competence")["id"]
    before = whole(owner)
    said = {"version": 1, "relation": "USED"}
    answer = owner.do(LINK, id=training, target=competence, **said)
    assert (answer["__typename"], answer["path"]) == ("NotFound", "competence")
    answer = owner.do(LINK, id=competence, target="nowhere", **said)
    assert (answer["__typename"], answer["path"]) == ("NotFound", "target")
    answer = owner.do(UNLINK, id=competence, version=1, target=training)
    assert (answer["__typename"], answer["path"]) == ("NotFound", "target")
    assert whole(owner) == before


@pytest.mark.parametrize(("document", "first"), [(LINK, "competence"), (PROVE, "attachment")])
def test_a_tie_counts_the_version_of_its_owner(owner: Caller, document: str, first: str) -> None:
    id, target = added(owner, first)["id"], added(owner, "training")["id"]
    said = {"id": id, "target": target} | ({"relation": "USED"} if document is LINK else {})
    assert owner.do(document, version=1, **said)["entry"]["version"] == 2
    before = whole(owner)
    answer = owner.do(document, version=1, **said)
    assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 2)
    assert answer["current"] == {key: seen(owner, id)[key] for key in answer["current"]}
    assert whole(owner) == before


def test_a_conflict_shows_the_links_and_documents_of_the_entry(owner: Caller) -> None:
    competence, training = added(owner, "competence")["id"], added(owner, "training")["id"]
    added(owner, "attachment")
    attachment = added(owner, "attachment")["id"]
    linked(owner, competence, 1, training)
    proved(owner, attachment, 1, training)
    sent = {"training": {"title": "Autre"}}
    current = owner.do(REVISE, id=training, version=9, entry=sent)["current"]
    assert len(current["links"]) == 1
    assert (current["evidence"], current["assurance"]) == ([{"id": attachment}], "EVIDENCED")
    current = owner.do(REMOVE, id=attachment, version=9)["current"]
    assert (current["number"], current["proves"]) == (2, [{"id": training}])


def test_removing_an_entry_removes_its_links_and_never_the_competence(owner: Caller) -> None:
    competence, training = added(owner, "competence")["id"], added(owner, "training")["id"]
    post = added(owner, "professionalExperience")["id"]
    linked(owner, competence, 1, training)
    linked(owner, competence, 2, post)
    assert owner.do(REMOVE, id=training, version=1)["__typename"] == "EntryRemoved"
    left = seen(owner, competence)
    assert [link["target"]["id"] for link in left["links"]] == [post]
    assert left["version"] == 3
    assert owner.do(REMOVE, id=competence, version=3)["__typename"] == "EntryRemoved"
    assert seen(owner, post)["links"] == []
    assert [one["id"] for one in whole(owner)["entries"]] == [post]


def test_a_document_proves_an_entry_from_both_ends(owner: Caller) -> None:
    for rubric in [rubric for rubric in LEAST if rubric != "attachment"]:
        attachment, target = added(owner, "attachment")["id"], added(owner, rubric)["id"]
        now = proved(owner, attachment, 1, target)
        assert (now["id"], now["version"], now["proves"]) == (attachment, 2, [{"id": target}])
        entry = seen(owner, target)
        assert (entry["evidence"], entry["assurance"]) == ([{"id": attachment}], "EVIDENCED")
        assert proved(owner, attachment, 2, target)["proves"] == [{"id": target}]
        assert owner.do(UNPROVE, id=attachment, version=3, target=target)["entry"]["proves"] == []
        entry = seen(owner, target)
        assert (entry["evidence"], entry["assurance"]) == ([], "DECLARED")


def test_a_document_proves_no_document(owner: Caller) -> None:
    first, second = added(owner, "attachment")["id"], added(owner, "attachment")["id"]
    before = whole(owner)
    for target in (first, second):
        answer = owner.do(PROVE, id=first, version=1, target=target)
        assert refused(answer) == [("entry", "NOT_LINKABLE")]
    assert whole(owner) == before


def test_only_a_document_of_the_booklet_proves_and_only_once_tied_is_untied(owner: Caller) -> None:
    attachment, training = added(owner, "attachment")["id"], added(owner, "training")["id"]
    for id, target, path in (
        (training, attachment, "attachment"),
        (attachment, "nowhere", "entry"),
    ):
        answer = owner.do(PROVE, id=id, version=1, target=target)
        assert (answer["__typename"], answer["path"]) == ("NotFound", path)
    answer = owner.do(UNPROVE, id=attachment, version=1, target=training)
    assert (answer["__typename"], answer["path"]) == ("NotFound", "entry")


def test_removing_either_end_removes_the_tie_alone(owner: Caller) -> None:
    first, second = added(owner, "attachment")["id"], added(owner, "attachment")["id"]
    training, post = added(owner, "training")["id"], added(owner, "professionalExperience")["id"]
    proved(owner, first, 1, training)
    proved(owner, first, 2, post)
    proved(owner, second, 1, post)
    owner.do(REMOVE, id=training, version=1)
    assert seen(owner, first)["proves"] == [{"id": post}]
    owner.do(REMOVE, id=first, version=3)
    assert seen(owner, post)["evidence"] == [{"id": second}]
    assert seen(owner, second)["number"] == 1


def test_no_row_of_a_tie_outlives_either_of_its_ends(here: Here, owner: Caller) -> None:
    competence, attachment = added(owner, "competence")["id"], added(owner, "attachment")["id"]
    first, second = added(owner, "training")["id"], added(owner, "training")["id"]
    for version, target in ((1, first), (2, second)):
        linked(owner, competence, version, target)
        proved(owner, attachment, version, target)
    assert ties(here, owner) == (2, 2)
    owner.do(REMOVE, id=first, version=1)
    assert ties(here, owner) == (1, 1)
    for id in (competence, attachment):
        owner.do(REMOVE, id=id, version=3)
    assert ties(here, owner) == (0, 0)


def ties(here: Here, owner: Caller) -> tuple[int, int]:
    """How many ties of each kind are stored."""
    booklet = whole(owner)["id"]
    service = here.deployment.service
    op = service.operation(Anonymous())
    with service.store.reading():
        sealer = sealer_of(op, booklet)
        assert sealer is not None
        stored = StoredSections(op, booklet, sealer)
        competences, attachments = (
            stored.document(section) for section in (Section.COMPETENCES, Section.ATTACHMENTS)
        )
    assert competences is not None
    assert attachments is not None
    return len(competences["links"]), len(attachments["evidence"])


def test_the_same_relation_is_told_from_its_own_two_words_only(owner: Caller) -> None:
    competence, target = added(owner, "competence")["id"], added(owner, "training")["id"]
    said = {"id": competence, "version": 1, "target": target}
    for relation in ("LIKED", "used", None, 1):
        assert owner.error(LINK, relation=relation, **said) == "BAD_USER_INPUT"
    assert seen(owner, competence)["links"] == []


def test_a_tie_with_what_a_dossier_withholds_changes_nothing_that_it_tells(owner: Caller) -> None:
    competence, proof = added(owner, "competence")["id"], added(owner, "attachment")["id"]
    withheld = added(owner, "tutoringExperience")["id"]
    dossier = saved(owner, purpose="AUTRE", entries=[competence, proof])
    before = told(owner, dossier["id"])
    linked(owner, competence, 1, withheld)
    proved(owner, proof, 1, withheld)
    for id in (competence, proof):
        assert owner.do(MOVE, id=id, version=2, before=None)["__typename"] == "EntryMoved"
    assert told(owner, dossier["id"]) == before
