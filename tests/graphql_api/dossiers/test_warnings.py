"""What the owner of a dossier is warned of, which nobody else is told."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import LINK, PROVE, SAY_WHO, added, whole
from tests.graphql_api.dossiers.dossiers import changed, dossiers_of, saved, told

SITUATION = """mutation($situation: SituationInput!, $version: Int!) {
  situationRevise(situation: $situation, version: $version) { __typename }
}"""


def codes(dossier: Any) -> list[tuple[str, str]]:
    return [(one["path"], one["code"]) for one in dossier["warnings"]]


def said(dossier: Any, code: str) -> str:
    (message,) = (one["message"] for one in dossier["warnings"] if one["code"] == code)
    return str(message)


def test_a_competence_is_wanting_until_what_supports_it_is_selected(owner: Caller) -> None:
    skill, course = added(owner, "competence"), added(owner, "training")
    dossier = saved(owner, purpose="MUTATION", entries=[skill["id"]], annexes=[])
    assert codes(dossier) == [("entries", "NO_SUPPORT")]
    assert "« Rédiger un marché public »" in said(dossier, "NO_SUPPORT").replace("\u202f", " ")
    tie = {"id": skill["id"], "version": 1, "target": course["id"], "relation": "ACQUIRED"}
    assert owner.do(LINK, **tie)["__typename"] == "TieWritten"
    assert codes(dossiers_of(owner)[1]) == [("entries", "NO_SUPPORT")], "it is not selected"
    assert codes(changed(owner, dossier, entries=[skill["id"], course["id"]])) == []


def test_a_document_is_wanting_where_documents_are_listed(owner: Caller) -> None:
    diploma, paper = added(owner, "diploma"), added(owner, "attachment")
    chosen = {"entries": [diploma["id"]], "annexes": ["CHECKLIST"]}
    dossier = saved(owner, purpose="MUTATION", **chosen)
    assert codes(dossier) == [("entries", "NO_DOCUMENT")]
    assert "« BTS Gestion de l’eau »" in said(dossier, "NO_DOCUMENT").replace("\u202f", " ")
    proof = {"id": paper["id"], "version": 1, "target": diploma["id"]}
    assert owner.do(PROVE, **proof)["__typename"] == "TieWritten"
    assert codes(dossiers_of(owner)[1]) == [("entries", "NO_DOCUMENT")], "it is not selected"
    both = changed(owner, dossier, entries=[diploma["id"], paper["id"]])
    assert codes(both) == []
    alone = changed(owner, both, entries=[diploma["id"]], annexes=[])
    assert codes(alone) == [], "no document is listed"


def test_a_title_is_over_on_the_day_after_its_last(here: Here) -> None:
    here.clock.stop(datetime(2027, 3, 31, 20, tzinfo=UTC))
    owner = with_booklet(here, "owner")
    held = added(owner, "accreditation", issuedOn="2023-03", validUntil="2027-03-31")
    dossier = saved(owner, purpose="MUTATION", entries=[held["id"]], annexes=[])
    assert codes(dossier) == []
    here.clock.stop(datetime(2027, 3, 31, 22, 30, tzinfo=UTC))  # past midnight in France
    again = here.caller("owner")
    assert codes(dossiers_of(again)[1]) == [("entries", "EXPIRED")]


@pytest.mark.parametrize(
    ("sent", "path"), [({"title": "Dossier 漢"}, "title"), ({"recipient": "漢"}, "recipient")]
)
def test_what_the_pdf_cannot_print_is_told_to_the_owner(
    owner: Caller, sent: dict[str, str], path: str
) -> None:
    entry = added(owner, "training")["id"]
    dossier = saved(owner, purpose="MUTATION", entries=[entry], annexes=[], **sent)
    assert codes(dossier) == [(path, "UNPRINTABLE")]
    assert "漢" in said(dossier, "UNPRINTABLE")


def test_what_the_pdf_cannot_print_of_the_holder_is_told_as_far_as_it_is_communicated(
    owner: Caller,
) -> None:
    entry = added(owner, "training")["id"]
    version = whole(owner)["identity"]["version"]
    who = {"firstName": "美咲", "city": "東京"}
    assert owner.do(SAY_WHO, identity=who, version=version)["__typename"] == "IdentityRevised"
    post = {"jobTitle": "Chargée de 翻訳"}
    done = owner.do(SITUATION, situation=post, version=0)
    assert done["__typename"] == "SituationRevised"
    choice = {"entries": [entry], "annexes": [], "identityFields": [], "situation": False}
    dossier = saved(owner, purpose="MUTATION", **choice)
    assert codes(dossier) == [("identityFields", "UNPRINTABLE")]
    assert "« 咲 美 » de votre identité" in said(dossier, "UNPRINTABLE").replace("\u202f", " ")
    more = changed(owner, dossier, identityFields=["city"], situation=True)
    assert codes(more) == [("identityFields", "UNPRINTABLE"), ("situation", "UNPRINTABLE")]
    messages = [one["message"] for one in more["warnings"]]
    assert ["東" in one for one in messages] == [True, False]
    assert ["翻" in one for one in messages] == [False, True]


def test_what_is_wanting_in_an_entry_is_not_told_to_its_reader(owner: Caller) -> None:
    skill = added(owner, "competence", label="Traduire 漢字")
    dossier = saved(owner, purpose="MUTATION", entries=[skill["id"]], annexes=[])
    assert codes(dossier) == [("entries[0]", "UNPRINTABLE"), ("entries", "NO_SUPPORT")]
    heard = json.dumps(told(owner, dossier["id"]), ensure_ascii=False)
    assert "Traduire 漢字" in heard
    assert "sans appui" not in heard
    assert "PDF" not in heard
