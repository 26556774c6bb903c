"""The current situation: written, revised, refused; it says where somebody works and gives no right."""

from functools import partial
from typing import Any

import pytest

from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here
from tests.graphql_api.documents import WHOLE, at_once, kinds, refused, whole
from tests.graphql_api.office import BORDEAUX, ISSUE, LIST, OFFICER_SCOPE, TOURS, offices, stored

FIELDS = """version employerName employerSiret employerInseeCommune employerCity
  employerCountryCode department jobTitle status filiere cadreEmplois grade category since
  permanentJob"""
SITUATE = f"""mutation($situation: SituationInput!, $version: Int!, $key: String) {{
  situationRevise(situation: $situation, version: $version, idempotencyKey: $key) {{
    __typename ... on Refusal {{ code message }} ... on WrongState {{ state }}
    ... on InvalidEntry {{ problems {{ path code message }} }}
    ... on Conflict {{
      currentVersion currentSituation {{ {FIELDS} }}
      currentIdentity {{ version }} currentEntry {{ id }}
    }}
    ... on SituationRevised {{ booklet {{ state version situation {{ {FIELDS} }} }} }}
  }}
}}"""
READ = f"{{ booklet {{ situation {{ {FIELDS} lines {{ key label text }} }} }} }}"
PRINTED = """query($id: ID!) { sharedDossier(id: $id) {
  holder { situation { key label text } }
} }"""
FULL = {
    "employerName": "Commune de Bordeaux",
    "employerSiret": BORDEAUX,
    "employerInseeCommune": "33063",
    "employerCity": "Bordeaux",
    "employerCountryCode": "FR",
    "department": "Direction de l’état civil",
    "jobTitle": "Responsable du service état civil",
    "status": "TITULAIRE",
    "filiere": "ADM",
    "cadreEmplois": "REDACTEURS",
    "grade": "Rédactrice principale de 2e classe",
    "category": "B",
    "since": "2015-09",
    "permanentJob": True,
}


def revised(caller: Caller, version: int, **fields: Any) -> Any:
    answer = caller.do(SITUATE, situation=fields, version=version)
    assert answer["__typename"] == "SituationRevised", answer
    return answer["booklet"]["situation"]


def read(caller: Caller) -> Any:
    return caller.ask(READ)["booklet"]["situation"]


def printed(caller: Caller) -> Any:
    (built_in,) = whole(caller)["dossiers"]
    holder = caller.ask(PRINTED, id=built_in["id"])["sharedDossier"]["holder"]
    return {line["key"]: line["text"] for line in holder["situation"]}


def test_there_is_none_until_it_is_written(owner: Caller) -> None:
    assert read(owner) is None
    assert printed(owner) == {}


def test_every_field_comes_back_as_it_was_written(owner: Caller) -> None:
    assert revised(owner, 0, **FULL) == {"version": 1, **FULL}
    found = read(owner)
    lines = {line["key"]: line["text"] for line in found.pop("lines")}
    assert found == {"version": 1, **FULL}
    assert list(lines) == [key for key in FULL if key != "employerCountryCode"]  # it is France
    assert lines["employerSiret"] == "213 300 635 00017"
    assert lines["since"] == "septembre 2015"
    assert lines["permanentJob"] == "Oui"
    employer = {key: lines.pop(key) for key in list(lines) if key.startswith("employer")}
    told = printed(owner)
    # A reader is told who the employer is; the numbers of SIRET and INSEE stay in the data.
    assert told.pop("employerName") == f"{employer['employerName']}, {employer['employerCity']}"
    assert told == lines


def test_it_is_sealed_and_counted_like_any_other_write(here: Here, owner: Caller) -> None:
    before = whole(owner)
    revised(owner, 0, jobTitle="Régisseuse-canari")
    rows = repr(stored(here))
    assert "canari" not in rows
    after = whole(owner)
    assert after["version"] == before["version"] + 1
    assert after["identity"] == before["identity"]


