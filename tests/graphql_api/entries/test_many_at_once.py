"""What people tick together is written together: several entries, all links of one entry."""

from typing import Any

import pytest

from schema.description.bounds import MAX_ADDED, MAX_ENTRIES
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import (
    ADD_ALL,
    LEAST,
    LINK,
    LINK_ALL,
    PROVE,
    PROVE_ALL,
    added,
    at_once,
    entry,
    kinds,
    refused,
    seen,
    text_of,
    whole,
)


def all_added(caller: Caller, *entries: Any) -> list[str]:
    answer = caller.do(ADD_ALL, entries=list(entries))
    assert answer["__typename"] == "EntriesAdded", answer
    return [one["id"] for one in answer["entries"]]


def links_set(caller: Caller, id: str, version: int, *links: Any) -> Any:
    answer = caller.do(LINK_ALL, id=id, version=version, links=list(links))
    assert answer["__typename"] == "TieWritten", answer
    return answer["entry"]


def evidence_set(caller: Caller, id: str, version: int, *others: str) -> Any:
    answer = caller.do(PROVE_ALL, id=id, version=version, others=list(others))
    assert answer["__typename"] == "TieWritten", answer
    return answer["entry"]


def link(other: str, relation: str = "USED", **said: Any) -> dict[str, Any]:
    return {"other": other, "relation": relation} | said


def ends(entry: Any) -> list[tuple[str, str, str, str | None]]:
    return [
        (one["competence"]["id"], one["target"]["id"], one["relation"], one["note"])
        for one in entry["links"]
    ]


def versions(caller: Caller) -> dict[str, int]:
    return {one["id"]: one["version"] for one in whole(caller)["entries"]}


def test_entries_of_all_rubrics_are_added_in_the_order_sent_by_one_write(owner: Caller) -> None:
    before = whole(owner)["version"]
    answer = owner.do(ADD_ALL, entries=[entry(rubric) for rubric in LEAST])
    assert answer["booklet"]["version"] == before + 1
    assert [one["rubric"].lower() for one in answer["entries"]] == [
        "".join(f"_{c.lower()}" if c.isupper() else c for c in rubric) for rubric in LEAST
    ]
    assert [one["version"] for one in answer["entries"]] == [1] * len(LEAST)
    for one in answer["entries"]:
        assert {key: seen(owner, one["id"])[key] for key in one} == one


def test_entries_added_together_keep_the_order_of_their_owner(owner: Caller) -> None:
    added(owner, "attachment", title="Un")
    all_added(owner, entry("attachment", title="Deux"), entry("attachment", title="Trois"))
    added(owner, "attachment", title="Quatre")
    found = [(one["headline"], one["number"]) for one in whole(owner)["entries"]]
    assert found == [("Un", 1), ("Deux", 2), ("Trois", 3), ("Quatre", 4)]


def test_every_fault_of_every_entry_is_named_and_none_is_added(owner: Caller) -> None:
    before = whole(owner)
    answer = owner.do(
        ADD_ALL,
        entries=[
            entry("diploma"),
            entry("training", title=None, start="2021-02-30"),
            entry("competence", label=" "),
            entry("accreditation", categories=["B1", "B1"]),
        ],
    )
    assert refused(answer) == [
        ("entries[1].training.title", "REQUIRED"),
        ("entries[1].training.start", "INVALID_DATE"),
        ("entries[2].competence.label", "REQUIRED"),
        ("entries[3].accreditation.categories", "DUPLICATE"),
    ]
    assert whole(owner) == before


def test_an_entry_is_checked_among_those_that_are_sent_with_it(owner: Caller) -> None:
    licences = [
        entry("drivingLicence"),
        entry("drivingLicence", licenceCategory="C"),
        entry("drivingLicence"),
    ]
    answer = owner.do(ADD_ALL, entries=licences)
    assert refused(answer) == [("entries[2].drivingLicence.licenceCategory", "DUPLICATE")]
    all_added(owner, *licences[:2])


def test_a_sensitive_entry_among_others_starts_hidden(owner: Caller) -> None:
    entries = [
        entry("extraProfessionalExperience", kind="ACTION_SYNDICALE"),
        entry("extraProfessionalExperience"),
    ]
    answer = owner.do(ADD_ALL, entries=entries)
    assert [one["shareable"] for one in answer["entries"]] == [False, True]


def test_texts_that_are_added_together_are_cleaned(owner: Caller) -> None:
    answer = owner.do(
        ADD_ALL, entries=[entry("training", title=" La\u00a0commande\u200b publique ")]
    )
    assert text_of(answer["entries"][0], "title") == "La commande publique"


