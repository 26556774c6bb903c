"""The guide is enough: every form can be built, filled and checked from what the API says of it."""

from typing import Any

import pytest

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from schema.entries.inputs import ENTRY_KINDS
from tests.conftest import CHARTER, IDENTIFY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.documents import ADD, REFUSED, refused, whole
from tests.guide_forms import FIELDS, RULE, example_of, filled_in, is_required

GUIDE = f"""{{
  parts {{ part label introduction rubrics }}
  rubrics {{
    rubric key code part label ownerOrdered supportsCompetences evidence
    help {{ whatItIs toEnter examples documents legal notes }}
    fields {{ ...F }}
  }}
  identityForm {{ ...F }}
  situationForm {{ ...F }}
  dossierForm {{ ...F }}
  dispenseForm {{ ...F }}
  codeTables {{ name label codes {{ code label retired }} }}
}}
fragment F on FieldGuide {{ {FIELDS} }}
{RULE}"""
ADD_WITH_WARNINGS = f"""mutation($entry: EntryInput!) {{
  entryAdd(entry: $entry) {{
    __typename {REFUSED}
    ... on EntryAdded {{ entry {{ warnings {{ path code }} lines {{ key }} }} }}
  }}
}}"""
SITUATE = f"""mutation($situation: SituationInput!, $version: Int!) {{
  situationRevise(situation: $situation, version: $version) {{ __typename {REFUSED} }}
}}"""
SAVE = f"""mutation($dossier: DossierInput!) {{
  dossierSave(dossier: $dossier) {{ __typename {REFUSED} }}
}}"""
# The only kinds that a form has to know, and what each says of its limits.
KINDS = {
    "TEXT": {"maxLength"},
    "LONG_TEXT": {"maxLength"},
    "TEXTS": {"maxLength", "maxItems"},
    "PARTIAL_DATE": set(),
    "DAY": set(),
    "CODE": {"table"},
    "CODES": {"maxItems"},
    "WHOLE_NUMBER": {"minimum", "maximum"},
    "NUMBER": {"minimum", "maximum"},
    "YES_NO": set(),
}


@pytest.fixture
def guide(here: Here) -> Any:
    """The guide as anybody reads it."""
    return here.nobody().ask(GUIDE)


def value_for(field: Any, tables: dict[str, list[str]]) -> Any:
    """A value that the guide says is right, as large as it says may be."""
    kind, pattern = field["kind"], field["pattern"]
    if pattern:
        return example_of(field)
    text = "é" * (field["maxLength"] or 0)
    if kind in ("TEXT", "LONG_TEXT", "TEXTS"):
        return [text] * field["maxItems"] if kind == "TEXTS" else text
    if kind == "CODE":
        return tables[field["table"]][0]
    return {
        "PARTIAL_DATE": "2015-03",
        "DAY": "1980-04-12",
        "CODES": [tables[field["table"]][0]] if field["table"] else None,
        "WHOLE_NUMBER": field["maximum"] and int(field["maximum"]),
        "NUMBER": field["maximum"],
        "YES_NO": True,
    }[kind]


def codes_of(guide: Any) -> dict[str, list[str]]:
    """The codes that a form may offer, by table."""
    return {
        table["name"]: [code["code"] for code in table["codes"] if not code["retired"]]
        for table in guide["codeTables"]
    }


def test_every_form_can_be_filled_in_from_the_guide_alone(owner: Caller, guide: Any) -> None:
    """The fields that it calls required, always or by other fields, are enough: nothing is refused."""
    tables = codes_of(guide)
    for rubric in guide["rubrics"]:
        content: dict[str, Any] = {}
        while missing := [
            field
            for field in rubric["fields"]
            if field["key"] not in content and is_required(field, content)
        ]:
            content[missing[0]["key"]] = value_for(missing[0], tables)
        answer = owner.do(ADD, entry={rubric["key"]: content})
        assert answer["__typename"] == "EntryAdded", answer
        assert answer["entry"]["rubric"] == rubric["rubric"]
    assert len(whole(owner)["entries"]) == 12


def in_france(fields: dict[str, Any], content: dict[str, Any]) -> set[str]:
    """The countries that are France, which goes without saying."""
    return {
        key for key, value in content.items() if fields[key]["table"] == "country" and value == "FR"
    }


