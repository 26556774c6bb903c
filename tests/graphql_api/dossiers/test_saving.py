"""Saving and removing dossiers: versions, keys, bounds, and what is not the caller's."""

from typing import Any
from uuid import uuid4

import pytest

from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.booklet_rows import sealer_of
from schema.description.bounds import MAX_ENTRIES, MAX_PROBLEMS
from schema.dossiers.dossier import MAX_DOSSIERS
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.canaries import stored
from tests.graphql_api.documents import REMOVE, added, at_once, kinds, raw, refused, whole
from tests.graphql_api.dossiers.dossiers import (
    PRINTED,
    REMOVE_DOSSIER,
    SAVE,
    changed,
    dossiers_of,
    made_for,
    saved,
    told,
)
from tests.graphql_api.written_sections import dossier_row, put


def test_a_dossier_is_made_changed_and_removed(owner: Caller) -> None:
    entry = added(owner, "training")["id"]
    dossier = saved(owner, purpose="MUTATION", entries=[entry])
    assert (dossier["version"], dossier["builtIn"]) == (1, False)
    assert (dossier["title"], dossier["recipient"]) == ("Dossier de mutation", None)
    assert dossier["entries"] == dossier["selectedEntries"] == [entry]
    assert (dossier["rubrics"], dossier["parts"]) == ([], [])
    again = changed(
        owner, dossier, title="  Vers Pau ", recipient="Ville de Pau", soughtPost=" Chef "
    )
    assert again == dossier | {
        "version": 2,
        "title": "Vers Pau",
        "soughtPost": "Chef",
        "recipient": "Ville de Pau",
    }
    assert [one["title"] for one in dossiers_of(owner)] == [
        "Livret individuel de formation",
        "Vers Pau",
    ]
    gone = owner.do(REMOVE_DOSSIER, id=dossier["id"], version=2)
    assert (gone["__typename"], gone["id"]) == ("DossierRemoved", dossier["id"])
    assert len(gone["booklet"]["dossiers"]) == len(dossiers_of(owner)) == 1
    assert owner.ask(PRINTED, id=dossier["id"]) == {"sharedDossier": None}
    assert [one["id"] for one in whole(owner)["entries"]] == [entry]


def test_absent_stays_and_null_erases(owner: Caller) -> None:
    entry = added(owner, "training")["id"]
    dossier = made_for(
        owner, "MUTATION", soughtPost="x", recipient="DRH", entries=[entry], parts=["COMPETENCES"]
    )
    same = changed(owner, dossier)
    assert same == dossier | {"version": 2}
    erased = changed(
        owner,
        same,
        soughtPost=None,
        recipient=None,
        entries=None,
        parts=None,
        identityFields=None,
        annexes=None,
    )
    assert erased["soughtPost"] is erased["recipient"] is None
    for key in ("entries", "parts", "identityFields", "annexes", "selectedEntries"):
        assert erased[key] == []
    assert erased["warnings"] == [erased["warnings"][0]]
    assert erased["warnings"][0]["code"] == "EMPTY"
    kept = owner.do(SAVE, dossier={"title": None}, id=dossier["id"], version=3)
    assert refused(kept) == [("dossier.title", "REQUIRED")]


def test_a_dossier_keeps_the_form_that_its_owner_chose(owner: Caller) -> None:
    dossier = made_for(owner, "BILAN_COMPETENCES")
    assert dossier["form"] == "COMPACT"
    full = changed(owner, dossier, form="FULL")
    assert full["form"] == changed(owner, full, title="Bilan")["form"] == "FULL"
    assert [part["part"] for part in told(owner, dossier["id"])["parts"]] == [
        "FORMATIONS", "EXPERIENCES", "COMPETENCES", "ATTACHMENTS",
    ]  # fmt: skip
    assert changed(owner, full | {"version": 3}, form=None)["form"] == "COMPACT"
    assert told(owner, dossier["id"])["parts"][0]["part"] == "COMPETENCES"
    (whole_booklet, _) = dossiers_of(owner)
    assert whole_booklet["form"] == told(owner, whole_booklet["id"])["form"] == "FULL"


