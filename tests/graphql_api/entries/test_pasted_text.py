"""What people paste or copy by hand is stored in its ordinary form; only what cannot be meant is refused."""

import json
from typing import Any

import pytest

from schema.description.dates import MONTHS
from schema.typography import typeset
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
        ("juin 2009", "juin 2009"),
        ("15 juin 2009", "15/06/2009"),
        ("1er juin 2009", "01/06/2009"),
        ("1ᵉʳ Juin 2009", "01/06/2009"),
        ("le 3\u00a0FÉVRIER 2009", "03/02/2009"),
        ("fevrier 2009", "février 2009"),
        ("Aout 2009", "août 2009"),
        ("sept. 2009", "septembre 2009"),
        ("juil. 2009", "juillet 2009"),
    ],
)
def test_a_date_is_taken_as_people_write_it(owner: Caller, typed: str, when: str) -> None:
    assert stored(owner, "diploma", awardedOn=typed)["when"] == when


@pytest.mark.parametrize("month", MONTHS)
def test_a_booklet_reads_the_months_that_it_writes(owner: Caller, month: str) -> None:
    typed = f"{month} 2009"
    assert stored(owner, "diploma", awardedOn=typed)["when"] == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 juin 2009", "cette date n’existe pas"),
        ("31/02/2009", "cette date n’existe pas"),
        ("2009-13", "cette date n’existe pas"),
        ("jui 2009", "cette date n’a pas été comprise"),
        ("2er juin 2009", "cette date n’a pas été comprise"),
        ("juin", "cette date n’a pas été comprise"),
        ("15 juin 09", "cette date n’a pas été comprise"),
        ("printemps 2009", "cette date n’a pas été comprise"),
    ],
)
def test_a_date_that_is_not_understood_is_not_said_not_to_exist(
    owner: Caller, typed: str, said: str
) -> None:
    answer = owner.do(ADD, entry=entry("diploma", awardedOn=typed))
    assert refused(answer) == [("entry.diploma.awardedOn", "INVALID_DATE")]
    expected = f"« Date d’obtention » : {said} (attendu : AAAA, MM/AAAA ou JJ/MM/AAAA)."
    assert answer["problems"][0]["message"] == typeset(expected)


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
