"""The files of a dossier hold what was selected; of the rest not a byte, not even its absence."""

from typing import Any

import pytest

from tests.conftest import Caller
from tests.graphql_api.canaries import MARK, entry_with_canaries, sow
from tests.graphql_api.documents import (
    ADD,
    LEAST,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    whole,
)
from tests.graphql_api.dossiers.dossiers import saved
from tests.graphql_api.dossiers.downloads import Served
from tests.graphql_api.dossiers.layers import layers_of

OTHER = "kanari"
SITUATION = """mutation($situation: SituationInput!, $version: Int!) {
  situationRevise(situation: $situation, version: $version) { __typename }
}"""
WORKS_AT = {
    "employerName": f"{MARK} employer",
    "employerCity": f"{MARK} workplace",
    "department": f"{MARK} department",
    "jobTitle": f"{MARK} post",
    "grade": f"{MARK} grade",
}
IDENTITY = {
    "addressLine1": "12 rue canari",
    "addressLine2": "canari étage",
    "city": "Canariville",
    "email": "canari@example.org",
    "phoneMobile": "0699887766",
    "birthDate": "13/04/1980",
}
FORMS = pytest.mark.parametrize("forms", [("html", "zip"), ("pdf",)], ids="+".join)
TIED = ("training", "professionalExperience", "tutoringExperience")
ALL = ["PANORAMA", "CHECKLIST", "CHARTER", "DECREE"]
Ids = dict[str, str]


