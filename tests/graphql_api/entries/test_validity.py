"""Where accreditations and licences stand: in warnings, the panorama, a dossier and summaries."""

from typing import Any

from tests.conftest import Caller, Here
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.documents import REVISE, added
from tests.graphql_api.dossiers.dossiers import saved, told
from tests.graphql_api.summaries.summaries import read, registered

PANORAMA = "{ booklet { panorama { validity { entry status label validUntil } } } }"
WARNINGS = """query($id: ID!) {
  booklet { entry(id: $id) { warnings { path code message } } }
}"""
TYPES = """{ codeTables(names: ["accreditationType"]) { codes {
  code label categories usualMonths untilYearEnd renewedBy validitySource employerBound retired
} } }"""


def standing(caller: Caller) -> dict[str, str]:
    items = caller.ask(PANORAMA)["booklet"]["panorama"]["validity"]
    return {item["entry"]: item["label"] for item in items}


def warned(caller: Caller, id: str) -> list[tuple[str, str]]:
    warnings = caller.ask(WARNINGS, id=id)["booklet"]["entry"]["warnings"]
    return [(one["code"], one["message"]) for one in warnings if one["path"] == "validUntil"]


def sst(caller: Caller, issued: int, until: int | None, **more: Any) -> str:
    fields = {"issuedOn": f"{issued}", "validUntil": f"{until}" if until else None} | more
    id: str = added(caller, "accreditation", accreditationType="SST", categories=None, **fields)[
        "id"
    ]
    return id


def test_a_title_renewed_twice_is_announced_once(here: Here, owner: Caller) -> None:
    year = here.clock.today.year
    first = sst(owner, year - 8, year - 6)
    assert [code for code, _ in warned(owner, first)] == ["EXPIRED"]
    second, third = sst(owner, year - 6, year - 3), sst(owner, year - 1, year + 2)
    assert standing(owner) == {first: "Renouvelée", second: "Renouvelée", third: "Valide"}
    assert warned(owner, first) == warned(owner, second) == warned(owner, third) == []
    old_alone = told(owner, saved(owner, purpose="AUTRE", entries=[first])["id"])
    assert [one["label"] for one in old_alone["panorama"]["validity"]] == ["Expirée"]


def test_a_title_of_a_type_that_expires_is_not_without_end(here: Here, owner: Caller) -> None:
    no_end = sst(owner, 2012, None)
    licence = added(owner, "drivingLicence", licenceCategory="C", obtainedOn="2012")["id"]
    bafa = added(
        owner, "accreditation", accreditationType="BAFA", categories=None, issuedOn="2012"
    )["id"]
    car = added(owner, "drivingLicence", licenceCategory="B", obtainedOn="2012")["id"]
    assert standing(owner) == {
        no_end: "Échéance non renseignée",
        licence: "Échéance non renseignée",
        bafa: "Sans échéance",
        car: "Sans échéance",
    }
    ((code, message),) = warned(owner, no_end)
    assert (code, "en général 2 ans" in message) == ("RECOMMENDED", True)
    site = registered(here)
    consent(here, owner, "AUTHORISATIONS_STATUS")
    (summary,) = read(site)["nodes"]
    states = sorted(one["validity"] for one in summary["authorisations"])
    assert states == ["EXPIRY_NOT_GIVEN"] * 2 + ["NO_EXPIRY"] * 2
    answer = owner.do(REVISE, id=no_end, version=1, entry={"accreditation": {"validUntil": "2014"}})
    assert answer["__typename"] == "EntryRevised"
    assert standing(owner)[no_end] == "Expirée"


def test_the_types_say_how_long_they_last_and_which_text_says_so(owner: Caller) -> None:
    (table,) = owner.ask(TYPES)["codeTables"]
    types = {code["code"]: code for code in table["codes"]}
    assert types["PSE1"] == {
        "code": "PSE1",
        "label": "Premiers secours en équipe de niveau 1 (PSE1)",
        "categories": [],
        "usualMonths": 12,
        "untilYearEnd": True,
        "renewedBy": "Formation continue annuelle",
        "validitySource": "Arrêté du 21 décembre 2020 (formation continue aux premiers secours)",
        "employerBound": False,
        "retired": False,
    }
    assert {"CACES_R372M", "AGREMENT_PM"} <= set(types)
    assert (types["ARMEMENT_PM"]["employerBound"], types["BAFA"]["validitySource"]) == (True, None)
