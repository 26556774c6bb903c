"""Whatever is sent: a clear refusal, never a fault of the service, and nothing written."""

import json
from typing import Any

import pytest

from tests.conftest import Caller
from tests.graphql_api.documents import (
    ADD,
    LINK,
    MOVE,
    NO_ENTRIES,
    REMOVE,
    REVISE,
    SAY_WHO,
    WRONG_TYPES,
    entry,
    refused,
    whole,
)


def post(caller: Caller, body: bytes) -> Any:
    """The answer to a body of our own making."""
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    headers["authorization"] = f"Bearer {caller.token}"
    return caller.client.post("/graphql", content=body, headers=headers)


def code_of(response: Any, status: int = 400) -> str:
    """The code of a refusal outside of any data."""
    assert response.status_code == status, response.text
    answer = response.json()
    assert set(answer) == {"errors"}
    assert answer["errors"][0]["message"]
    return str(answer["errors"][0]["extensions"]["code"])


def literal(content: str) -> dict[str, str]:
    """A request that writes an entry in the document itself."""
    return {"query": f"mutation {{ entryAdd(entry: {content}) {{ __typename {PROBLEMS} }} }}"}


PROBLEMS = "... on InvalidEntry { problems { path code message } }"
LITERALS = [
    ("{}", "VALIDATION_FAILED"),
    ("null", "VALIDATION_FAILED"),
    ("{ diploma: null }", "VALIDATION_FAILED"),
    ("{ hobby: {} }", "VALIDATION_FAILED"),
    ('{ diploma: { title: "a" }, training: { title: "b" } }', "VALIDATION_FAILED"),
    ("{ diploma: { title: 5 } }", "VALIDATION_FAILED"),
    ('{ diploma: { title: "\\ud800" } }', "PARSE_FAILED"),
    ('{ diploma: { title: "\\udc00\\ud800" } }', "PARSE_FAILED"),
    ('{ diploma: { title: "\\u{d800}" } }', "PARSE_FAILED"),
    ('{ diploma: { title: "\\u{110000}" } }', "PARSE_FAILED"),
    ('{ diploma: { title: "\\u0000" } }', "PARSE_FAILED"),
    ('{ diploma: { title: "a\nb" } }', "PARSE_FAILED"),
    ("{ professionalExperience: { managedHeadcount: 2147483648 } }", "VALIDATION_FAILED"),
    (f"{{ professionalExperience: {{ managedHeadcount: {'9' * 5_000} }} }}", "VALIDATION_FAILED"),
    ("{ training: { durationValue: 1e } }", "PARSE_FAILED"),
    (f'{{ diploma: {{ title: "{"x" * 16_000}" }} }}', "DOCUMENT_TOO_LONG"),
]
NO_DATES = [
    "2023-02-29",
    "2023-04-31",
    "2023-13",
    "2023-00",
    "2023-1-1",
    "23",
    "31/02/2023",
    "13/2023",
    "12/03/23",
    "mars",
    "-2023",
    "0000",
]
NO_DATES += ["20230101", "2023-01-01T00:00:00Z", "2023 - 2024", "x" * 100_000]
CONTROLS = "\x01\b\x1b\x7f\x80\x9f\ufffd\ue000\uf8ff\ufffe\uffff\U0010ffff"


@pytest.fixture(autouse=True)
def nothing_written(owner: Caller) -> Any:
    """Whatever a test of this file sends, the booklet is read as before."""
    before = whole(owner)
    yield
    assert whole(owner) == before


def test_an_entry_is_exactly_one_known_rubric(owner: Caller) -> None:
    for sent in NO_ENTRIES:
        response = owner.post({"query": ADD, "variables": {"entry": sent}})
        assert code_of(response) == "BAD_USER_INPUT", sent
    assert code_of(owner.post({"query": ADD})) == "BAD_USER_INPUT"


def test_a_variable_inside_an_entry_may_not_be_null(owner: Caller) -> None:
    document = (
        "mutation($d: DiplomaInput{}) {{ entryAdd(entry: {{ diploma: $d }}) {{ __typename }} }}"
    )
    sent: list[dict[str, Any]] = [{}, {"d": None}]
    for variables in sent:
        response = owner.post({"query": document.format(""), "variables": variables})
        assert code_of(response) == "VALIDATION_FAILED"
        response = owner.post({"query": document.format("!"), "variables": variables})
        assert code_of(response) == "BAD_USER_INPUT"


def test_a_value_of_another_type_is_refused(owner: Caller) -> None:
    for rubric, changes in WRONG_TYPES:
        sent = {"entry": entry(rubric, **changes)}
        response = owner.post({"query": ADD, "variables": sent})
        assert code_of(response) == "BAD_USER_INPUT", changes
        assert "BTS" not in response.text