def another(value: Any) -> Any:
    """The same content under another mark."""
    if isinstance(value, dict):
        return {name: another(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [another(inner) for inner in value]
    return value.replace(MARK, OTHER) if isinstance(value, str) else value


def planted(served: Served) -> tuple[Caller, Ids]:
    """An owner with two entries of every rubric, canaries in every field, ties, and their ids."""
    owner, made = sow(served.here)
    ids = {f"{MARK} {rubric}": one["id"] for rubric, one in made.items()}
    for rubric in LEAST:
        second = another(entry_with_canaries(rubric))
        if rubric == "drivingLicence":
            second[rubric]["licenceCategory"] = "C"  # no category stands twice in a booklet
        answer = owner.do(ADD, entry=second)
        assert answer["__typename"] == "EntryAdded", answer
        ids[f"{OTHER} {rubric}"] = answer["entry"]["id"]
    competence, proof = ids[f"{OTHER} competence"], ids[f"{OTHER} attachment"]
    for rubric in TIED:
        target = ids[f"{MARK} {rubric}"]
        tied(owner, LINK, competence, target, relation="USED", note=f"{MARK} note {rubric}")
        tied(owner, PROVE, proof, target)
    answer = owner.do(SITUATION, situation=WORKS_AT, version=0)
    assert answer["__typename"] == "SituationRevised"
    return owner, ids


def tied(owner: Caller, document: str, id: str, target: str, **more: Any) -> None:
    answer = owner.do(document, id=id, version=version_of(owner, id), target=target, **more)
    assert answer["__typename"] == "TieWritten", answer


def version_of(owner: Caller, id: str) -> int:
    return int(next(one["version"] for one in whole(owner)["entries"] if one["id"] == id))


def found_in(layers: str, words: Any) -> set[str]:
    """Which of the words stand in the layers of a file."""
    return {word for word in words if "".join(word.split()).lower() in layers}


def selection(name: str, ids: Ids) -> dict[str, Any]:
    pair = [ids[f"{OTHER} competence"], ids[f"{MARK} training"]]
    return {
        "one entry": {"entries": [ids[f"{OTHER} diploma"]], "annexes": ALL},
        "one entry, no annex": {"entries": [ids[f"{MARK} recommendation"]], "annexes": []},
        "a rubric": {"rubrics": ["COMPETENCE"], "identityFields": ["email"], "annexes": ALL},
        "a part": {"parts": ["FORMATIONS"], "situation": True, "annexes": ["PANORAMA"]},
        "a tie": {"entries": pair, "identityFields": ["city", "birthDate"], "annexes": ALL},
        "a proof": {
            "entries": [ids[f"{OTHER} attachment"], ids[f"{MARK} tutoringExperience"]],
            "annexes": ["CHECKLIST"],
        },
        "everything": {
            "entries": list(ids.values()),
            "identityFields": list(IDENTITY),
            "situation": True,
            "annexes": ALL,
        },
    }[name] | {"purpose": "AUTRE", "title": "Sélection"}


SELECTIONS = (
    *("one entry", "one entry, no annex", "a rubric", "a part", "a tie", "a proof", "everything"),
)


def downloaded(served: Served, owner: Caller, dossier: str, form: str) -> bytes:
    answer = served.download(owner, dossier, form=form)
    assert answer.status_code == 200, answer.text
    return answer.content


@FORMS
@pytest.mark.parametrize("laid_out", ["COMPACT", "FULL"])
def test_no_layer_of_a_file_holds_what_was_not_selected(
    served: Served, forms: tuple[str, ...], laid_out: str
) -> None:
    owner, ids = planted(served)
    for name in SELECTIONS:
        chosen = selection(name, ids) | {"form": laid_out}
        dossier = saved(owner, **{"identityFields": [], "situation": False, **chosen})
        taken = {word for word, id in ids.items() if id in dossier["selectedEntries"]}
        told = {IDENTITY[field] for field in chosen.get("identityFields", ())}
        works = set(WORKS_AT.values()) if chosen.get("situation") else set()
        notes = {
            f"{MARK} note {rubric}"
            for rubric in TIED
            if {f"{OTHER} competence", f"{MARK} {rubric}"} <= taken
        }
        assert taken
        for form in forms:
            layers = layers_of(downloaded(served, owner, dossier["id"], form), form)
            assert found_in(layers, ids) == taken, name
            assert {word for word, id in ids.items() if id in layers} == taken, name
            assert found_in(layers, IDENTITY.values()) == told, name
            assert found_in(layers, WORKS_AT.values()) == works, name
            assert found_in(layers, (f"{MARK} note {rubric}" for rubric in TIED)) == notes, name


@FORMS
def test_whatever_becomes_of_what_was_not_selected_a_file_keeps_its_bytes(
    served: Served, forms: tuple[str, ...]
) -> None:
    owner, ids = planted(served)
    chosen = [ids[f"{MARK} {rubric}"] for rubric in ("training", "competence", "attachment")]
    dossiers = [
        saved(owner, **selection("a rubric", ids))["id"],
        saved(owner, purpose="AUTRE", entries=chosen, identityFields=["city"], annexes=ALL)["id"],
    ]
    before = [downloaded(served, owner, id, form) for id in dossiers for form in forms]
    competence, proof = ids[f"{MARK} competence"], ids[f"{MARK} attachment"]
    tied(owner, LINK, competence, ids[f"{MARK} tutoringExperience"], relation="USED", note="x")
    tied(owner, PROVE, proof, ids[f"{OTHER} diploma"])
    for rubric in LEAST:
        id = ids[f"{OTHER} {rubric}"]
        if rubric == "competence":  # one of the dossiers takes all of them
            continue
        done = owner.do(
            REVISE, id=id, version=version_of(owner, id), entry={rubric: {"comment": "x"}}
        )
        assert done["__typename"] == "EntryRevised", done
        if rubric == "attachment":  # the other rubrics that are left are arranged by date
            done = owner.do(MOVE, id=id, version=version_of(owner, id), before=proof)
            assert done["__typename"] == "EntryMoved", done
        done = owner.do(REMOVE, id=id, version=version_of(owner, id))
        assert done["__typename"] == "EntryRemoved", done
        added = entry_with_canaries(rubric)
        if rubric != "drivingLicence":
            assert owner.do(ADD, entry=added)["__typename"] == "EntryAdded"
    revised = {
        "addressLine1": "1 rue neuve",
        "phoneMobile": "0612345678",
        "birthDate": "1981-01-01",
    }
    version = whole(owner)["identity"]["version"]
    done = owner.do(SAY_WHO, identity=revised, version=version)
    assert done["__typename"] == "IdentityRevised", done
    done = owner.do(SITUATION, situation={"jobTitle": "Autre poste"}, version=1)
    assert done["__typename"] == "SituationRevised", done
    saved(owner, purpose="MUTATION")
    after = [downloaded(served, owner, id, form) for id in dossiers for form in forms]
    assert after == before
    assert len(set(before)) == len(before)
