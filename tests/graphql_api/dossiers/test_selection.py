"""What the reader of a dossier is told: what was selected, and nothing whatsoever of the rest."""

from typing import Any

import pytest

from schema.description.rubric import Part
from schema.rubrics import RUBRICS
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.canaries import MARK, sow
from tests.graphql_api.documents import (
    LEAST,
    LINK,
    PROVE,
    REVISE,
    SAY_WHO,
    added,
    entry,
    raw,
    whole,
)
from tests.graphql_api.dossiers.dossiers import (
    BESIDES,
    PRINTED,
    changed,
    entries_told,
    made_for,
    saved,
    told,
)

SITUATION = """mutation($situation: SituationInput!) {
  situationRevise(situation: $situation, version: 0) { __typename }
}"""
CODES = {rubric.key: rubric.code for rubric in RUBRICS}


@pytest.fixture
def sown(here: Here) -> tuple[Caller, dict[str, str]]:
    """An owner with a canary in every field of every rubric, ties among all, and the ids."""
    ids = here.deployment.copies.of("a selection", here.clock(), lambda: _write_all(here))
    return here.caller("owner"), ids


def _write_all(here: Here) -> dict[str, str]:
    owner, made = sow(here)
    ids = {rubric: one["id"] for rubric, one in made.items()}
    for version, target in enumerate(("training", "professionalExperience"), start=2):
        tie = {"id": ids["competence"], "version": version, "target": ids[target]}
        note = f"{MARK} note {target}"
        assert owner.do(LINK, **tie, relation="USED", note=note)["__typename"] == "TieWritten"
    proof = {"id": ids["attachment"], "version": 2, "target": ids["training"]}
    assert owner.do(PROVE, **proof)["__typename"] == "TieWritten"
    said = {"employerName": f"{MARK} situation"}
    assert owner.do(SITUATION, situation=said)["__typename"] == "SituationRevised"
    return ids


def everything_told(caller: Caller, id: str) -> str:
    """All the bytes that a reader is sent."""
    return (raw(caller, PRINTED, id=id) + raw(caller, BESIDES, id=id)).decode()


@pytest.mark.parametrize("chosen", sorted(LEAST))
def test_nothing_of_what_was_not_selected_is_told(
    sown: tuple[Caller, dict[str, str]], chosen: str
) -> None:
    owner, ids = sown
    dossier = saved(
        owner, purpose="AUTRE", entries=[ids[chosen]], identityFields=[], situation=False
    )
    shown = everything_told(owner, dossier["id"])
    assert entries_told(told(owner, dossier["id"])) == [ids[chosen]]
    words = {word for word in LEAST if f"{MARK} {word} " in shown}
    assert words == {chosen}
    assert {name for name, id in ids.items() if id in shown} == {chosen}
    assert f"{MARK} note" not in shown
    for identity in ("12 rue", "Canariville", "canari@example.org", "situation", "1980-", "/1980"):
        assert identity not in shown.replace('"situation":[]', ""), identity
    assert "Canarinom" in shown


def test_a_tie_shows_when_both_its_ends_do(sown: tuple[Caller, dict[str, str]]) -> None:
    owner, ids = sown
    pair = [ids["competence"], ids["training"]]
    dossier = saved(owner, purpose="AUTRE", entries=pair)
    shown = told(owner, dossier["id"])
    assert f"{MARK} note training" in str(shown)
    assert f"{MARK} note professional" not in str(shown)
    matrix = shown["panorama"]["matrix"]
    assert [column["entry"] for column in matrix["columns"]] == [ids["training"]]
    assert [len(row["cells"]) for row in matrix["rows"]] == [1]
    assert matrix["unsupported"] == []
    alone = told(owner, saved(owner, purpose="AUTRE", entries=[ids["competence"]])["id"])
    assert alone["panorama"]["matrix"]["unsupported"] == [ids["competence"]]
    assert alone["panorama"]["matrix"]["columns"] == []