def test_at_least_one_entry_and_at_most_a_hundred_are_added_at_once(owner: Caller) -> None:
    assert refused(owner.do(ADD_ALL, entries=[])) == [("entries", "REQUIRED")]
    many = [entry("competence")] * (MAX_ADDED + 1)
    assert refused(owner.do(ADD_ALL, entries=many)) == [("entries", "TOO_MANY")]
    assert len(all_added(owner, *many[:-1])) == MAX_ADDED


def test_entries_beyond_the_bound_of_a_booklet_are_refused_together(owner: Caller) -> None:
    for _ in range(MAX_ENTRIES // MAX_ADDED - 1):
        all_added(owner, *[entry("competence")] * MAX_ADDED)
    all_added(owner, *[entry("competence")] * (MAX_ADDED - 1))
    answer = owner.do(ADD_ALL, entries=[entry("competence")] * 2)
    assert (answer["__typename"], answer["limit"]) == ("LimitReached", MAX_ENTRIES)
    all_added(owner, entry("competence"))


def test_entries_that_are_sent_again_under_one_key_are_added_once(owner: Caller) -> None:
    sent = {"entries": [entry("diploma"), entry("training")], "key": "deux"}
    first, second = at_once(lambda: owner.do(ADD_ALL, **sent), lambda: owner.do(ADD_ALL, **sent))
    assert first == second
    assert len(whole(owner)["entries"]) == 2
    other = owner.do(ADD_ALL, entries=[entry("diploma")], key="deux")
    assert other["__typename"] == "IdempotencyMismatch"


def test_what_is_listed_is_linked_and_the_rest_is_not(owner: Caller) -> None:
    competence, first, second, third = all_added(
        owner,
        entry("competence"),
        *[entry("training", title=title) for title in ("Un", "Deux", "Trois")],
    )
    now = links_set(owner, competence, 1, link(first, "ACQUIRED", note=" En poste "), link(second))
    assert now["version"] == 2
    assert sorted(ends(now)) == sorted(
        [(competence, first, "ACQUIRED", "En poste"), (competence, second, "USED", None)]
    )
    now = links_set(owner, competence, 2, link(first, "ACQUIRED"), link(third))
    assert sorted(ends(now)) == sorted(
        [(competence, first, "ACQUIRED", "En poste"), (competence, third, "USED", None)]
    )
    assert ends(links_set(owner, competence, 3)) == []
    assert versions(owner) == {competence: 4, first: 1, second: 1, third: 1}


def test_links_are_set_from_the_entry_that_supports_competences(owner: Caller) -> None:
    training, first, second, third = all_added(
        owner,
        entry("training"),
        *[entry("competence", label=label) for label in ("Un", "Deux", "Trois")],
    )
    other = added(owner, "diploma")["id"]
    links_set(owner, first, 1, link(other, note="Reste"))
    now = links_set(owner, training, 1, link(first, note="Ici"), link(second))
    assert (now["id"], now["version"]) == (training, 2)
    assert ends(now) == [(first, training, "USED", "Ici"), (second, training, "USED", None)]
    assert versions(owner) == {training: 2, first: 3, second: 2, third: 1, other: 1}
    now = links_set(owner, training, 2, link(first), link(third))
    assert ends(now) == [(first, training, "USED", "Ici"), (third, training, "USED", None)]
    assert versions(owner) == {training: 3, first: 3, second: 3, third: 2, other: 1}
    assert (first, other, "USED", "Reste") in ends(seen(owner, first))


def test_links_set_as_they_are_change_nothing(owner: Caller) -> None:
    competence, training, document = all_added(
        owner, entry("competence"), entry("training"), entry("attachment")
    )
    links_set(owner, competence, 1, link(training, note="Note"))
    evidence_set(owner, document, 1, training)
    before = whole(owner)
    links_set(owner, competence, 2, link(training))
    links_set(owner, training, 1, link(competence, note="Note"))
    evidence_set(owner, document, 2, training)
    evidence_set(owner, training, 1, document)
    assert whole(owner) == before


def test_setting_links_is_no_revision(owner: Caller) -> None:
    competence, training = all_added(owner, entry("competence"), entry("training"))
    before = {one["id"]: one["updatedAt"] for one in whole(owner)["entries"]}
    links_set(owner, training, 1, link(competence))
    links_set(owner, competence, 2)
    assert {one["id"]: one["updatedAt"] for one in whole(owner)["entries"]} == before


def test_a_null_note_is_erased_and_another_relation_keeps_the_note(owner: Caller) -> None:
    competence, training = all_added(owner, entry("competence"), entry("training"))
    links_set(owner, competence, 1, link(training, note="Note"))
    now = links_set(owner, competence, 2, link(training, "ACQUIRED"))
    assert ends(now) == [(competence, training, "ACQUIRED", "Note")]
    now = links_set(owner, training, 1, link(competence, "ACQUIRED", note=None))
    assert ends(now) == [(competence, training, "ACQUIRED", None)]


def test_every_fault_of_every_link_is_named_and_nothing_changes(owner: Caller) -> None:
    competence, training, document = all_added(
        owner, entry("competence"), entry("training"), entry("attachment")
    )
    links_set(owner, competence, 1, link(training, note="Note"))
    before = whole(owner)
    answer = owner.do(
        LINK_ALL,
        id=competence,
        version=2,
        links=[link(training), link(training), link(document), link("nowhere"), link(competence, note="x" * 501)],
    )  # fmt: skip
    assert refused(answer) == [
        ("links[1].other", "DUPLICATE"),
        ("links[2].other", "NOT_LINKABLE"),
        ("links[3].other", "NOT_FOUND"),
        ("links[4].other", "NOT_LINKABLE"),
        ("links[4].note", "TOO_LONG"),
    ]
    answer = owner.do(LINK_ALL, id=training, version=1, links=[link(document), link(training)])
    assert refused(answer) == [
        ("links[0].other", "NOT_LINKABLE"),
        ("links[1].other", "NOT_LINKABLE"),
    ]
    answer = owner.do(LINK_ALL, id=document, version=1, links=[])
    assert refused(answer) == [("entry", "NOT_LINKABLE")]
    assert whole(owner) == before


def test_more_links_than_a_booklet_has_entries_are_refused(owner: Caller) -> None:
    competence, document = all_added(owner, entry("competence"), entry("attachment"))
    others = ["x"] * (MAX_ENTRIES + 1)
    answer = owner.do(LINK_ALL, id=competence, version=1, links=[link(one) for one in others])
    assert refused(answer) == [("links", "TOO_MANY")]
    answer = owner.do(PROVE_ALL, id=document, version=1, others=others)
    assert refused(answer) == [("others", "TOO_MANY")]


def test_a_hundred_links_are_set_and_taken_back_at_once(owner: Caller) -> None:
    competence = added(owner, "competence")["id"]
    trainings = all_added(owner, *[entry("training")] * MAX_ADDED)
    now = links_set(owner, competence, 1, *[link(one) for one in trainings])
    assert len(now["links"]) == MAX_ADDED
    assert links_set(owner, competence, 2)["links"] == []


def test_a_document_proves_what_is_listed_from_either_end(owner: Caller) -> None:
    training, diploma, first, second = all_added(
        owner,
        entry("training"),
        entry("diploma"),
        entry("attachment", title="Un"),
        entry("attachment", title="Deux"),
    )
    now = evidence_set(owner, first, 1, training, diploma)
    assert {one["id"] for one in now["proves"]} == {training, diploma}
    now = evidence_set(owner, training, 1, second)
    assert now["evidence"] == [{"id": second}]
    assert versions(owner) == {training: 2, diploma: 1, first: 3, second: 2}
    assert seen(owner, diploma)["evidence"] == [{"id": first}]
    assert evidence_set(owner, first, 3)["proves"] == []
    assert seen(owner, diploma)["evidence"] == []


def test_the_links_and_the_documents_of_an_entry_are_set_in_one_write(owner: Caller) -> None:
    training, competence, document = all_added(
        owner, entry("training"), entry("competence"), entry("attachment")
    )
    sent: Any = {"id": training, "version": 1, "links": [link(competence)]}
    before = whole(owner)
    answer = owner.do(LINK_ALL, **sent, evidence=[competence, "nowhere"])
    assert refused(answer) == [("evidence[0]", "NOT_LINKABLE"), ("evidence[1]", "NOT_FOUND")]
    assert whole(owner) == before
    owner.do(LINK_ALL, **sent, evidence=[document])
    assert versions(owner) == {training: 2, competence: 2, document: 2}
    owner.do(LINK_ALL, id=training, version=2, links=[])
    tied = seen(owner, training)
    assert (tied["links"], [one["id"] for one in tied["evidence"]]) == ([], [document])
    owner.do(LINK_ALL, id=training, version=3, links=[], evidence=[])
    assert seen(owner, document)["proves"] == []


def test_every_fault_of_every_proof_is_named_and_nothing_changes(owner: Caller) -> None:
    training, first, second = all_added(
        owner, entry("training"), entry("attachment"), entry("attachment")
    )
    before = whole(owner)
    answer = owner.do(
        PROVE_ALL, id=first, version=1, others=[training, second, training, "nowhere"]
    )
    assert refused(answer) == [
        ("others[1]", "NOT_LINKABLE"),
        ("others[2]", "DUPLICATE"),
        ("others[3]", "NOT_FOUND"),
    ]
    answer = owner.do(PROVE_ALL, id=training, version=1, others=[training])
    assert refused(answer) == [("others[0]", "NOT_LINKABLE")]
    assert whole(owner) == before


@pytest.mark.parametrize(
    ("document", "first", "sent"),
    [(LINK_ALL, "competence", "links"), (PROVE_ALL, "attachment", "others")],
)
def test_links_are_set_at_the_version_that_was_seen(
    owner: Caller, document: str, first: str, sent: str
) -> None:
    id, training = all_added(owner, entry(first), entry("training"))
    others = [link(training)] if sent == "links" else [training]
    assert owner.do(document, id=id, version=1, **{sent: others})["entry"]["version"] == 2
    before = whole(owner)
    answer = owner.do(document, id=id, version=1, **{sent: []})
    assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 2)
    assert answer["current"]["id"] == id
    assert whole(owner) == before


