"""What real careers have is taken and counted: old levels, weeks, decimals, trades and places."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Caller, Here
from tests.graphql_api.documents import ADD, added, entry, refused, whole

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


@pytest.mark.parametrize(
    ("quota", "shown"), [(57.14, "57,14 %"), (80, "80 %"), (17.5, "17,5 %"), (0.5, "0,5 %")]
)
def test_a_working_time_has_two_decimals(owner: Caller, quota: float, shown: str) -> None:
    post = added(owner, "professionalExperience", workQuota=quota)
    assert shown in [line["text"] for line in post["lines"] if line["key"] == "workQuota"]


def test_a_working_time_of_three_decimals_is_refused_by_its_name(owner: Caller) -> None:
    sent = entry("professionalExperience", workQuota=57.143)
    assert refused(owner.do(ADD, entry=sent)) == [
        ("entry.professionalExperience.workQuota", "FORMAT")
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(8, "8 semaines"), (1, "1 semaine"), (1234.25, "1234,25 semaines")]
)
def test_a_duration_is_taken_in_weeks(owner: Caller, value: float, shown: str) -> None:
    tutoring = added(owner, "tutoringExperience", durationValue=value, durationUnit="WEEK")
    assert shown in [line["text"] for line in tutoring["lines"]]


def test_a_week_is_five_days_of_training(owner: Caller) -> None:
    added(owner, "training", statutoryType="PM_INITIALE", durationValue=2, durationUnit="WEEK")
    expected = {"statutoryType": {"code": "PM_INITIALE"}, "days": 10.0}
    assert panorama(owner)["trainingDays"] == [expected]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("PM_INITIALE", "Formation initiale d’application (FIA) de la police municipale"),
        ("PM_CONTINUE", "Formation continue obligatoire (FCO) de la police municipale"),
        ("SPP_ADAPTATION_EMPLOI", "Formation d’adaptation à l’emploi des sapeurs-pompiers"),
    ],
)
def test_trainings_of_police_and_fire_fighters_have_their_types(
    owner: Caller, code: str, label: str
) -> None:
    training = added(owner, "training", statutoryType=code)
    assert label in [line["text"] for line in training["lines"]]


def test_a_career_in_a_commune_of_polynesia_is_taken_without_a_filiere(owner: Caller) -> None:
    held = {"category": "D", "cadreEmplois": "PF_EXECUTION", "grade": "Agent"}
    post = added(owner, "professionalExperience", status="TITULAIRE", missions="Voirie", **held)
    texts = {line["key"]: line["text"] for line in post["lines"]}
    assert texts["category"] == "D (communes de Polynésie française)"
    assert texts["cadreEmplois"] == "Exécution (communes de Polynésie française)"
    assert post["warnings"] == []


@pytest.mark.parametrize("department", ["971", "976", "978", "986", "987", "988"])
def test_an_exam_is_organised_in_any_department_overseas(owner: Caller, department: str) -> None:
    seen = {"organiser": "CDG", "organiserDepartment": department, "category": "C", "grade": "x"}
    exam = added(owner, "competitiveExam", cadreEmplois="PF_APPLICATION", **seen)
    assert department in [line["text"] for line in exam["lines"]]
    assert exam["warnings"] == []


@pytest.mark.parametrize("department", ["970", "979", "985", "989"])
def test_a_department_that_does_not_exist_is_refused(owner: Caller, department: str) -> None:
    sent = entry("competitiveExam", organiserDepartment=department)
    assert refused(owner.do(ADD, entry=sent)) == [
        ("entry.competitiveExam.organiserDepartment", "FORMAT")
    ]


def test_kosovo_is_a_country(owner: Caller) -> None:
    diploma = added(owner, "diploma", institutionCountryCode="XK")
    assert "Kosovo" in [line["text"] for line in diploma["lines"]]


def test_what_happened_today_in_noumea_is_not_in_the_future(here: Here, owner: Caller) -> None:
    evening = (here.clock() + timedelta(days=1)).replace(hour=18)
    here.clock.stop(evening)
    noumea = (evening + timedelta(hours=11)).date()
    assert noumea == here.clock.today + timedelta(days=1)
    owner = here.caller("owner")
    training = added(owner, "training", start=noumea.isoformat(), ongoing=True)
    assert "NOT_STARTED" not in [each["code"] for each in training["warnings"]]
    added(owner, "diploma", awardedOn=noumea.isoformat())
    the_day_after = (noumea + timedelta(days=1)).isoformat()
    assert refused(owner.do(ADD, entry=entry("diploma", awardedOn=the_day_after))) == [
        ("entry.diploma.awardedOn", "DATE_IN_FUTURE")
    ]