def test_the_panorama_counts_what_is_told(sown: tuple[Caller, dict[str, str]]) -> None:
    owner, ids = sown
    dossier = saved(owner, purpose="AUTRE", entries=[ids["diploma"], ids["attachment"]])
    panorama = told(owner, dossier["id"])["panorama"]
    counted = {one["rubric"]: one["count"] for one in panorama["counters"] if one["count"]}
    assert counted == {"DIPLOMA": 1, "ATTACHMENT": 1}
    assert [span["entry"] for span in panorama["timeline"]] == [ids["diploma"]]
    assert panorama["experience"] is None
    assert panorama["validity"] == panorama["currentPosts"] == panorama["trainingDays"] == []
    assert panorama["evidence"] == {
        "expected": 1,
        "covered": 1,
        "proved": 1,
        "missing": [],
    }
    bare = told(owner, saved(owner, purpose="AUTRE", entries=[ids["diploma"]])["id"])
    assert bare["panorama"]["evidence"]["covered"] == 0


def test_the_last_update_is_that_of_what_is_told(sown: tuple[Caller, dict[str, str]]) -> None:
    owner, ids = sown
    dossier = saved(owner, purpose="AUTRE", entries=[ids["diploma"]])
    before = told(owner, dossier["id"])["panorama"]["lastUpdate"]
    version = next(
        one["version"] for one in whole(owner)["entries"] if one["id"] == ids["training"]
    )
    answer = owner.do(REVISE, id=ids["training"], version=version, entry=entry("training"))
    assert answer["__typename"] == "EntryRevised"
    assert told(owner, dossier["id"])["panorama"]["lastUpdate"] == before


def test_what_was_withheld_and_what_never_was_look_the_same(here: Here) -> None:
    owner, other = with_booklet(here, "owner"), with_booklet(here, "other")
    first = [added(caller, "training")["id"] for caller in (owner, other)]
    for rubric in ("diploma", "recommendation", "competence"):
        added(owner, rubric)
    seen = []
    for caller, id in zip((owner, other), first, strict=True):
        dossier = saved(caller, purpose="AUTRE", entries=[id])
        shown = everything_told(caller, dossier["id"])
        stamp = told(caller, dossier["id"])["panorama"]["lastUpdate"]
        for own in (id, dossier["id"], stamp):
            shown = shown.replace(own, "…")
        seen.append(shown)
    assert seen[0] == seen[1]


def test_a_whole_rubric_takes_what_is_added_later_and_named_entries_do_not(owner: Caller) -> None:
    first = added(owner, "diploma")["id"]
    named = saved(owner, purpose="AUTRE", entries=[first])
    rubric = saved(owner, purpose="AUTRE", rubrics=["DIPLOMA"])
    part = saved(owner, purpose="AUTRE", parts=["FORMATIONS"])
    later = added(owner, "diploma", awardedOn="2012")["id"]
    kept = added(owner, "diploma", shareable=False)["id"]
    training = added(owner, "training")["id"]
    assert entries_told(told(owner, named["id"])) == [first]
    assert entries_told(told(owner, rubric["id"])) == [later, first]
    assert entries_told(told(owner, part["id"])) == [later, first, training]
    assert kept not in everything_told(owner, part["id"])
    withheld = owner.do(REVISE, id=first, version=1, entry={"diploma": {"shareable": False}})
    assert withheld["__typename"] == "EntryRevised"
    assert entries_told(told(owner, rubric["id"])) == [later]
    assert entries_told(told(owner, named["id"])) == [first], "it was named"


def test_attachments_are_numbered_within_the_dossier(owner: Caller) -> None:
    ids = [added(owner, "attachment", title=f"Pièce {letter}")["id"] for letter in "ABC"]
    dossier = saved(owner, purpose="AUTRE", entries=[ids[2], ids[0]])
    assert entries_told(told(owner, dossier["id"])) == [ids[0], ids[2]]


