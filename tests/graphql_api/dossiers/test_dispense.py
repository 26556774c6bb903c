"""The dossier of a request for an exemption: saved when the law allows it, refused with its reasons."""

from typing import Any

from schema.typography import typeset
from tests.conftest import Caller
from tests.graphql_api.documents import REMOVE, added, refused
from tests.graphql_api.dossiers.dossiers import SAVE, changed, dossiers_of, made_for, saved, told

FORM: dict[str, Any] = {
    "employerName": "Commune de Bordeaux",
    "signatoryName": "Jeanne Roy",
    "signatoryRole": "Maire",
    "cadreEmplois": "REDACTEURS",
    "trainingType": "INTEGRATION",
    "statutoryDays": 10,
    "requestedDays": 5,
    "ground": "ART18_EXPERIENCE",
    "duties": "Instruire les demandes.",
}
PURPOSE = "DISPENSE_FORMATION"


def refusals(owner: Caller, form: dict[str, Any] | None, **more: Any) -> list[tuple[str, str]]:
    sent = {"purpose": PURPOSE, "dispense": form, **more}
    found = refused(owner.do(SAVE, dossier=sent))
    assert all(path.startswith("dossier.") for path, _ in found)
    return [(path.removeprefix("dossier."), code) for path, code in found]


def test_an_exemption_is_asked_for_with_what_the_dossier_shows(owner: Caller) -> None:
    added(owner, "professionalExperience")
    dossier = made_for(owner, PURPOSE, dispense=FORM, recipient="CNFPT")
    shown = told(owner, dossier["id"])
    assert shown["purpose"]["code"] == PURPOSE
    lines = {line["key"]: line["text"] for line in shown["dispense"]["lines"]}
    assert [line["text"] for line in shown["dispense"]["days"]] == [
        "10 jours",
        "5 jours",
        "5 jours",
    ]
    assert lines["extent"] == "Dispense partielle"
    assert lines["presentedBy"] == "L’agent"
    assert lines["addressee"] == "Délégation régionale du CNFPT"
    assert shown["dispense"]["signatures"] == [
        typeset("L’agent : Maëlle Lefèvre"),
        typeset("Pour Commune de Bordeaux : Jeanne Roy, Maire"),
    ]
    own = [line["key"] for line in dossier["dispense"]["lines"]]
    assert [key for key in own if key not in ("statutoryDays", "requestedDays")] == list(lines)


def test_the_reasons_of_a_refusal_are_told_and_nothing_is_written(owner: Caller) -> None:
    added(owner, "professionalExperience", start="2024-01", ongoing=None, end="2024-12")
    added(owner, "diploma")
    wrong = FORM | {
        "ground": "ART18_EXPERIENCE",
        "trainingType": "PROF_TOUT_AU_LONG",
        "cadreEmplois": "AGENTS_POLICE_MUNICIPALE",
        "requestedDays": 11,
    }
    assert refusals(owner, wrong) == [
        ("rubrics", "LEVEL_REQUIRED"),
        ("dispense.cadreEmplois", "OUTSIDE_DECREE"),
        ("dispense.requestedDays", "OUT_OF_RANGE"),
        ("dispense.ground", "GROUND_NOT_OPEN"),
        ("dispense.ground", "EXPERIENCE_TOO_SHORT"),
    ]
    assert refusals(owner, None) == [("dispense", "REQUIRED")]
    bare = refusals(owner, {"ground": "ART19"}, rubrics=[])
    assert bare == [
        ("dispense.employerName", "REQUIRED"),
        ("dispense.cadreEmplois", "REQUIRED"),
        ("dispense.trainingType", "REQUIRED"),
        ("dispense.statutoryDays", "REQUIRED"),
        ("dispense.requestedDays", "REQUIRED"),
        ("dispense.ground", "UNKNOWN_CODE"),
    ]
    assert len(dossiers_of(owner)) == 1


def test_posts_that_are_not_selected_do_not_count(owner: Caller) -> None:
    long, short = (
        added(owner, "professionalExperience", start=start, ongoing=None, end=end)["id"]
        for start, end in (("2010", "2019"), ("2024-01", "2024-06"))
    )
    assert refusals(owner, FORM, entries=[short]) == [("dispense.ground", "EXPERIENCE_TOO_SHORT")]
    assert saved(owner, purpose=PURPOSE, dispense=FORM, entries=[long])["version"] == 1