def test_what_is_absent_stays_and_null_erases(owner: Caller) -> None:
    revised(owner, 0, **FULL)
    written = revised(owner, 1, grade=None, department="  ", jobTitle=" Adjointe ")
    changes = {"version": 2, "grade": None, "department": None, "jobTitle": "Adjointe"}
    assert written == FULL | changes
    assert revised(owner, 2) == FULL | changes | {"version": 3}


def test_erasing_everything_leaves_nothing_to_print(owner: Caller) -> None:
    revised(owner, 0, **FULL)
    revised(owner, 1, **dict.fromkeys(FULL))
    assert read(owner)["lines"] == []
    assert printed(owner) == {}


def test_every_fault_is_named_at_once_in_the_order_of_the_fields(owner: Caller) -> None:
    revised(owner, 0, jobTitle="Régisseuse")
    before = owner.ask(READ), whole(owner)
    wrong = {
        "employerName": "x" * 201,
        "employerSiret": "12345678901234",
        "employerInseeCommune": "2C001",
        "employerCountryCode": "XX",
        "department": "x" * 151,
        "jobTitle": "a\u0007b",
        "status": "PRESIDENT",
        "filiere": "x",
        "cadreEmplois": "x",
        "grade": "x\x07y",
        "category": "E",
        "since": "2099",
    }
    assert refused(owner.do(SITUATE, situation=wrong, version=1)) == [
        ("situation.employerName", "TOO_LONG"),
        ("situation.employerSiret", "FORMAT"),
        ("situation.employerInseeCommune", "FORMAT"),
        ("situation.employerCountryCode", "UNKNOWN_CODE"),
        ("situation.department", "TOO_LONG"),
        ("situation.jobTitle", "CONTROL_CHARACTER"),
        ("situation.status", "UNKNOWN_CODE"),
        ("situation.filiere", "UNKNOWN_CODE"),
        ("situation.cadreEmplois", "UNKNOWN_CODE"),
        ("situation.grade", "CONTROL_CHARACTER"),
        ("situation.category", "UNKNOWN_CODE"),
        ("situation.since", "DATE_OUT_OF_RANGE"),
    ]
    assert (owner.ask(READ), whole(owner)) == before


@pytest.mark.parametrize("field", ["employerSiret", "employerInseeCommune", "employerCity"])
def test_what_is_said_of_an_employer_needs_its_name(owner: Caller, field: str) -> None:
    answer = owner.do(SITUATE, situation={field: FULL[field]}, version=0)
    assert refused(answer) == [("situation.employerName", "REQUIRED")]
    revised(owner, 0, employerName="Commune", **{field: FULL[field]})
    answer = owner.do(SITUATE, situation={"employerName": None}, version=1)
    assert refused(answer) == [("situation.employerName", "REQUIRED")]
    assert read(owner)["employerName"] == "Commune"


def test_an_outdated_version_gets_the_present_situation(owner: Caller) -> None:
    answer = owner.do(SITUATE, situation=FULL, version=1)
    assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 0)
    assert answer["currentSituation"] is None
    now = revised(owner, 0, **FULL)
    for version in (0, 2, -1):
        answer = owner.do(SITUATE, situation={"grade": "x\x07y"}, version=version)
        assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 1)
        assert answer["currentSituation"] == now
        assert answer["currentIdentity"] is answer["currentEntry"] is None
    assert read(owner)["version"] == 1


def test_of_eight_revisions_at_once_one_is_written(owner: Caller) -> None:
    titles = [f"Poste {number}" for number in range(8)]
    answers = at_once(
        *(partial(owner.do, SITUATE, situation={"jobTitle": one}, version=0) for one in titles)
    )
    assert kinds(answers) == ["Conflict"] * 7 + ["SituationRevised"]
    assert read(owner)["version"] == 1