PURPOSES = (
    "PROMOTION_INTERNE",
    "AVANCEMENT_GRADE",
    "MUTATION",
    "DETACHEMENT",
    "BILAN_COMPETENCES",
    "VAE",
    "ENTRETIEN_PROFESSIONNEL",
    "CANDIDATURE",
    "AUTRE",
)


def test_no_new_dossier_starts_with_what_is_private(here: Here) -> None:
    owner = with_booklet(here, "owner")
    home = {"addressLine1": "12 rue du Port", "city": "Arcachon", "postalCode": "33120"}
    assert owner.do(SAY_WHO, identity=home, version=1)["__typename"] == "IdentityRevised"
    secrets = {
        "recommendation": {"text": "préconisation secrète", "shareable": True},
        "extraProfessionalExperience": {
            "title": "section secrète",
            "kind": "ACTION_SYNDICALE",
            "shareable": True,
        },
        "priorLearningRecognition": {
            "title": "bilan secret",
            "kind": "BILAN_COMPETENCES",
            "shareable": True,
        },
        "training": {"title": "formation secrète", "shareable": False},
    }
    for rubric, content in secrets.items():
        added(owner, rubric, **content)
    for rubric in LEAST:
        if rubric not in ("recommendation", "extraProfessionalExperience"):
            added(owner, rubric)
    for purpose in PURPOSES:
        dossier = made_for(owner, purpose)
        shown = everything_told(owner, dossier["id"])
        for word in ("secret", "secrète", "Port", "Arcachon", "33120"):
            assert word not in shown, (purpose, word)
        assert "Lefèvre" in shown
        read = entries_told(told(owner, dossier["id"]))
        assert sorted(read) == sorted(dossier["selectedEntries"]) != []


def test_a_new_dossier_starts_as_its_purpose_says(owner: Caller) -> None:
    for rubric in LEAST:
        added(owner, rubric)
    query = """{ dossierPurposes {
      purpose { code label } title rubrics identityFields situation annexes form order asksDispense
    } }"""
    purposes = owner.ask(query)["dossierPurposes"]
    assert len([one for one in purposes if not one["asksDispense"]]) > 3
    kinds = {one["id"]: one["rubric"] for one in whole(owner)["entries"]}
    for purpose in purposes:
        if purpose["asksDispense"]:
            continue
        dossier = made_for(owner, purpose["purpose"]["code"])
        for key in (
            "purpose",
            "title",
            "rubrics",
            "identityFields",
            "situation",
            "annexes",
            "form",
        ):
            assert dossier[key] == purpose[key]
        read = told(owner, dossier["id"])
        assert read["form"] == "COMPACT"
        assert [part["part"] for part in read["parts"]] == purpose["order"]
        assert dossier["parts"] == dossier["entries"] == []
        taken = {kinds[id] for id in dossier["selectedEntries"]}
        assert taken == set(purpose["rubrics"])


def test_what_binds_to_an_employer_is_to_be_issued_again_by_the_next(owner: Caller) -> None:
    bound = added(owner, "accreditation")["id"]
    free = added(owner, "accreditation", accreditationType="SST")["id"]
    notices = {}
    for purpose in (*PURPOSES, None):
        if purpose is None:
            id = next(one["id"] for one in whole(owner)["dossiers"] if one["builtIn"])
        else:
            id = saved(owner, purpose=purpose, entries=[bound, free])["id"]
        (rubric,) = [
            rubric
            for part in told(owner, id)["parts"]
            for rubric in part["rubrics"]
            if rubric["rubric"] == "ACCREDITATION"
        ]
        notices[purpose] = {
            one["entry"]: line["text"]
            for one in rubric["entries"]
            for line in one["lines"]
            if line["key"] == "reissue"
        }
    notice = {bound: "À redélivrer par le nouvel employeur"}
    assert {purpose for purpose, said in notices.items() if said == notice} == {
        "MUTATION",
        "DETACHEMENT",
    }
    assert sum(map(bool, notices.values())) == 2


