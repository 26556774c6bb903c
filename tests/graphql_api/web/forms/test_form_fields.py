"""Forms made from the guide's fields: one control for each, by its kind and its table."""

import json
from typing import Any

import pytest

from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.forms.form_fields import build_form, posted_texts, stored_texts
from graphql_api.web.forms.form_values import posted_input, read_code
from graphql_api.web.forms.posted_form import PostedForm, parse_form
from schema.typography import typeset

BARE: dict[str, Any] = {
    "key": "one",
    "label": "Un",
    "hint": "",
    "kind": "TEXT",
    "required": False,
    "maxLength": None,
    "table": None,
    "suggested": None,
    "unit": "",
    "group": None,
    "shownWhen": [],
    "requiredWhen": [],
    "format": None,
    "autofill": "",
    "refusedCodes": [],
    "example": "",
    "pattern": None,
}


def field(**changes: Any) -> dict[str, Any]:
    return BARE | changes


def table(count: int, **more: Any) -> dict[str, Any]:
    codes = [
        {"code": f"C{n}", "label": f"Choix {n}", "retired": False, **more} for n in range(count)
    ]
    return {"codes": codes}


def only(made: Any) -> Any:
    ((one,),) = [group.fields for group in made.groups]
    return one


@pytest.mark.parametrize(
    ("changes", "codes", "control"),
    [
        ({}, 0, "text"),
        ({"kind": "LONG_TEXT"}, 0, "textarea"),
        ({"kind": "TEXTS"}, 0, "textarea"),
        ({"kind": "PARTIAL_DATE"}, 0, "text"),
        ({"kind": "YES_NO"}, 0, "radio"),
        ({"kind": "CODES"}, 0, "textarea"),
        ({"kind": "CODES", "table": "codes"}, 3, "checks"),
        ({"kind": "CODE", "table": "codes"}, 5, "radio"),
        ({"kind": "CODE", "table": "codes"}, 6, "select"),
        ({"kind": "CODE", "table": "codes"}, 15, "select"),
        ({"kind": "CODE", "table": "codes"}, 16, "search"),
    ],
)
def test_few_choices_are_buttons_more_a_list_and_many_a_search(
    changes: dict[str, Any], codes: int, control: str
) -> None:
    made = build_form([field(**changes)], table(codes), stored_texts({}))
    assert only(made).control == control


def test_choices_in_groups_are_a_list_under_the_names_of_the_groups() -> None:
    codes = [*table(20, groupLabel="A")["codes"], *table(20, groupLabel="B")["codes"]]
    made = only(build_form([field(kind="CODE", table="codes")], {"codes": codes}, stored_texts({})))
    assert (made.control, [group.label for group in made.choices]) == ("select", ["A", "B"])


def test_a_code_no_longer_chosen_or_refused_is_offered_to_who_has_it_only() -> None:
    codes = table(4)
    codes["codes"][0]["retired"] = True
    asked = field(kind="CODE", table="codes", refusedCodes=["C1"], required=True)

    def offered(values: dict[str, Any]) -> list[str]:
        return [
            one.code for one in only(build_form([asked], codes, stored_texts(values))).flat_choices
        ]

    assert offered({}) == ["C2", "C3"]
    assert offered({"one": "C0"}) == ["C0", "C2", "C3"]
    assert offered({"one": "C1"}) == ["C1", "C2", "C3"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("2019", "2019"),
        ("03/2019", "2019-03"),
        ("3/2019", "2019-03"),
        ("15/03/2019", "2019-03-15"),
        ("5.3.2019", "2019-03-05"),
        ("5 - 3 - 2019", "2019-03-05"),
        ("2019-03-15", "2019-03-15"),
        ("1er juin 2009", "2009-06-01"),
        ("hier", "hier"),
        ("32/13/2019", "2019-13-32"),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, sent: str) -> None:
    asked = [field(kind="PARTIAL_DATE")]
    form = PostedForm({"one": [typed]})
    assert posted_input(asked, {}, form, erase=False) == ({"one": sent}, {})