def test_of_two_that_set_the_links_of_one_entry_at_once_one_is_in_conflict(owner: Caller) -> None:
    competence, first, second = all_added(
        owner, entry("competence"), entry("training"), entry("training")
    )
    answers = at_once(
        lambda: owner.do(LINK_ALL, id=competence, version=1, links=[link(first)]),
        lambda: owner.do(LINK_ALL, id=competence, version=1, links=[link(second)]),
    )
    assert kinds(answers) == ["Conflict", "TieWritten"]
    assert len(seen(owner, competence)["links"]) == 1


def test_links_that_are_set_again_under_one_key_are_set_once(owner: Caller) -> None:
    competence, training = all_added(owner, entry("competence"), entry("training"))
    sent = {"id": competence, "version": 1, "links": [link(training)], "key": "k"}
    first = owner.do(LINK_ALL, **sent)
    assert owner.do(LINK_ALL, **sent) == first
    assert seen(owner, competence)["version"] == 2


def test_nobody_links_the_entries_of_another_booklet(here: Here, owner: Caller) -> None:
    competence, training, document = all_added(
        owner, entry("competence"), entry("training"), entry("attachment")
    )
    other = with_booklet(here, "other")
    mine, paper = all_added(other, entry("competence"), entry("attachment"))
    before = whole(owner), whole(other)
    for id, sent in ((competence, LINK_ALL), (document, PROVE_ALL), ("nowhere", LINK_ALL)):
        empty: Any = {"links": []} if sent == LINK_ALL else {"others": []}
        answer = other.do(sent, id=id, version=1, **empty)
        assert (answer["__typename"], answer["path"]) == ("NotFound", "entry")
    answer = other.do(LINK_ALL, id=mine, version=1, links=[link(training)])
    assert refused(answer) == [("links[0].other", "NOT_FOUND")]
    answer = other.do(PROVE_ALL, id=paper, version=1, others=[training])
    assert refused(answer) == [("others[0]", "NOT_FOUND")]
    assert (whole(owner), whole(other)) == before


def test_nothing_is_written_together_before_a_booklet_is_open(here: Here) -> None:
    newcomer = here.caller("newcomer")
    answers = [
        newcomer.do(ADD_ALL, entries=[entry("diploma")]),
        newcomer.do(LINK_ALL, id="x", version=1, links=[]),
        newcomer.do(PROVE_ALL, id="x", version=1, others=[]),
    ]
    assert [(one["__typename"], one["state"]) for one in answers] == [("WrongState", "NONE")] * 3


def test_single_links_and_sets_of_links_write_the_same(owner: Caller) -> None:
    competence, training, document = all_added(
        owner, entry("competence"), entry("training"), entry("attachment")
    )
    owner.do(LINK, id=competence, version=1, target=training, relation="USED", note="Note")
    owner.do(PROVE, id=document, version=1, target=training)
    before = whole(owner)
    links_set(owner, competence, 2, link(training, note="Note"))
    evidence_set(owner, document, 2, training)
    assert whole(owner) == before
