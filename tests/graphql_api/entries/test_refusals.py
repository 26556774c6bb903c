"""Refusals of entries: every fault at once, the present state on a conflict, one word for absent."""

from typing import Any

import pytest
from graphql import GraphQLUnionType, get_named_type

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from schema.typography import typeset
from tests.conftest import IDENTITY, Caller, Here
from tests.graphql_api.documents import (
    ADD,
    LEAST,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    UNLINK,
    UNPROVE,
    added,
    entry,
    refused,
    seen,
    whole,
)

REQUIRED = {
    "diploma": ["title", "kind", "outcome", "route"],
    "competitiveExam": ["title", "examType", "branch", "session", "result"],
    "training": ["title", "role", "start"],
    "accreditation": ["accreditationType", "issuedOn"],
    "drivingLicence": ["licenceCategory", "obtainedOn"],
    "professionalExperience": ["jobTitle", "sector", "employerName", "start"],
    "extraProfessionalExperience": ["title", "kind", "start"],
    "tutoringExperience": ["kind", "employerName", "start"],
    "competence": ["kind", "label"],
    "priorLearningRecognition": ["kind", "title", "start"],
    "attachment": ["title", "kind"],
    "recommendation": ["origin", "madeOn", "text"],
}
FAULTS: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    (
        "diploma",
        {
            "kind": "X",
            "speciality": "x" * 201,
            "level": "9",
            "awardedOn": ...,
            "institutionSiret": "12345678901234",
            "institutionCity": "a\x07b",
            "studyStart": "2012",
            "studyEnd": "2011",
            "content": "x" * 10_001,
            "certificationCode": "RNCP",
            "comment": "x" * 4_001,
        },
        [
            ("kind", "UNKNOWN_CODE"),
            ("speciality", "TOO_LONG"),
            ("level", "UNKNOWN_CODE"),
            ("awardedOn", "REQUIRED"),
            ("institutionSiret", "FORMAT"),
            ("institutionCity", "CONTROL_CHARACTER"),
            ("studyEnd", "END_BEFORE_START"),
            ("content", "TOO_LONG"),
            ("certificationCode", "FORMAT"),
            ("comment", "TOO_LONG"),
        ],
    ),
    (
        "competitiveExam",
        {
            "session": "2015-03",
            "result": "ADMIS",
            "organiser": "AUTRE",
            "organiserDepartment": "999",
        },
        [
            ("organiserDepartment", "FORMAT"),
            ("organiserName", "REQUIRED"),
            ("session", "FORMAT"),
            ("admittedOn", "REQUIRED"),
        ],
    ),
    (
        "training",
        {"title": "x" * 251, "ongoing": True, "end": "2020", "durationValue": 0.001},
        [
            ("title", "TOO_LONG"),
            ("end", "ONGOING_WITH_END"),
            ("durationValue", "FORMAT"),
            ("durationUnit", "REQUIRED"),
        ],
    ),
    (
        "accreditation",
        {"accreditationType": "CACES_R482", "categories": ["A", "Z9", "A"], "validUntil": "2020"},
        [("categories", "DUPLICATE"), ("validUntil", "DATES_OUT_OF_ORDER")],
    ),
    (
        "drivingLicence",
        {"restrictionCodes": ["96", "x"] + ["01"] * 3, "obtainedOn": "2099"},
        [("restrictionCodes[1]", "FORMAT"), ("obtainedOn", "DATE_OUT_OF_RANGE")],
    ),
    (
        "professionalExperience",
        {"ongoing": ..., "workQuota": 101, "romeCode": "z1601", "managedHeadcount": -1},
        [
            ("end", "REQUIRED"),
            ("workQuota", "OUT_OF_RANGE"),
            ("romeCode", "FORMAT"),
            ("managedHeadcount", "OUT_OF_RANGE"),
        ],
    ),
    ("extraProfessionalExperience", {"hoursPerWeek": 168.5}, [("hoursPerWeek", "OUT_OF_RANGE")]),
    ("tutoringExperience", {"tutoredCount": 0}, [("tutoredCount", "OUT_OF_RANGE")]),
    (
        "competence",
        {"contexts": ["x"] * 51, "cefr": "B2", "codes": ["CNFPT:A1", "RIEN:1"]},
        [("contexts", "TOO_MANY"), ("languageCode", "REQUIRED"), ("codes[1]", "FORMAT")],
    ),
    (
        "priorLearningRecognition",
        {"status": "TERMINE", "decidedOn": "2017", "bodyInseeCommune": "3306"},
        [
            ("bodyInseeCommune", "FORMAT"),
            ("decision", "REQUIRED"),
            ("decidedOn", "DATES_OUT_OF_ORDER"),
        ],
    ),
    ("attachment", {"documentDate": "2099-01-01"}, [("documentDate", "DATE_OUT_OF_RANGE")]),
    ("recommendation", {"madeOn": "2023-13"}, [("madeOn", "INVALID_DATE")]),
]


