"""What people paste or copy by hand is stored in its ordinary form; only what cannot be meant is refused."""

import json
from typing import Any

import pytest

from tests.conftest import Caller
from tests.graphql_api.documents import ADD, added, entry, refused


def stored(owner: Caller, rubric: str, **sent: Any) -> dict[str, Any]:
    """An entry with these fields, as it is read back: the texts of its lines, by key."""
    id = added(owner, rubric, **sent)["id"]
    document = (
        """query ($id: ID!) { booklet { entry(id: $id) { headline when lines { key text } } } }"""
    )
    found = owner.ask(document, id=id)["booklet"]["entry"]
    return {"headline": found["headline"], "when": found["when"]} | {
        line["key"]: line["text"] for line in found["lines"]
    }


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("BTS\u00a0Gestion\u202fde\u2007l’eau", "BTS Gestion de l’eau"),
        ("BTS\u200b Ges\u00adtion\ufeff de\u2060 l’eau\u200e", "BTS Gestion de l’eau"),
        ("BTS\tGestion de\u000bl’eau\u2028", "BTS Gestion de l’eau"),
        ("\u202aBTS Gestion de l’eau\u202c", "BTS Gestion de l’eau"),
        ("ＢＴＳ Gestion de l’eau", "BTS Gestion de l’eau"),
        ("BTS post\u2011bac", "BTS post-bac"),
        ("Cafe\u0301 – thé", "Café – thé"),
    ],
)
def test_a_line_is_stored_in_its_ordinary_form(owner: Caller, pasted: str, kept: str) -> None:
    assert stored(owner, "diploma", title=pasted)["headline"] == kept


def test_lists_and_tables_of_a_word_processor_stay_lists_and_columns(owner: Caller) -> None:
    pasted = (
        "\uf0b7\tAccueil\r\n\uf0a7\tOrientation\ro\tdes familles\n1.\tSuivi\u000b"
        "Service\tEffectif\nÉtat civil\t3"
    )
    assert stored(owner, "professionalExperience", missions=pasted)["missions"] == (
        "• Accueil\n• Orientation\n• des familles\n1. Suivi\nService | Effectif\nÉtat civil | 3"
    )


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("employerSiret", "213 300 635 00017", "213 300 635 00017"),
        ("employerSiret", "213\u202f300\u202f635\u00a000017", "213 300 635 00017"),
        ("employerSiret", "213.300.635-00017", "213 300 635 00017"),
        ("employerSiret", "356 000 000 12346", "356 000 000 12346"),
        ("employerInseeCommune", "2a004", "2A004"),
        ("employerInseeCommune", " 33 063", "33063"),
        ("romeCode", "k1801", "K1801"),
        ("romeCode", "K 1801", "K1801"),
    ],
)
def test_a_number_copied_from_paper_is_taken(
    owner: Caller, key: str, typed: str, kept: str
) -> None:
    found = stored(owner, "professionalExperience", **{key: typed})
    assert found[key] == kept


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("12/03/2019", "12/03/2019"),
        ("3/2019", "mars 2019"),
        ("03/2019", "mars 2019"),
        ("12.03.2019", "12/03/2019"),
        ("2019\u00a0", "2019"),
        ("２０１９", "2019"),
    ],
)
def test_a_date_is_taken_as_people_write_it(owner: Caller, typed: str, when: str) -> None:
    assert stored(owner, "diploma", awardedOn=typed)["when"] == when


def test_what_cannot_be_meant_is_refused_by_its_name_and_place(owner: Caller) -> None:
    sent = entry("diploma", title="BTS \ue123", content="Une\nDeux\n\tTrois \ufffd")
    answer = owner.do(ADD, entry=sent)
    assert refused(answer) == [
        ("entry.diploma.title", "CONTROL_CHARACTER"),
        ("entry.diploma.content", "CONTROL_CHARACTER"),
    ]
    title, content = (each["message"] for each in answer["problems"])
    assert "(U+E123, caractère n° 5)" in title
    assert "(U+FFFD, ligne 3, caractère n° 9)" in content


def test_every_suggested_value_leads_to_an_entry_that_is_accepted(owner: Caller) -> None:
    guide = owner.ask("{ rubrics { key fields { key kind suggested } } }")["rubrics"]
    tried = 0
    for rubric in guide:
        suggested = {
            field["key"]: json.loads(field["suggested"])
            if field["kind"] in ("WHOLE_NUMBER", "NUMBER", "YES_NO")
            else field["suggested"]
            for field in rubric["fields"]
            if field["suggested"] is not None
        }
        if suggested:
            added(owner, rubric["key"], **suggested)
            tried += 1
    assert tried > 3
