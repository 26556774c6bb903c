"""`values`: what a form is filled from goes back as it came, and is taken."""

from typing import Any

import pytest

from graphql_api.demo.loading import load_booklet
from graphql_api.demo.sharing import SITE, share
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import ADD, REVISE, SAY_WHO, added
from tests.graphql_api.dossiers.dossiers import SAVE
from tests.graphql_api.summaries.summaries import registered

FORMS = """{
  rubrics { rubric key fields { key } }
  identityForm { key } situationForm { key } dispenseForm { key }
}"""
ENTRIES = (
    "{ booklet { entries { id rubric version values lines { key text } comment shareable } } }"
)
ONE = "query($id: ID!) { booklet { entry(id: $id) { values } } }"
PERSON = "{ booklet { identity { version values } situation { version values } } }"
SITUATE = """mutation($situation: SituationInput!, $version: Int!) {
  situationRevise(situation: $situation, version: $version) {
    __typename ... on Refusal { code }
    ... on SituationRevised { booklet { situation { version values } } }
  }
}"""
REQUESTS = "{ booklet { dossiers { id version dispense { values } } } }"


def the_demo(here: Here, booklet: str) -> Caller:
    caller, service = here.caller(booklet), here.deployment.service
    entries = load_booklet(service, caller.token or "", booklet)
    if booklet == "julliard":
        registered(here, SITE)
        share(service, caller.token or "", entries)
    return caller


def keys(fields: list[dict[str, Any]]) -> list[str]:
    return [field["key"] for field in fields]


@pytest.mark.parametrize("booklet", ["julliard", "teriitahi"])
def test_the_values_of_an_entry_are_those_of_its_form_and_are_taken_back(
    here: Here, booklet: str
) -> None:
    caller, other = the_demo(here, booklet), with_booklet(here, "other")
    forms = {one["rubric"]: one for one in caller.ask(FORMS)["rubrics"]}
    entries = caller.ask(ENTRIES)["booklet"]["entries"]
    assert len({entry["rubric"] for entry in entries}) > 8
    for entry in entries:
        form, values = forms[entry["rubric"]], entry["values"]
        assert list(values) == keys(form["fields"])
        assert all(values[line["key"]] is not None for line in entry["lines"])
        sent = {form["key"]: values}
        revised = caller.do(REVISE, id=entry["id"], version=entry["version"], entry=sent)
        assert revised["__typename"] == "EntryRevised", revised
        assert caller.ask(ONE, id=entry["id"])["booklet"]["entry"]["values"] == values
        copied = other.do(ADD, entry=sent)
        assert copied["__typename"] == "EntryAdded", copied
        assert other.ask(ONE, id=copied["entry"]["id"])["booklet"]["entry"]["values"] == values


def test_a_value_that_is_not_there_is_null(owner: Caller) -> None:
    entry = added(owner, "competence", label="Conduire une réunion")
    values = owner.ask(ONE, id=entry["id"])["booklet"]["entry"]["values"]
    assert values["label"] == "Conduire une réunion"
    assert values["shareable"] is True
    assert (values["description"], values["codes"], values["comment"]) == (None, None, None)


def test_the_identity_and_the_situation_fill_their_forms_and_are_taken_back(here: Here) -> None:
    caller = the_demo(here, "julliard")
    forms, person = caller.ask(FORMS), caller.ask(PERSON)["booklet"]
    identity, situation = person["identity"], person["situation"]
    again = "emailConfirmation"
    assert list(identity["values"]) == [key for key in keys(forms["identityForm"]) if key != again]
    assert list(situation["values"]) == keys(forms["situationForm"])
    sent = {**identity["values"], again: identity["values"]["email"]}
    said = caller.do(SAY_WHO, identity=sent, version=identity["version"])
    assert said["__typename"] == "IdentityRevised", said
    assert caller.ask(PERSON)["booklet"]["identity"]["values"] == identity["values"]
    moved = caller.do(SITUATE, situation=situation["values"], version=situation["version"])
    assert moved["booklet"]["situation"]["values"] == situation["values"]


def test_a_request_for_exemption_fills_its_form_and_is_taken_back(here: Here) -> None:
    caller = the_demo(here, "julliard")
    (dossier,) = [one for one in caller.ask(REQUESTS)["booklet"]["dossiers"] if one["dispense"]]
    values = dossier["dispense"]["values"]
    assert list(values) == keys(caller.ask(FORMS)["dispenseForm"])
    sent = {"id": dossier["id"], "version": dossier["version"]}
    saved = caller.do(SAVE, dossier={"dispense": values}, **sent)
    assert saved["__typename"] == "DossierSaved", saved
    now = caller.ask(REQUESTS)["booklet"]["dossiers"]
    assert [one["dispense"]["values"] for one in now if one["dispense"]] == [values]