def test_a_removed_entry_leaves_the_dossiers_that_named_it(owner: Caller) -> None:
    ids = [added(owner, "training")["id"] for _ in range(3)]
    dossier = saved(owner, purpose="AUTRE", entries=ids)
    assert owner.do(REMOVE, id=ids[0], version=1)["__typename"] == "EntryRemoved"
    (_, seen) = dossiers_of(owner)
    assert seen["entries"] == ids[1:]
    assert ids[0] not in raw(owner, PRINTED, id=dossier["id"]).decode()
    again = changed(owner, seen, title="Autre")
    assert again["entries"] == ids[1:]


NOT_IN_THE_BOOKLET = "Cet élément ne figure pas dans votre livret."


def test_what_is_not_in_the_booklet_cannot_be_named_wherever_it_is(here: Here) -> None:
    owner, other = with_booklet(here, "owner"), with_booklet(here, "other")
    own, foreign = added(owner, "training")["id"], added(other, "training")["id"]
    before = dossiers_of(owner)
    answers = {
        raw(owner, SAVE, dossier={"purpose": "AUTRE", "entries": [own, id]})
        for id in (foreign, str(uuid4()), whole(other)["id"], "", "x", "é")
    }
    assert len(answers) == 1
    answer = owner.do(SAVE, dossier={"purpose": "AUTRE", "entries": [own, foreign]})
    assert refused(answer) == [("dossier.entries[1]", "NOT_FOUND")]
    assert answer["problems"][0]["message"] == NOT_IN_THE_BOOKLET
    assert dossiers_of(owner) == before
    dossier = saved(owner, purpose="AUTRE", entries=[own])
    answer = owner.do(SAVE, dossier={"entries": [foreign]}, id=dossier["id"], version=1)
    assert refused(answer) == [("dossier.entries[0]", "NOT_FOUND")]


def test_somebody_elses_dossier_and_no_dossier_are_the_same_answer(here: Here) -> None:
    owner, other = with_booklet(here, "owner"), with_booklet(here, "other")
    mine = made_for(owner, "MUTATION")["id"]
    built_in = dossiers_of(owner)[0]["id"]
    ids = (mine, built_in, str(uuid4()), whole(owner)["id"], "", "x")
    for document, more in ((SAVE, {"dossier": {"title": "À moi"}}), (REMOVE_DOSSIER, {})):
        answers = {raw(other, document, id=id, version=1, **more) for id in ids}
        assert len(answers) == 1
        answer = other.do(document, id=mine, version=1, **more)
        assert (answer["__typename"], answer["path"]) == ("NotFound", "id")
    assert dossiers_of(owner)[1]["version"] == 1


def test_the_built_in_dossier_is_neither_changed_nor_removed(owner: Caller) -> None:
    built_in = dossiers_of(owner)[0]
    for version in (1, 2):
        answer = owner.do(SAVE, dossier={"title": "X"}, id=built_in["id"], version=version)
        assert refused(answer) == [("id", "BUILT_IN")]
        answer = owner.do(REMOVE_DOSSIER, id=built_in["id"], version=version)
        assert refused(answer) == [("id", "BUILT_IN")]
    assert dossiers_of(owner) == [built_in]
    assert built_in["warnings"] == []
    answer = owner.do(SAVE, dossier={"purpose": "LIVRET_COMPLET", "title": "X"})
    assert refused(answer) == [("dossier.purpose", "UNKNOWN_CODE")]