def test_a_situation_and_an_identity_revised_at_once_are_both_written(owner: Caller) -> None:
    identity = {"identity": {"city": "Pessac"}, "version": 1}
    answers = at_once(
        partial(owner.do, SITUATE, situation={"jobTitle": "Régisseuse"}, version=0),
        partial(owner.do, IDENTIFY, **identity),
    )
    assert kinds(answers) == ["IdentityRevised", "SituationRevised"]
    assert (read(owner)["version"], whole(owner)["identity"]["version"]) == (1, 2)


def test_the_same_request_under_one_key_is_done_once(owner: Caller) -> None:
    sent = {"situation": {"jobTitle": "Régisseuse"}, "version": 0, "key": "k"}
    first = owner.do(SITUATE, **sent)
    before = whole(owner)
    assert owner.do(SITUATE, **sent) == first
    other = owner.do(SITUATE, situation={"jobTitle": "Autre"}, version=1, key="k")
    assert other["__typename"] == "IdempotencyMismatch"
    assert whole(owner) == before
    assert read(owner)["jobTitle"] == "Régisseuse"


def test_it_waits_for_the_charter_and_not_for_the_identity(here: Here) -> None:
    agent = here.caller("agent")
    sent = {"situation": {"jobTitle": "Régisseuse"}, "version": 0}
    answer = agent.do(SITUATE, **sent)
    assert (answer["__typename"], answer["state"]) == ("WrongState", "NONE")
    agent.do(OPEN, code=here.code())
    answer = agent.do(SITUATE, **sent)
    assert (answer["__typename"], answer["state"]) == ("WrongState", "CODE_GIVEN")
    agent.do(CHARTER)
    answer = agent.do(SITUATE, **sent)
    assert answer["booklet"]["state"] == "CHARTER_ACCEPTED"
    agent.do(IDENTIFY, identity=IDENTITY, version=0)
    assert read(agent)["jobTitle"] == "Régisseuse"


def test_a_booklet_outlives_a_change_of_employer(owner: Caller) -> None:
    revised(owner, 0, **FULL)
    before = whole(owner)
    moved = {"employerName": "Commune de Tours", "employerSiret": TOURS, "since": "2026-10"}
    written = revised(owner, 1, **moved)
    assert (written["employerName"], written["employerSiret"]) == ("Commune de Tours", TOURS)
    after = whole(owner)
    changed = {"version", "updatedAt"}
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }


def test_naming_an_employer_makes_nobody_its_officer(here: Here, owner: Caller) -> None:
    revised(owner, 0, **FULL)
    claims = here.caller("owner", OFFICER_SCOPE)
    assert offices(claims) == []
    assert claims.error(LIST, siret=BORDEAUX) == "FORBIDDEN"
    assert claims.error(ISSUE, siret=BORDEAUX, count=1) == "FORBIDDEN"


def test_somebody_else_s_situation_is_out_of_reach(here: Here, owner: Caller) -> None:
    revised(owner, 0, **FULL)
    before = stored(here)
    other = here.caller("other")
    assert other.ask(READ)["booklet"] is None
    assert other.do(SITUATE, situation={"grade": None}, version=1)["state"] == "NONE"
    assert here.nobody().error(SITUATE, situation={}, version=1) == "UNAUTHENTICATED"
    reader = here.caller("owner", "livret:read")
    assert reader.error(SITUATE, situation={}, version=1) == "INSUFFICIENT_SCOPE"
    assert stored(here) == before


@pytest.mark.parametrize(
    "situation", [{"jobTitle": 5}, {"permanentJob": "oui"}, {"version": 1}, {"x": 1}, [], None, "x"]
)
def test_what_is_no_situation_is_refused_whole(owner: Caller, situation: Any) -> None:
    answer = owner.post({"query": SITUATE, "variables": {"situation": situation, "version": 0}})
    assert answer.status_code == 400
    assert owner.ask(WHOLE)["booklet"]["version"] == 3
    assert read(owner) is None