def test_the_form_is_revised_field_by_field(owner: Caller) -> None:
    added(owner, "professionalExperience")
    dossier = made_for(owner, PURPOSE, dispense=FORM)
    again = changed(owner, dossier, dispense={"requestedDays": 10, "signatoryRole": None})
    lines = {line["key"]: line["text"] for line in again["dispense"]["lines"]}
    assert lines["extent"] == "Dispense totale"
    assert "signatoryRole" not in lines
    assert lines["duties"] == FORM["duties"]
    sent = {"dispense": {"ground": None}}
    answer = owner.do(SAVE, dossier=sent, id=dossier["id"], version=2)
    assert refused(answer) == [("dossier.dispense.ground", "REQUIRED")]
    answer = owner.do(SAVE, dossier={"dispense": None}, id=dossier["id"], version=2)
    assert refused(answer) == [("dossier.dispense", "REQUIRED")]


def test_another_purpose_leaves_the_form_behind(owner: Caller) -> None:
    added(owner, "professionalExperience")
    dossier = made_for(owner, PURPOSE, dispense=FORM)
    other = changed(owner, dossier, purpose="MUTATION")
    assert other["dispense"] is None
    assert told(owner, other["id"])["dispense"] is None
    back = owner.do(SAVE, dossier={"purpose": PURPOSE}, id=other["id"], version=2)
    assert refused(back) == [("dossier.dispense", "REQUIRED")]


def test_what_would_refuse_it_later_is_told_to_its_owner(owner: Caller) -> None:
    post = added(owner, "professionalExperience")
    dossier = made_for(owner, PURPOSE, dispense=FORM)
    codes = {(one["path"], one["code"]) for one in dossier["warnings"]}
    assert ("dispense.duties", "NO_SUPPORT") in codes
    assert ("dispense.ground", "EXPERIENCE_TOO_SHORT") not in codes
    assert owner.do(REMOVE, id=post["id"], version=1)["__typename"] == "EntryRemoved"
    warnings = dossiers_of(owner)[1]["warnings"]
    assert ("dispense.ground", "EXPERIENCE_TOO_SHORT") in {
        (one["path"], one["code"]) for one in warnings
    }
    answer = owner.do(SAVE, dossier={"title": "X"}, id=dossier["id"], version=1)
    assert refused(answer) == [("dossier.dispense.ground", "EXPERIENCE_TOO_SHORT")]


def test_the_form_can_be_built_from_the_guide(owner: Caller) -> None:
    fields = owner.ask("{ dispenseForm { key label kind required table } }")["dispenseForm"]
    tables = owner.ask("{ codeTables { name codes { code label } } }")["codeTables"]
    names = {one["name"]: [code["code"] for code in one["codes"]] for one in tables}
    assert {one["key"] for one in fields} >= set(FORM)
    assert [one["table"] for one in fields if one["table"]] == [
        "cadreEmplois",
        "dispenseTraining",
        "dispenseGround",
    ]
    assert names["dispenseGround"] == [
        "ART17_FORMATIONS",
        "ART17_BILANS",
        "ART18_TITRE_DIPLOME",
        "ART18_EXPERIENCE",
    ]
    assert len(names["dispenseTraining"]) == 5


def test_years_outside_of_the_service_open_no_exemption(owner: Caller) -> None:
    leave = {"start": "2019-01", "end": "2023-12", "ongoing": None}
    added(owner, "professionalExperience", **leave, administrativePosition="DISPONIBILITE")
    added(owner, "professionalExperience", **leave, administrativePosition="CONGE_PARENTAL")
    assert refusals(owner, FORM) == [("dispense.ground", "EXPERIENCE_TOO_SHORT")]
    added(owner, "professionalExperience", **leave, administrativePosition="DETACHEMENT")
    assert made_for(owner, PURPOSE, dispense=FORM, recipient="CNFPT")


def test_three_lone_years_entered_twice_open_no_exemption(owner: Caller) -> None:
    for _ in range(2):
        added(owner, "professionalExperience", start="2015", end="2017", ongoing=None)
    assert refusals(owner, FORM) == [("dispense.ground", "EXPERIENCE_TOO_SHORT")]
