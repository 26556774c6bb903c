"""What a new request for exemption starts with."""

from typing import Any

from schema.description.rubric import RubricName
from schema.dossiers.dispense_start import dispense_start
from schema.entries.entries import Entry
from schema.entries.shapes import fill_missing
from schema.entries.situation import SituationContent
from tests.schema.dossiers.dossier_samples import a_post
from tests.schema.entry_samples import TODAY, an_entry

PAU = {"employer_name": "Ville de Pau", "employer_siret": "21640445900017"}


def a_situation(**content: Any) -> SituationContent:
    return SituationContent(**fill_missing(SituationContent, content))


def started(situation: SituationContent | None, *posts: Entry) -> dict[str, Any]:
    """What the form begins with, without what it leaves open."""
    values = dispense_start(situation, posts, TODAY)
    return {key: value for key, value in values.items() if value is not None}


def test_an_empty_booklet_knows_nothing_of_a_request() -> None:
    assert started(None) == {}
    assert set(dispense_start(None, [], TODAY)) >= {"employerName", "ground", "requestedDays"}


def test_the_situation_comes_first_and_a_post_with_the_same_employer_says_the_rest() -> None:
    situation = a_situation(employer_name="VILLE DE PAU", grade="Rédacteur")
    post = a_post("2019", None, **PAU, grade="Adjoint", cadre_emplois="REDACTEURS", missions="Tout")
    assert started(situation, post) == {
        "employerName": "VILLE DE PAU",
        "employerSiret": PAU["employer_siret"],
        "cadreEmplois": "REDACTEURS",
        "grade": "Rédacteur",
        "duties": "Tout",
    }


def test_a_post_with_another_employer_says_nothing() -> None:
    post = a_post("2019", None, employer_name="Ville de Tarbes", grade="Adjoint", missions="Tout")
    assert started(a_situation(**PAU), post) == {
        "employerName": "Ville de Pau",
        "employerSiret": PAU["employer_siret"],
    }
    namesake = a_post("2019", None, employer_name="Ville de Pau", employer_siret="21330063500017")
    assert "duties" not in started(a_situation(**PAU), namesake)


def test_without_a_situation_the_main_post_of_today_says_all() -> None:
    half = a_post("2020", None, "half", employer_name="SIVOM", work_quota=20)
    main = a_post("2019", None, "main", employer_name="Ville de Pau", grade="Rédacteur")
    assert started(None, half, main) == {"employerName": "Ville de Pau", "grade": "Rédacteur"}
    assert started(a_situation(grade="Attaché"), half, main)["grade"] == "Attaché"


def test_neither_a_private_post_nor_one_that_is_over_says_anything() -> None:
    private = an_entry(
        RubricName.PROFESSIONAL_EXPERIENCE,
        "private",
        start="2019",
        ongoing=True,
        sector="PRIVE",
        employer_name="SARL",
    )
    assert started(None, private, a_post("2019", "2020", employer_name="Ville de Pau")) == {}


def test_a_cadre_d_emplois_of_another_text_is_left_open() -> None:
    situation = a_situation(
        **PAU, cadre_emplois="DIRECTEURS_POLICE_MUNICIPALE", grade="Gardien-brigadier"
    )
    assert "cadreEmplois" not in started(situation)
    assert started(situation)["grade"] == "Gardien-brigadier"