def test_every_field_of_the_guide_is_accepted_and_displayed_under_its_label(
    owner: Caller, guide: Any
) -> None:
    tables = codes_of(guide)
    for rubric in guide["rubrics"]:
        fields = {field["key"]: field for field in rubric["fields"]}
        filled = {key: value_for(field, tables) for key, field in fields.items()}
        content = {key: value for key, value in filled.items() if value is not None}
        left_out: list[str] = []
        while (answer := owner.do(ADD, entry={rubric["key"]: content}))[
            "__typename"
        ] != "EntryAdded":
            for path, code in refused(answer):
                key = path.removeprefix(f"entry.{rubric['key']}.").split("[")[0]
                assert code not in LIMITS, (path, code)  # a rule between fields, not a limit
                left_out.append(key)
                content.pop(key, None)
        assert len(left_out) <= 4, left_out
        shown = {line["key"]: line["label"] for line in answer["entry"]["lines"]}
        hidden = {"shareable", "durationUnit", "ongoing"} | in_france(fields, content)
        expected = {key: fields[key]["label"] for key in content if key not in hidden}
        assert expected.items() <= shown.items() | {("durationUnit", "")}


def test_the_examples_of_a_form_fill_it_in_without_a_refusal_or_a_warning(
    owner: Caller, guide: Any
) -> None:
    for rubric in guide["rubrics"]:
        content = filled_in(rubric["fields"])
        answer = owner.do(ADD_WITH_WARNINGS, entry={rubric["key"]: content})
        assert answer["__typename"] == "EntryAdded", answer
        assert answer["entry"]["warnings"] == [], rubric["key"]
        shown = {line["key"] for line in answer["entry"]["lines"]}
        unsaid = {"shareable", "durationUnit", "ongoing", "studyOngoing"}
        unsaid |= in_france({field["key"]: field for field in rubric["fields"]}, content)
        assert set(content) - unsaid <= shown
        assert len(content) > 0.6 * len(rubric["fields"]), rubric["key"]


def test_the_examples_of_the_other_forms_are_accepted(here: Here, guide: Any) -> None:
    caller = here.caller("newcomer")
    caller.do(OPEN, code=here.code())
    caller.do(CHARTER)
    answer = caller.do(IDENTIFY, identity=filled_in(guide["identityForm"]), version=0)
    assert answer["__typename"] == "IdentityRevised", answer
    answer = caller.do(SITUATE, situation=filled_in(guide["situationForm"]), version=0)
    assert answer["__typename"] == "SituationRevised", answer
    dossier = {"purpose": "DISPENSE_FORMATION", "dispense": filled_in(guide["dispenseForm"])}
    answer = caller.do(SAVE, dossier=dossier)
    assert answer["__typename"] == "DossierSaved", answer
    answer = caller.do(SAVE, dossier=filled_in(guide["dossierForm"]))
    assert answer["__typename"] == "DossierSaved", answer
    (purpose,) = (field for field in guide["dossierForm"] if field["key"] == "purpose")
    for code in codes_of(guide)["purpose"]:
        saved = caller.do(SAVE, dossier={"title": "Dossier", "purpose": code})
        faults = refused(saved) if saved["__typename"] == "InvalidEntry" else []
        unknown = ("dossier.purpose", "UNKNOWN_CODE") in faults
        assert unknown == (code in purpose["refusedCodes"]), saved


def test_every_field_has_an_example_of_its_own_length_and_table(guide: Any) -> None:
    tables = codes_of(guide)
    fields = [field for rubric in guide["rubrics"] for field in rubric["fields"]]
    fields += guide["identityForm"] + guide["situationForm"]
    fields += guide["dossierForm"] + guide["dispenseForm"]
    assert len(fields) > 200
    for field in fields:
        example = field["example"]
        assert example, field["key"]
        assert len(example) <= (field["maxLength"] or len(example))
        if field["table"] is not None:
            assert example in tables[field["table"]], field["key"]
            assert example not in field["refusedCodes"]


LIMITS = {"TOO_LONG", "TOO_MANY", "OUT_OF_RANGE", "UNKNOWN_CODE", "FORMAT", "INVALID_DATE"}