def test_the_chosen_identity_and_no_more_is_told(sown: tuple[Caller, dict[str, str]]) -> None:
    owner, ids = sown
    chosen = {"purpose": "AUTRE", "entries": [ids["diploma"]]}
    dossier = saved(owner, **chosen, identityFields=["email"], situation=True)
    holder = told(owner, dossier["id"])["holder"]
    assert holder["civility"] is None
    assert [line["key"] for line in holder["lines"]] == ["email"]
    assert [line["key"] for line in holder["situation"]] == ["employerName"]
    more = changed(owner, dossier, identityFields=["civility", "city"], situation=False)
    holder = told(owner, more["id"])["holder"]
    assert holder["civility"]["code"] == "MME"
    assert [line["key"] for line in holder["lines"]] == ["city"]
    assert holder["situation"] == []
    none = changed(owner, more, identityFields=None, situation=None)
    holder = told(owner, none["id"])["holder"]
    assert (holder["civility"], holder["lines"], holder["lastName"]) == (None, [], "Canarinom")


def test_the_cover_says_what_it_is_for_and_for_whom(owner: Caller) -> None:
    dossier = saved(
        owner,
        purpose="CANDIDATURE",
        title="Vers Pau",
        soughtPost="Cheffe de service",
        recipient="Ville de Pau",
        annexes=["DECREE", "CHECKLIST"],
    )
    shown = told(owner, dossier["id"])
    assert shown["title"] == "Vers Pau"
    assert shown["purpose"] == {"code": "CANDIDATURE", "label": "Candidature"}
    assert (shown["soughtPost"], shown["recipient"]) == ("Cheffe de service", "Ville de Pau")
    assert shown["annexes"] == ["DECREE"]  # no document is there to be listed
    asked = "query ($id: ID!) { booklet { dossier(id: $id) { annexes emptyAnnexes } } }"
    own = owner.ask(asked, id=dossier["id"])["booklet"]["dossier"]
    assert own == {"annexes": ["DECREE", "CHECKLIST"], "emptyAnnexes": ["CHECKLIST"]}
    assert shown["dispense"] is None
    assert "sans validation" in shown["notice"]


def test_a_print_job_is_told_the_selection_too(
    here: Here, sown: tuple[Caller, dict[str, str]]
) -> None:
    owner, ids = sown
    dossier = saved(owner, purpose="AUTRE", entries=[ids["diploma"]])
    other = saved(owner, purpose="AUTRE", entries=[ids["training"]])
    tokens = here.deployment.service.credentials
    job = Caller(here.client, tokens.print_token(whole(owner)["id"], dossier["id"]), "printer")
    assert told(job, dossier["id"]) == told(owner, dossier["id"])
    assert job.ask(PRINTED, id=other["id"]) == {"sharedDossier": None}


def test_the_built_in_dossier_is_still_the_whole_booklet(
    sown: tuple[Caller, dict[str, str]],
) -> None:
    owner, ids = sown
    saved(owner, purpose="AUTRE", entries=[ids["diploma"]])
    id = next(one["id"] for one in whole(owner)["dossiers"] if one["builtIn"])
    shown: Any = told(owner, id)
    assert set(entries_told(shown)) == set(ids.values())
    assert shown["annexes"] == ["PANORAMA", "CHECKLIST", "CHARTER", "DECREE"]
    assert f"{MARK} situation" in str(shown["holder"])
    assert "12 rue canari" in str(shown["holder"])


def test_the_booklet_names_what_no_rubric_chosen_whole_takes_along(
    sown: tuple[Caller, dict[str, str]],
) -> None:
    owner, ids = sown
    asked = owner.ask("{ booklet { namedOnly { id } } }")["booklet"]
    named_only = [one["id"] for one in asked["namedOnly"]]
    dossier = saved(owner, title="Tout", purpose="AUTRE", parts=[one.value for one in Part])
    taken = set(entries_told(told(owner, dossier["id"])))
    assert named_only
    assert set(named_only).isdisjoint(taken)
    assert set(named_only) | taken == set(ids.values())