@pytest.mark.parametrize(
    ("sent", "problems"),
    [
        ({}, [("title", "REQUIRED"), ("purpose", "REQUIRED")]),
        ({"title": "X"}, [("purpose", "REQUIRED")]),
        ({"purpose": "CADEAU", "title": "X"}, [("purpose", "UNKNOWN_CODE")]),
        ({"purpose": "AUTRE", "title": "x" * 201}, [("title", "TOO_LONG")]),
        ({"purpose": "AUTRE", "title": " "}, [("title", "REQUIRED")]),
        ({"purpose": "MUTATION", "soughtPost": "x" * 201}, [("soughtPost", "TOO_LONG")]),
        ({"purpose": "AUTRE", "recipient": "a\x07b"}, [("recipient", "CONTROL_CHARACTER")]),
        ({"purpose": "AUTRE", "parts": ["FORMATIONS"] * 2}, [("parts[1]", "DUPLICATE")]),
        ({"purpose": "AUTRE", "parts": ["FORMATIONS"] * 5}, [("parts", "TOO_MANY")]),
        ({"purpose": "AUTRE", "rubrics": ["DIPLOMA"] * 13}, [("rubrics", "TOO_MANY")]),
        ({"purpose": "AUTRE", "annexes": ["DECREE"] * 2}, [("annexes[1]", "DUPLICATE")]),
        ({"purpose": "AUTRE", "entries": ["x"] * (MAX_ENTRIES + 1)}, [("entries", "TOO_MANY")]),
        (
            {"purpose": "AUTRE", "identityFields": ["email", "lastName", "hobby", "statsConsent"]},
            [(f"identityFields[{at}]", "UNKNOWN_CODE") for at in (1, 2, 3)],
        ),
        (
            {"purpose": "AUTRE", "identityFields": ["email"] * 2},
            [("identityFields[1]", "DUPLICATE")],
        ),
        ({"purpose": "AUTRE", "dispense": {}}, [("dispense", "NOT_EXPECTED")]),
    ],
)
def test_what_is_wrong_with_a_dossier_is_told_at_once(
    owner: Caller, sent: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    answer = owner.do(SAVE, dossier=sent)
    assert refused(answer) == [(f"dossier.{path}", code) for path, code in problems]
    assert len(dossiers_of(owner)) == 1


def test_no_more_problems_are_told_than_is_promised(owner: Caller) -> None:
    answer = owner.do(
        SAVE, dossier={"purpose": "AUTRE", "entries": [str(n) for n in range(MAX_ENTRIES)]}
    )
    assert len(refused(answer)) == MAX_PROBLEMS


def test_a_version_goes_with_an_id_and_an_id_with_a_version(owner: Caller) -> None:
    dossier = made_for(owner, "MUTATION")
    alone = owner.do(SAVE, dossier={"title": "X"}, id=dossier["id"])
    assert refused(alone) == [("version", "REQUIRED")]
    assert refused(owner.do(SAVE, dossier={"purpose": "VAE"}, version=1)) == [("id", "REQUIRED")]
    assert len(dossiers_of(owner)) == 2


def test_a_late_write_is_told_the_present_dossier(owner: Caller) -> None:
    entry = added(owner, "training")["id"]
    dossier = saved(owner, purpose="AUTRE", entries=[entry])
    now = changed(owner, dossier, title="Second")
    for document, more in ((SAVE, {"dossier": {"title": "Troisième"}}), (REMOVE_DOSSIER, {})):
        answer = owner.do(document, id=dossier["id"], version=1, **more)
        assert answer["__typename"] == "Conflict"
        assert answer["currentVersion"] == 2
        assert answer["currentDossier"] == now
        assert answer["currentEntry"] is None
    assert dossiers_of(owner)[1] == now


def test_of_writes_at_once_one_wins_and_the_others_are_told(owner: Caller) -> None:
    dossier = made_for(owner, "MUTATION")

    def write(number: int) -> Any:
        sent = {"title": f"Titre {number}"}
        return owner.do(SAVE, dossier=sent, id=dossier["id"], version=1)

    answers = at_once(*(lambda number=number: write(number) for number in range(6)))
    assert kinds(answers) == ["Conflict"] * 5 + ["DossierSaved"]
    (won,) = [one["dossier"] for one in answers if one["__typename"] == "DossierSaved"]
    assert dossiers_of(owner)[1] == won


def test_the_same_request_under_a_key_is_done_once(owner: Caller) -> None:
    request = {"dossier": {"purpose": "MUTATION"}, "key": "k"}
    answers = at_once(*(lambda: owner.do(SAVE, **request) for _ in range(6)))
    assert kinds(answers) == ["DossierSaved"] * 6
    assert len({one["dossier"]["id"] for one in answers}) == 1
    assert len(dossiers_of(owner)) == 2
    other = owner.do(SAVE, dossier={"purpose": "VAE"}, key="k")
    assert other["__typename"] == "IdempotencyMismatch"
    gone = {"id": answers[0]["dossier"]["id"], "version": 1, "key": "g"}
    first = owner.do(REMOVE_DOSSIER, **gone)
    assert first["__typename"] == "DossierRemoved"
    assert owner.do(REMOVE_DOSSIER, **gone) == first
    assert owner.do(REMOVE_DOSSIER, **(gone | {"key": "h"}))["__typename"] == "NotFound"


def fill(here: Here, owner: Caller, count: int) -> None:
    """Write so many dossiers straight into their section."""
    booklet = whole(owner)["id"]
    service = build_service(here.deployment.settings)
    op = service.operation(Anonymous())
    sealer = sealer_of(op, booklet)
    assert sealer is not None
    rows = [dossier_row(f"d{number}", title=f"D{number}") for number in range(count)]
    with service.store.writing():
        put(op, booklet, sealer, dossiers=rows)
    service.close()


def test_a_booklet_holds_fifty_dossiers_beside_the_built_in_one(here: Here, owner: Caller) -> None:
    fill(here, owner, MAX_DOSSIERS - 1)
    last = made_for(owner, "MUTATION")
    over = owner.do(SAVE, dossier={"purpose": "MUTATION"})
    assert (over["__typename"], over["limit"]) == ("LimitReached", 50)
    assert "50 dossiers" in over["message"]
    assert len(dossiers_of(owner)) == 51
    assert changed(owner, last, title="Encore")["version"] == 2
    assert owner.do(REMOVE_DOSSIER, id=last["id"], version=2)["__typename"] == "DossierRemoved"
    assert made_for(owner, "MUTATION")["version"] == 1


def test_dossiers_made_at_once_keep_to_the_bound(here: Here, owner: Caller) -> None:
    fill(here, owner, MAX_DOSSIERS - 2)
    answers = at_once(*(lambda: owner.do(SAVE, dossier={"purpose": "MUTATION"}) for _ in range(5)))
    assert kinds(answers) == ["DossierSaved"] * 2 + ["LimitReached"] * 3


def test_nobody_saves_a_dossier_without_an_open_booklet(here: Here) -> None:
    newcomer = here.caller("newcomer")
    for document, more in (
        (SAVE, {"dossier": {"purpose": "MUTATION"}}),
        (REMOVE_DOSSIER, {"id": str(uuid4()), "version": 1}),
    ):
        assert newcomer.do(document, **more)["__typename"] == "WrongState"
        assert here.nobody().error(document, **more) == "UNAUTHENTICATED"
        reader = here.caller("newcomer", "livret:read")
        assert reader.error(document, **more) == "INSUFFICIENT_SCOPE"


def test_what_is_no_dossier_is_a_bad_request(owner: Caller) -> None:
    for wrong in (
        {"purpose": 5},
        {"parts": ["MAISON"]},
        {"entries": [None]},
        {"entries": "x", "situation": "oui"},
        {"annexes": [["DECREE"]]},
        {"dispense": {"statutoryDays": "cinq"}},
        {"builtIn": True},
        [],
        None,
    ):
        answer = owner.post({"query": SAVE, "variables": {"dossier": wrong}})
        assert answer.status_code == 400, wrong
    assert len(dossiers_of(owner)) == 1


def test_nothing_of_a_dossier_is_stored_in_clear(here: Here, owner: Caller) -> None:
    entry = added(owner, "training")["id"]
    made_for(
        owner, "MUTATION", title="Canarititre", soughtPost="Canariposte", recipient="Canaridestinataire", entries=[entry],
        identityFields=["phoneMobile"], rubrics=["TUTORING_EXPERIENCE"],
    )  # fmt: skip
    rows = [
        (where, value)
        for where, value in stored(here.deployment)
        if where.startswith(("booklet_section.", "dossier_index."))
    ]
    assert len(rows) == 4 * 4 + 2 * 2, "rows times columns: head and three sections; two dossiers"
    for where, value in rows:
        for word in (b"Canari", b"MUTATION", entry.encode(), b"phoneMobile", b"TUTORING"):
            assert word not in value, where


def test_each_dossier_has_its_own_reader(owner: Caller) -> None:
    first, second = (added(owner, rubric)["id"] for rubric in ("training", "diploma"))
    ones = [saved(owner, purpose="AUTRE", entries=[id]) for id in (first, second)]
    seen = [told(owner, one["id"])["panorama"]["timeline"] for one in ones]
    assert [[span["entry"] for span in spans] for spans in seen] == [[first], [second]]