@pytest.mark.parametrize(
    ("kind", "label", "typed", "sent"),
    [
        ("NUMBER", "Quotité (%)", "80 %", 80.0),
        ("WHOLE_NUMBER", "Quotité (%)", "80%", 80),
        ("NUMBER", "Quotité (%)", "80\u202f%", 80.0),
        ("NUMBER", "Quotité (%)", "80 %%", None),
        ("NUMBER", "Quotité (%)", "%", None),
        ("NUMBER", "Durée", "80 %", None),
    ],
)
def test_a_percentage_may_be_typed_with_its_sign(
    kind: str, label: str, typed: str, sent: float | None
) -> None:
    asked = [field(kind=kind, label=label)]
    content, problems = posted_input(asked, {}, PostedForm({"one": [typed]}), erase=False)
    assert content == ({} if sent is None else {"one": sent})
    assert list(problems) == (["one"] if sent is None else [])


def test_a_choice_is_read_by_its_label_however_it_is_typed() -> None:
    codes = [{"code": "X", "label": "Côte d’Ivoire"}, {"code": "Y", "label": "Éthiopie"}]
    assert read_code("côte  d'ivoire", codes) == "X"
    assert read_code("Y", codes) == "Y"
    assert read_code("Atlantide", codes) == "Atlantide"


@pytest.mark.parametrize(
    ("kind", "typed", "sent"),
    [
        ("NUMBER", "2,5", 2.5),
        ("NUMBER", "1 200", 1200.0),
        ("WHOLE_NUMBER", " 12 ", 12),
        ("YES_NO", "oui", True),
        ("YES_NO", "non", False),
        ("TEXTS", "a\r\n\r\n b ", ["a", "b"]),
        ("TEXT", "abc", "abc"),
    ],
)
def test_what_is_typed_becomes_what_the_api_takes(kind: str, typed: str, sent: object) -> None:
    content, problems = posted_input(
        [field(kind=kind)], {}, PostedForm({"one": [typed]}), erase=False
    )
    assert (content, problems) == ({"one": sent}, {})


@pytest.mark.parametrize("kind", ["NUMBER", "WHOLE_NUMBER"])
@pytest.mark.parametrize("typed", ["douze", "1e9", "99999999999999", "1;2"])
def test_a_number_that_is_none_is_a_problem_of_its_field(kind: str, typed: str) -> None:
    form = PostedForm({"one": [typed]})
    content, problems = posted_input([field(kind=kind)], {}, form, erase=True)
    assert content == {}
    assert "nombre" in problems["one"]


def test_what_is_blank_is_left_out_or_erased() -> None:
    form = PostedForm({"one": [" "], "two": [""]})
    fields = [field(kind="PARTIAL_DATE"), field(key="two"), field(key="three")]
    assert posted_input(fields, {}, form, erase=False) == ({}, {})
    assert posted_input(fields, {}, form, erase=True) == ({"one": None, "two": None}, {})


def test_the_script_is_told_conditions_with_the_labels_of_codes() -> None:
    condition = {"field": "one", "test": "ONE_OF", "values": ["C1"]}
    fields = [field(kind="CODE", table="codes"), field(key="two", shownWhen=[condition])]
    made = build_form(fields, table(20), posted_texts(PostedForm()))
    told = json.loads(made.groups[0].fields[1].shown_when)
    assert told == [{"field": "one", "test": "ONE_OF", "values": ["C1", "Choix 1"]}]


def test_a_field_says_when_it_is_required_without_a_script() -> None:
    def hint(*conditions: tuple[str, str, list[str]]) -> str:
        told = [
            {"field": name, "test": test, "values": values} for name, test, values in conditions
        ]
        fields = [
            field(label="Date", hint="L’année suffit.", requiredWhen=[{"conditions": told}]),
            field(key="two", label="Obtenu", kind="CODE", table="codes"),
            field(key="three", label="En cours", kind="YES_NO"),
            field(key="obligatory", label="Début", required=True),
        ]
        return build_form(fields, table(3), stored_texts({})).groups[0].fields[0].hint

    assert hint(("two", "ONE_OF", ["C1"])) == typeset(
        "L’année suffit. Obligatoire si « Obtenu » est « Choix 1 »."
    )
    assert hint(("two", "FILLED", []), ("three", "NONE_OF", ["true"])) == typeset(
        "L’année suffit. Obligatoire si vous renseignez « Obtenu », sauf avec « En cours »."
    )
    assert hint(("two", "ONE_OF", ["C1", "C2"])) == "L’année suffit."
    assert hint(("obligatory", "FILLED", []), ("three", "NONE_OF", ["true"])) == typeset(
        "L’année suffit. Obligatoire, sauf avec « En cours »."
    )