def test_an_empty_entry_names_all_that_is_required(owner: Caller) -> None:
    for rubric in LEAST:
        before = whole(owner)
        answer = owner.do(ADD, entry={rubric: {}})
        paths = [(f"entry.{rubric}.{name}", "REQUIRED") for name in REQUIRED[rubric]]
        assert refused(answer) == paths
        assert (answer["code"], answer["message"]) == (
            "INVALID_ENTRY",
            typeset("La saisie comporte des erreurs : rien n’a été enregistré."),
        )
        assert whole(owner) == before


def test_nothing_that_is_required_can_be_erased(owner: Caller) -> None:
    for rubric in LEAST:
        id = added(owner, rubric)["id"]
        before = whole(owner)
        erased = dict.fromkeys(REQUIRED[rubric])
        answer = owner.do(REVISE, id=id, version=1, entry={rubric: erased})
        paths = [path for path, code in refused(answer) if code == "REQUIRED"]
        assert paths == [f"entry.{rubric}.{name}" for name in REQUIRED[rubric]]
        assert whole(owner) == before


def test_every_fault_is_named_at_once_in_the_order_of_the_fields(owner: Caller) -> None:
    for rubric, changes, expected in FAULTS:
        paths = [(f"entry.{rubric}.{path}", code) for path, code in expected]
        before = whole(owner)
        assert refused(owner.do(ADD, entry=entry(rubric, **changes))) == paths
        assert whole(owner) == before
        id = added(owner, rubric)["id"]
        before = whole(owner)
        sent = {name: None if value is ... else value for name, value in changes.items()}
        assert refused(owner.do(REVISE, id=id, version=1, entry={rubric: sent})) == paths
        assert whole(owner) == before


def test_messages_are_french_sentences_that_name_the_field(owner: Caller) -> None:
    sent = entry("diploma", title=" ", kind="X", awardedOn="2023-02-30", content="ligne\r\nune\x07")
    answer = owner.do(ADD, entry=sent)
    assert [problem["message"] for problem in answer["problems"]] == [
        typeset("« Intitulé » est obligatoire."),
        typeset("« Nature » : valeur inconnue ; choisissez-la dans la liste."),
        typeset(
            "« Date d’obtention » : cette date n’existe pas (attendu : AAAA, MM/AAAA ou JJ/MM/AAAA)."
        ),
        typeset(
            "« Contenu (matières, mémoire) » contient un caractère illisible (U+0007, ligne 2, caractère n° 4) : effacez-le ou retapez-le."
        ),
    ]


def test_a_licence_category_is_entered_once(owner: Caller) -> None:
    first = added(owner, "drivingLicence")
    second = added(owner, "drivingLicence", licenceCategory="BE", obtainedOn="2005")
    before = whole(owner)
    answer = owner.do(ADD, entry=entry("drivingLicence"))
    duplicate = [("entry.drivingLicence.licenceCategory", "DUPLICATE")]
    assert refused(answer) == duplicate
    sent = {"drivingLicence": {"licenceCategory": "B"}}
    assert refused(owner.do(REVISE, id=second["id"], version=1, entry=sent)) == duplicate
    assert whole(owner) == before
    answer = owner.do(REVISE, id=first["id"], version=1, entry=sent)
    assert answer["__typename"] == "EntryRevised"