def worst_for(field: Any) -> tuple[Any, str] | None:
    """A value just beyond what the guide says, with the code that refuses it."""
    kind = field["kind"]
    if field["pattern"]:
        bad = "2015-03" if kind == "PARTIAL_DATE" else "?"
        return ([bad] if kind == "TEXTS" else bad), "FORMAT"
    if kind in ("TEXT", "LONG_TEXT"):
        return "é" * (field["maxLength"] + 1), "TOO_LONG"
    if kind in ("TEXTS", "CODES"):
        return ["x"] * (field["maxItems"] + 1), "TOO_MANY"
    if kind == "WHOLE_NUMBER":
        return int(field["maximum"]) + 1, "OUT_OF_RANGE"
    if kind == "NUMBER":
        return field["minimum"], "OUT_OF_RANGE"
    if kind in ("PARTIAL_DATE", "DAY"):
        return ("2015-13" if field["future"] else "2999", "INVALID_DATE")
    return ("NOWHERE", "UNKNOWN_CODE") if kind == "CODE" else None


def test_just_beyond_what_the_guide_says_every_field_is_refused(owner: Caller, guide: Any) -> None:
    for rubric in guide["rubrics"]:
        beyond = {
            field["key"]: worst
            for field in rubric["fields"]
            if (worst := worst_for(field)) is not None
        }
        assert len(beyond) > 3
        content = {key: value for key, (value, _) in beyond.items()}
        answer = owner.do(ADD, entry={rubric["key"]: content})
        found: dict[str, set[str]] = {}
        for path, code in refused(answer):
            key = path.removeprefix(f"entry.{rubric['key']}.").split("[")[0]
            found.setdefault(key, set()).add(code)
        for key, (_, code) in beyond.items():
            dates = {"INVALID_DATE", "DATE_OUT_OF_RANGE", "DATE_IN_FUTURE"}
            assert found[key] & (dates if code == "INVALID_DATE" else {code}), (key, found)
        messages = {each["path"]: each["message"] for each in answer["problems"]}
        for field in rubric["fields"]:
            if field["pattern"]:
                assert field["patternMessage"] in messages.values()
    assert whole(owner)["entries"] == []


def test_a_field_says_the_limits_of_its_kind(guide: Any) -> None:
    tables = codes_of(guide)
    fields = [field for rubric in guide["rubrics"] for field in rubric["fields"]]
    fields += guide["identityForm"]
    assert {field["kind"] for field in fields} == set(KINDS)
    for field in fields:
        assert field["label"]
        for limit in KINDS[field["kind"]]:
            assert field[limit] is not None, field
        if field["table"] is not None:
            assert tables[field["table"]], field
        if field["suggested"] is not None and field["kind"] == "CODE":
            assert field["suggested"] in tables[field["table"]]
        assert bool(field["pattern"]) == bool(field["patternMessage"])
        assert not (field["required"] and field["recommended"]), field


def test_the_guide_names_exactly_the_fields_of_the_inputs(guide: Any) -> None:
    inputs = GRAPHQL_SCHEMA.type_map["EntryInput"].fields
    assert [rubric["key"] for rubric in guide["rubrics"]] == list(inputs)
    for rubric, kind in zip(guide["rubrics"], ENTRY_KINDS, strict=True):
        keys = {field["key"] for field in rubric["fields"]}
        assert keys == set(GRAPHQL_SCHEMA.type_map[kind.input_type.__name__].fields)
        assert keys <= set(GRAPHQL_SCHEMA.type_map[kind.entry_type.__name__].fields)
    identity = {field["key"] for field in guide["identityForm"]}
    assert identity == set(GRAPHQL_SCHEMA.type_map["IdentityInput"].fields)
    situation = {field["key"] for field in guide["situationForm"]}
    assert situation == set(GRAPHQL_SCHEMA.type_map["SituationInput"].fields)


def test_the_help_of_a_rubric_has_its_six_parts(guide: Any) -> None:
    for rubric in guide["rubrics"]:
        help = rubric["help"]
        for part in ("whatItIs", "toEnter", "legal"):
            assert len(help[part]) > 40, (rubric["key"], part)
        assert 2 <= len(help["examples"]) <= 3
        assert help["documents"]
        assert help["notes"]
        for each in (*help["examples"], *help["documents"], *help["notes"]):
            assert len(each) > 5