def test_a_problem_names_its_field_in_the_summary_and_not_beside_it() -> None:
    told = typeset("« Né le » : il manque le jour.")
    made = build_form([field(label="Né le")], {}, stored_texts({}), problems={"one": told})
    assert only(made).problem == "Il manque le jour."
    assert [line.message for line in made.problems] == [told]


def test_the_example_of_a_date_that_is_a_year_is_a_year() -> None:
    fields = [
        field(kind="PARTIAL_DATE", hint="Sur 4 chiffres.", pattern="[0-9]{4}", example="2021")
    ]
    [group] = build_form(fields, {}, stored_texts({})).groups
    assert group.fields[0].hint == typeset("Sur 4 chiffres. Par exemple : 2021.")


@pytest.mark.parametrize("is_obligatory", [True, False])
def test_what_an_obligatory_field_makes_required_is_required_without_a_condition(
    *, is_obligatory: bool
) -> None:
    told = [{"field": "two", "test": "FILLED", "values": []}]
    fields = [
        field(label="Email encore", requiredWhen=[{"conditions": told}]),
        field(key="two", label="Email", required=is_obligatory),
    ]
    made = build_form(fields, {}, stored_texts({})).groups[0].fields[0]
    assert made.required is is_obligatory
    assert made.hint == (
        "" if is_obligatory else typeset("Obligatoire si vous renseignez « Email ».")
    )


def test_yes_or_no_that_has_a_suggestion_has_no_third_choice() -> None:
    def choices(suggested: str | None) -> list[str]:
        made = build_form([field(kind="YES_NO", suggested=suggested)], {}, stored_texts(None))
        return [one.label for one in only(made).flat_choices]

    assert choices("true") == ["Oui", "Non"]
    assert choices(None) == ["Oui", "Non", "Non renseigné"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("« Intitulé » est obligatoire.", "« Intitulé » est obligatoire."),
        ("Indiquez l’intitulé : l’année suffit.", "Indiquez l’intitulé : l’année suffit."),
        ("Indiquez 10 chiffres.", "« Intitulé » : indiquez 10 chiffres."),
        ("SIRET à vérifier.", "« Intitulé » : SIRET à vérifier."),
        ("12 au plus.", "« Intitulé » : 12 au plus."),
    ],
)
def test_a_line_of_the_summary_names_its_field(message: str, told: str) -> None:
    problems = {"one": typeset(message)}
    made = build_form([field(label="Intitulé")], {}, stored_texts({}), problems=problems)
    assert [line.message for line in made.problems] == [typeset(told)]
    assert made.groups[0].fields[0].problem == problems["one"]


def test_a_problem_of_no_field_stands_after_those_of_fields() -> None:
    made = build_form([field()], {}, stored_texts({}), problems={"other": "Autre.", "one": "Un."})
    assert [(one.message, one.href) for one in made.problems] == [("Un.", "#one"), ("Autre.", "")]


def test_a_form_of_too_many_fields_or_not_in_ascii_cannot_be_read() -> None:
    with pytest.raises(MalformedRequestError):
        parse_form(b"a=1&" * 2_001)
    with pytest.raises(MalformedRequestError):
        parse_form("é=1".encode())
    assert parse_form(b"a=%00b&a=%ff").all("a") == ["b", "�"]


def test_a_field_of_lines_says_once_that_each_takes_a_line() -> None:
    plain = build_form([field(kind="TEXTS", hint="")], {}, stored_texts({}))
    told = build_form([field(kind="TEXTS", hint="Une situation par ligne.")], {}, stored_texts({}))
    assert only(plain).hint == "Un par ligne."
    assert only(told).hint == "Une situation par ligne."


def test_a_day_says_its_form_by_no_day_that_might_be_refused() -> None:
    made = build_form([field(kind="DAY", hint="Facultatif.", future=True)], {}, stored_texts({}))
    assert only(made).hint == "Facultatif. Sous la forme JJ/MM/AAAA."


def test_a_suggested_yes_is_chosen_in_a_form_that_begins() -> None:
    made = build_form([field(kind="YES_NO", suggested="true")], {}, stored_texts(None))
    assert only(made).values == ("oui",)


def test_the_script_is_told_when_a_field_becomes_obligatory() -> None:
    rules = [{"conditions": [{"field": "key", "test": "FILLED", "values": []}]}]
    fields = [field(key="key"), field(key="two", requiredWhen=rules)]
    first, second = build_form(fields, {}, stored_texts(None)).groups[0].fields
    assert first.required_when == ""
    assert json.loads(second.required_when) == [rules[0]["conditions"]]