def test_an_entry_is_not_revised_as_one_of_another_rubric(owner: Caller) -> None:
    for rubric in LEAST:
        id = added(owner, rubric)["id"]
        before = whole(owner)
        other = "training" if rubric != "training" else "diploma"
        empty: dict[str, Any] = {other: {}}
        for sent in (entry(other), empty):
            answer = owner.do(REVISE, id=id, version=1, entry=sent)
            assert refused(answer) == [(f"entry.{other}", "WRONG_RUBRIC")]
        assert whole(owner) == before


def test_a_conflict_carries_the_present_entry_and_comes_before_faults(owner: Caller) -> None:
    id = added(owner, "training")["id"]
    owner.do(REVISE, id=id, version=1, entry={"training": {"title": "Autre", "comment": "Fait"}})
    before = whole(owner)
    current = {key: value for key, value in seen(owner, id).items() if not key.endswith("At")}
    for version in (1, 3, 0, -5, 2_147_483_647):
        faulty = {"entry": {"training": {"title": ""}}}
        for answer in (
            owner.do(REVISE, id=id, version=version, **faulty),
            owner.do(REMOVE, id=id, version=version),
        ):
            assert answer["__typename"] == "Conflict"
            assert (answer["code"], answer["currentVersion"]) == ("CONFLICT", 2)
            assert answer["current"] == current
    assert whole(owner) == before


def test_what_was_removed_is_not_found_again(owner: Caller) -> None:
    id = added(owner, "training")["id"]
    owner.do(REMOVE, id=id, version=1)
    before = whole(owner)
    calls: list[tuple[str, dict[str, Any]]] = [
        (REVISE, {"entry": entry("training")}),
        (REMOVE, {}),
        (MOVE, {}),
    ]
    for document, sent in calls:
        answer = owner.do(document, id=id, version=1, **sent)
        assert (answer["__typename"], answer["path"]) == ("NotFound", "id")
        assert answer["message"] == "Élément introuvable dans votre livret."
    assert whole(owner) == before


def test_every_mutation_answers_one_success_or_a_refusal() -> None:
    mutation = GRAPHQL_SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        union = get_named_type(field.type)
        assert isinstance(union, GraphQLUnionType)
        faces = [[face.name for face in member.interfaces] for member in union.types]
        assert faces.count([]) == 1, name
        assert faces.count(["Refusal"]) == len(faces) - 1, name


CALLS = [
    ('mutation { bookletOpen(code: "") { X } }', "INVALID_CODE"),
    ('mutation { charterAccept(version: "1") { X } }', "WRONG_STATE"),
    (
        "mutation($i: IdentityInput!) { identityRevise(identity: $i, version: 0) { X } }",
        "WRONG_STATE",
    ),
]
ON_ENTRIES: list[tuple[str, dict[str, Any]]] = [
    (ADD, {"entry": entry("diploma")}),
    (REVISE, {"entry": entry("diploma")}),
    (REMOVE, {}),
    (MOVE, {}),
    (LINK, {"target": "x", "relation": "USED"}),
    (UNLINK, {"target": "x"}),
    (PROVE, {"target": "x"}),
    (UNPROVE, {"target": "x"}),
]


@pytest.mark.parametrize(("document", "code"), CALLS)
def test_a_client_that_selects_refusal_alone_reads_every_refusal(
    here: Here, document: str, code: str
) -> None:
    selected = document.replace("X", "... on Refusal { __typename code message }")
    answer = here.caller("agent").do(selected, **({"i": IDENTITY} if "$i" in document else {}))
    assert answer["code"] == code
    assert answer["message"].endswith(".")


@pytest.mark.parametrize(("document", "sent"), ON_ENTRIES)
def test_without_an_open_booklet_nothing_is_done_to_entries(
    here: Here, document: str, sent: dict[str, Any]
) -> None:
    answer = here.caller("agent").do(document, id="x", version=1, **sent)
    assert (answer["__typename"], answer["code"]) == ("WrongState", "WRONG_STATE")
    assert answer["state"] == "NONE"
    assert "pas ouvert" in answer["message"]