def test_the_parts_hold_every_rubric_once_in_order(guide: Any) -> None:
    parts = guide["parts"]
    names = ["FORMATIONS", "EXPERIENCES", "COMPETENCES", "ATTACHMENTS"]
    assert [part["part"] for part in parts] == names
    listed = [(rubric, part["part"]) for part in parts for rubric in part["rubrics"]]
    assert listed == [(rubric["rubric"], rubric["part"]) for rubric in guide["rubrics"]]
    assert all(part["label"] and part["introduction"] for part in parts)
    codes = [rubric["code"] for rubric in guide["rubrics"]]
    assert len(set(codes)) == 12
    assert [table["name"] for table in guide["codeTables"]] == sorted(
        {table["name"] for table in guide["codeTables"]},
        key=[table["name"] for table in guide["codeTables"]].index,
    )


def test_the_identity_form_opens_a_booklet(here: Here, guide: Any) -> None:
    email = "personne@example.org"
    typed = {
        "email": email,
        "emailConfirmation": email,
        "lastName": "Lefèvre",
        "firstName": "Maëlle",
    }
    tables = codes_of(guide)
    identity: dict[str, Any] = {}
    for field in guide["identityForm"]:
        if is_required(field, identity):
            identity[field["key"]] = typed.get(field["key"]) or value_for(field, tables)
    caller = here.caller("newcomer")
    caller.do(OPEN, code=here.code())
    caller.do(CHARTER)
    keys = [field["key"] for field in guide["identityForm"]]
    assert keys.index("emailConfirmation") == keys.index("email") + 1
    sent = identity
    answer = caller.do(IDENTIFY, identity=sent, version=0)
    assert answer["__typename"] == "IdentityRevised", answer
    for key in identity:
        without = {name: value for name, value in sent.items() if name != key}
        stranger = here.caller(f"without {key}")
        stranger.do(OPEN, code=here.code())
        stranger.do(CHARTER)
        answer = stranger.do(IDENTIFY, identity=without, version=0)
        assert (f"identity.{key}", "REQUIRED") in refused(answer)


def test_the_examples_of_a_share_link_and_of_a_consent_are_of_their_kinds(here: Here) -> None:
    document = "{ shareLinkForm { key kind required } consentForm { key kind required table } }"
    forms = here.nobody().ask(document)
    assert [one["key"] for one in forms["shareLinkForm"]] == [
        *("name", "expiresOn", "views", "withPin"),
    ]
    assert [one["key"] for one in forms["consentForm"] if one["required"]] == [
        *("site", "sections", "purpose", "expiresOn"),
    ]


def test_a_dossier_may_communicate_the_fields_of_its_identity_form_and_no_other(
    here: Here,
) -> None:
    caller = with_booklet(here, "owner")
    form = here.nobody().ask("{ dossierIdentityForm { key required recommended } }")[
        "dossierIdentityForm"
    ]
    keys = [one["key"] for one in form]
    assert not any(one["required"] or one["recommended"] for one in form)
    cover = {"title": "Dossier", "purpose": "AUTRE"}
    answer = caller.do(SAVE, dossier=cover | {"identityFields": keys})
    assert answer["__typename"] == "DossierSaved", answer
    for key in ("lastName", "statsConsent", "emailConfirmation"):
        assert key not in keys
        refusal = caller.do(SAVE, dossier=cover | {"identityFields": [key]})
        assert refused(refusal) == [("dossier.identityFields[0]", "UNKNOWN_CODE")]


def test_the_guide_suggests_what_is_shareable_where_the_content_does_not_decide(guide: Any) -> None:
    told = {
        rubric["rubric"]: field["suggested"]
        for rubric in guide["rubrics"]
        for field in rubric["fields"]
        if field["key"] == "shareable"
    }
    decided_by_content = {"EXTRA_PROFESSIONAL_EXPERIENCE", "PRIOR_LEARNING_RECOGNITION"}
    assert {name for name, suggested in told.items() if suggested is None} == decided_by_content
    assert {name for name, suggested in told.items() if suggested == "false"} == {"RECOMMENDATION"}