def test_what_is_written_in_a_document_is_checked_as_well(owner: Caller) -> None:
    for content, code in LITERALS:
        assert code_of(owner.post(literal(content))) == code, content[:80]


def test_numbers_without_end_are_refused(owner: Caller) -> None:
    for number in ("1e400", "-1e400", "1e308", "0.0", "-1", "1e-9"):
        answer = owner.post(
            literal(f'{{ training: {{ durationValue: {number}, durationUnit: "DAY" }} }}')
        )
        problems = answer.json()["data"]["entryAdd"]["problems"]
        found = [each["code"] for each in problems if each["path"].endswith("durationValue")]
        assert found in (["FORMAT"], ["OUT_OF_RANGE"]), number
    for written in (b"1e400", b"NaN", b"Infinity", b"-Infinity"):
        body = json.dumps({"query": ADD, "variables": {"entry": entry("training")}}).encode()
        body = body.replace(b'"role"', b'"durationValue": ' + written + b', "role"')
        assert code_of(post(owner, body)) in ("BODY_NOT_JSON", "BAD_USER_INPUT")


def test_a_number_out_of_its_range_is_named(owner: Caller) -> None:
    cases = [("workQuota", 0), ("workQuota", 101), ("managedHeadcount", 100_001)]
    for name, value in cases:
        sent = {"entry": entry("professionalExperience", **{name: value})}
        expected = [(f"entry.professionalExperience.{name}", "OUT_OF_RANGE")]
        assert refused(owner.do(ADD, **sent)) == expected
    for number, code in ((100_000.01, "OUT_OF_RANGE"), (1.005, "FORMAT"), (0, "OUT_OF_RANGE")):
        sent = {"entry": entry("training", durationValue=number, durationUnit="DAY")}
        assert refused(owner.do(ADD, **sent)) == [("entry.training.durationValue", code)]


def test_a_date_that_does_not_exist_is_refused(owner: Caller) -> None:
    dates = dict.fromkeys(NO_DATES, "INVALID_DATE")
    dates |= dict.fromkeys(("0001", "1899-12-31", "9999-12-31"), "DATE_OUT_OF_RANGE")
    for written, code in dates.items():
        sent = {"entry": entry("diploma", awardedOn=written)}
        assert refused(owner.do(ADD, **sent)) == [("entry.diploma.awardedOn", code)], written


def test_an_end_before_its_start_is_refused(owner: Caller) -> None:
    for start, end in (("2020", "2019"), ("2020-05", "2020-04-30"), ("2020-05-02", "2020-05-01")):
        for rubric in ("training", "extraProfessionalExperience", "tutoringExperience"):
            sent = {"entry": entry(rubric, start=start, end=end)}
            assert refused(owner.do(ADD, **sent)) == [(f"entry.{rubric}.end", "END_BEFORE_START")]


def test_control_characters_are_refused_wherever_they_hide(owner: Caller) -> None:
    path = "entry.diploma."
    for control in CONTROLS:
        text = f"a{control}b"
        sent = entry("diploma", title=text, content=text, comment=text)
        found = refused(owner.do(ADD, entry=sent))
        expected = [path + name for name in ("title", "content", "comment")]
        assert found == [(each, "CONTROL_CHARACTER") for each in expected]
    sent = entry("competence", contexts=["a", "b\x07"], codes=["CNFPT:\x07"])
    assert refused(owner.do(ADD, entry=sent)) == [
        ("entry.competence.contexts[1]", "CONTROL_CHARACTER"),
        ("entry.competence.codes[0]", "CONTROL_CHARACTER"),
    ]


def test_lone_surrogates_and_nul_are_refused_in_json(owner: Caller) -> None:
    body = json.dumps({"query": ADD, "variables": {"entry": entry("attachment", title="TITRE")}})
    for written, code in (
        ("\\ud800", "BODY_NOT_JSON"),
        ("\\udfff", "BODY_NOT_JSON"),
        ("\\ude00\\ud83d", "BODY_NOT_JSON"),
        ("\\u0000", "MALFORMED_REQUEST"),
    ):
        assert code_of(post(owner, body.replace("TITRE", written).encode())) == code
    assert code_of(post(owner, body.replace("TITRE", "\ud800").encode(errors="surrogatepass"))) == (
        "BODY_NOT_JSON"
    )
    for place in ('"entry"', '"attachment"', '"title"'):
        nul = body.replace(place, place[:-1] + '\\u0000"').encode()
        assert code_of(post(owner, nul)) == "MALFORMED_REQUEST"


def test_a_text_of_any_length_is_refused_or_too_large_to_be_read(owner: Caller) -> None:
    for length in (201, 10_001, 200_000):
        sent = {"entry": entry("diploma", title="é" * length)}
        response = post(
            owner, json.dumps({"query": ADD, "variables": sent}, ensure_ascii=False).encode()
        )
        if length == 200_000:
            assert code_of(response, 413) == "BODY_TOO_LARGE"
        else:
            answer = response.json()["data"]["entryAdd"]
            assert refused(answer) == [("entry.diploma.title", "TOO_LONG")]
    body = json.dumps({"query": ADD, "variables": {"entry": entry("diploma", title="TITRE")}})
    exact = body.replace("TITRE", "x" * (256_000 - len(body) + 5)).encode()
    assert len(exact) == 256_000
    assert refused(post(owner, exact).json()["data"]["entryAdd"]) == [
        ("entry.diploma.title", "TOO_LONG")
    ]
    assert code_of(post(owner, exact.replace(b"xx", b"xxx", 1)), 413) == "BODY_TOO_LARGE"


def test_lists_without_end_are_refused(owner: Caller) -> None:
    many = ["x"] * 20_000
    for rubric, name in (("competence", "contexts"), ("competence", "codes")):
        answer = owner.do(ADD, entry=entry(rubric, **{name: many}))
        assert refused(answer)[0] == (f"entry.{rubric}.{name}", "TOO_MANY")
    nested: Any = "x"
    for _ in range(400):
        nested = [nested]
    for sent in ({"entry": entry("competence", contexts=nested)}, {"entry": nested}):
        assert code_of(owner.post({"query": ADD, "variables": sent})) == "BAD_USER_INPUT"


def test_versions_are_whole_numbers(owner: Caller) -> None:
    versions: list[Any] = ["1", 1.5, 2**31, -(2**31) - 1, True, None, [1], {}]
    for version in versions:
        sent: dict[str, Any] = {"id": "x", "version": version}
        assert code_of(owner.post({"query": REMOVE, "variables": sent})) == "BAD_USER_INPUT"
        sent = {"identity": {}, "version": version}
        assert code_of(owner.post({"query": SAY_WHO, "variables": sent})) == "BAD_USER_INPUT"


def test_ids_that_cannot_be_are_not_found(owner: Caller) -> None:
    for id in ("", " ", "x" * 100_000, "' OR 1=1 --", "%", "é\u202e", 5, 2**40):
        for document, sent in ((REMOVE, {}), (REVISE, {"entry": entry("diploma")}), (MOVE, {})):
            answer = owner.do(document, id=id, version=1, **sent)
            assert (answer["__typename"], answer["path"]) == ("NotFound", "id")
        query = "query($id: ID!) { booklet(id: $id) { id } sharedDossier(id: $id) { id } }"
        assert owner.ask(query, id=id) == {"booklet": None, "sharedDossier": None}
    no_ids: list[Any] = [None, True, 1.5, ["x"], {"id": "x"}]
    for no_id in no_ids:
        response = owner.post({"query": REMOVE, "variables": {"id": no_id, "version": 1}})
        assert code_of(response) == "BAD_USER_INPUT"


def test_a_document_with_two_mutations_does_neither(owner: Caller) -> None:
    one = 'entryAdd(entry: { attachment: { title: "a", kind: "COPIE_DIPLOME" } }) { __typename }'
    for document in (
        f"mutation {{ a: {one} b: {one} }}",
        f"mutation {{ {one} ...F }} fragment F on Mutation {{ b: {one} }}",
    ):
        assert code_of(owner.post({"query": document})) == "ONE_MUTATION_FIELD"


def test_an_answer_that_fails_undoes_its_mutation(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[Any]:
        raise ValueError("canary")

    monkeypatch.setattr("schema.entries.entries.entry_lines", broken)
    response = owner.post({"query": ADD, "variables": {"entry": entry("attachment")}})
    monkeypatch.undo()
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    assert "canary" not in response.text


def test_notes_and_keys_are_texts(owner: Caller) -> None:
    said = {"id": "x", "version": 1, "target": "x", "relation": "USED"}
    wrong: list[Any] = [5, True, ["x"], {"x": 1}]
    for value in wrong:
        for name in ("note", "key"):
            response = owner.post({"query": LINK, "variables": said | {name: value}})
            assert code_of(response) == "BAD_USER_INPUT"


def test_an_identity_of_another_shape_is_refused(owner: Caller) -> None:
    cases: list[Any] = [None, [], "x", {"lastName": 5}, {"surname": "x"}, {"statsConsent": "oui"}]
    for identity in cases:
        sent = {"identity": identity, "version": 1}
        assert code_of(owner.post({"query": SAY_WHO, "variables": sent})) == "BAD_USER_INPUT"
    long = "x" * 100_000
    answer = owner.do(SAY_WHO, identity={"email": long, "emailConfirmation": long}, version=1)
    assert refused(answer) == [("identity.email", "TOO_LONG")]
