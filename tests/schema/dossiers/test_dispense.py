"""The request for an exemption from statutory training: what refuses it, what weakens it."""

from typing import Any

import pytest

from schema.codes import code_table
from schema.description.fields import LONG_TEXT_LENGTH
from schema.description.rubric import RubricName
from schema.description.validation import field_errors
from schema.dossiers.dispense import MAX_DISPENSE_DAYS, dispense_lines, dispense_warnings
from schema.dossiers.dossier import dossier_errors, dossier_warnings
from schema.entries.entries import Entry
from schema.typography import typeset
from tests.schema.dossiers.dossier_samples import a_dossier, a_form, a_post, form_content
from tests.schema.entry_samples import TODAY, an_entry
from tests.schema.problems import codes

EXPERIENCE = {"ground": "ART18_EXPERIENCE"}
DIPLOMA = {"title": "BTS", "outcome": "OBTENU", "level": "5"}
JOB = an_entry(RubricName.ATTACHMENT, "job", title="Fiche", kind="FICHE_DE_POSTE")
COURSE = an_entry(RubricName.TRAINING, "course", title="Commande publique", role="STAGIAIRE")


def refused(entries: tuple[Entry, ...] = (), **changes: Any) -> list[tuple[str, str]]:
    """The errors of a dossier that takes these entries."""
    dossier = a_dossier(
        "DISPENSE_FORMATION", dispense=a_form(**changes), entries=[one.id for one in entries]
    )
    found = dossier_errors(dossier, list(entries), TODAY)
    assert all(each.message for each in found)
    return [(each.path.removeprefix("dispense."), each.code) for each in found]


def warned(entries: tuple[Entry, ...] = (COURSE, JOB), **changes: Any) -> list[tuple[str, str]]:
    dossier = a_dossier(
        "DISPENSE_FORMATION", dispense=a_form(**changes), entries=[one.id for one in entries]
    )
    found = dossier_warnings(dossier, list(entries), TODAY)
    return [(each.path.removeprefix("dispense."), each.code) for each in found]


def limits(**changes: Any) -> list[tuple[str, str]]:
    return codes(field_errors(form_content(**changes), TODAY))


def test_a_complete_form_is_refused_nothing_and_lacks_nothing() -> None:
    assert limits() == []
    assert refused() == []
    assert warned() == []


def test_a_character_of_the_request_that_the_pdf_cannot_print_is_pointed_out() -> None:
    assert ("dispense", "UNPRINTABLE") in warned(employer_name="日本")


def test_a_dossier_for_an_exemption_has_the_form_and_no_other_needs_it() -> None:
    bare = dossier_errors(a_dossier("DISPENSE_FORMATION"), [], TODAY)
    assert codes(bare) == [("dispense", "REQUIRED")]
    assert dossier_errors(a_dossier("MUTATION"), [], TODAY) == []


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("ground", "ground"),
        ("employer_name", "employerName"),
        ("cadre_emplois", "cadreEmplois"),
        ("training_type", "trainingType"),
        ("statutory_days", "statutoryDays"),
        ("requested_days", "requestedDays"),
    ],
)
def test_a_request_without_a_ground_or_what_it_is_about_is_refused(field: str, key: str) -> None:
    assert limits(**{field: ...}) == [(key, "REQUIRED")]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ground": "ART19"}, ("ground", "UNKNOWN_CODE")),
        ({"training_type": "PERFECTIONNEMENT"}, ("trainingType", "UNKNOWN_CODE")),
        ({"employer_siret": "21330063500018"}, ("employerSiret", "FORMAT")),
        ({"signatory_name": "J3anne"}, ("signatoryName", "FORMAT")),
        ({"requested_days": 0}, ("requestedDays", "OUT_OF_RANGE")),
        ({"statutory_days": MAX_DISPENSE_DAYS + 1}, ("statutoryDays", "OUT_OF_RANGE")),
        ({"appointed_on": "2027"}, ("appointedOn", "DATE_IN_FUTURE")),
        ({"duties": "x" * (LONG_TEXT_LENGTH + 1)}, ("duties", "TOO_LONG")),
    ],
)
def test_each_field_keeps_its_limits(changes: dict[str, Any], error: tuple[str, str]) -> None:
    assert limits(**changes) == [error]


@pytest.mark.parametrize(
    ("requested", "errors", "extent"),
    [
        (10, [], "Dispense totale"),
        (9.5, [], "Dispense partielle"),
        (10.5, [("requestedDays", "OUT_OF_RANGE")], "Dispense partielle"),
    ],
)
def test_no_more_days_are_asked_for_than_the_statute_has(
    requested: float, errors: list[tuple[str, str]], extent: str
) -> None:
    assert refused(requested_days=requested) == errors
    lines = {line.key: line.text for line in dispense_lines(form_content(requested_days=requested))}
    assert lines["extent"] == extent


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        ("2020-01-01", "2022-12-31", []),
        ("2020-01-01", "2022-12-29", [("ground", "EXPERIENCE_TOO_SHORT")]),
        ("2023-11-23", None, []),
        ("2023-11-24", None, [("ground", "EXPERIENCE_TOO_SHORT")]),
    ],
)
def test_experience_is_a_ground_from_three_years_on(
    start: str, end: str | None, errors: list[tuple[str, str]]
) -> None:
    assert refused((a_post(start, end),), **EXPERIENCE) == errors


def test_only_the_posts_of_the_dossier_count() -> None:
    post, other = a_post("2022", "2023", "a"), a_post("2010", "2019", "b")
    dossier = a_dossier("DISPENSE_FORMATION", dispense=a_form(**EXPERIENCE), entries=["a"])
    (error,) = dossier_errors(dossier, [post, other], TODAY)
    assert error.code == "EXPERIENCE_TOO_SHORT"
    assert "1 an" in error.message
    assert refused((post, other), **EXPERIENCE) == []
    assert refused((), **EXPERIENCE) == [("ground", "EXPERIENCE_TOO_SHORT")]


@pytest.mark.parametrize("ground", [code.code for code in code_table("dispenseGround").codes])
@pytest.mark.parametrize("training", [code.code for code in code_table("dispenseTraining").codes])
def test_article_18_is_open_to_three_trainings_and_article_17_to_all(
    ground: str, training: str
) -> None:
    closed = ground.startswith("ART18") and training in (
        "PROF_TOUT_AU_LONG",
        "PROF_POSTE_RESPONSABILITE",
    )
    found = refused((a_post("2010", "2020"),), ground=ground, training_type=training)
    assert found == ([("ground", "GROUND_NOT_OPEN")] if closed else [])


@pytest.mark.parametrize("cadre", code_table("cadreEmplois").codes, ids=lambda one: one.code)
def test_two_filieres_and_polynesia_are_outside_the_decree_and_the_others_within(
    cadre: Any,
) -> None:
    found = refused(cadre_emplois=cadre.code, schooling=False)
    outside = cadre.group in ("PM", "SPP") or cadre.code.startswith("PF_")
    assert found == ([("cadreEmplois", "OUTSIDE_DECREE")] if outside else [])


@pytest.mark.parametrize(
    ("cadre", "schooling", "errors"),
    [
        ("ADMINISTRATEURS", True, [("schooling", "OUTSIDE_DECREE")]),
        ("ADMINISTRATEURS", False, []),
        ("ADMINISTRATEURS", ..., [("schooling", "REQUIRED")]),
        ("ATTACHES", True, []),
        ("ATTACHES", ..., []),
    ],
)
def test_a_schooling_of_category_a_plus_is_not_shortened(
    cadre: str, schooling: Any, errors: list[tuple[str, str]]
) -> None:
    assert refused(cadre_emplois=cadre, schooling=schooling) == errors


def test_every_diploma_of_the_dossier_says_its_level() -> None:
    known = an_entry(RubricName.DIPLOMA, "known", **DIPLOMA)
    unknown = an_entry(RubricName.DIPLOMA, "unknown", **(DIPLOMA | {"level": None}))
    assert refused((known,)) == []
    assert refused((known, unknown)) == [("entries[1]", "LEVEL_REQUIRED")]
    whole = {"rubrics": ["DIPLOMA"]}, {"parts": ["FORMATIONS"]}
    for choice, path in zip(whole, ("rubrics", "parts"), strict=True):
        dossier = a_dossier("DISPENSE_FORMATION", dispense=a_form(), **choice)
        found = dossier_errors(dossier, [known, unknown], TODAY)
        assert codes(found) == [(path, "LEVEL_REQUIRED")]
        assert "il manque pour «\u202fBTS" in found[0].message
        assert found[0].message.endswith("indiquez-le, ou cochez les diplômes un à un.")
    left_out = a_dossier("DISPENSE_FORMATION", dispense=a_form(), entries=["known"])
    assert dossier_errors(left_out, [known, unknown], TODAY) == []


@pytest.mark.parametrize(
    ("count", "rest"), [(5, "» : indiquez-les"), (6, "» et un autre :"), (8, "» et 3 autres :")]
)
def test_diplomas_without_a_level_are_named_in_one_sentence(count: int, rest: str) -> None:
    content = DIPLOMA | {"level": None}
    diplomas = [
        an_entry(RubricName.DIPLOMA, str(each), **(content | {"title": f"Titre n° {each}"}))
        for each in range(count)
    ]
    dossier = a_dossier("DISPENSE_FORMATION", dispense=a_form(), rubrics=["DIPLOMA"])
    (found,) = dossier_errors(dossier, diplomas, TODAY)
    assert [f"Titre n° {each}" in found.message for each in range(count)] == [
        each < 5 for each in range(count)
    ]
    assert typeset(rest) in found.message


def test_every_reason_is_told_at_once() -> None:
    short = a_post("2024", "2024")
    bad = an_entry(RubricName.DIPLOMA, "bad", title="BTS", outcome="OBTENU")
    found = refused(
        (short, bad),
        ground="ART18_EXPERIENCE",
        training_type="PROF_TOUT_AU_LONG",
        cadre_emplois="GARDES_CHAMPETRES",
        requested_days=11,
    )
    assert found == [
        ("entries[1]", "LEVEL_REQUIRED"),
        ("cadreEmplois", "OUTSIDE_DECREE"),
        ("requestedDays", "OUT_OF_RANGE"),
        ("ground", "GROUND_NOT_OPEN"),
        ("ground", "EXPERIENCE_TOO_SHORT"),
    ]


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"signatory_name": ...}, ("signatoryName", "RECOMMENDED")),
        ({"signatory_role": ...}, ("signatoryRole", "RECOMMENDED")),
        ({"grade": ...}, ("grade", "RECOMMENDED")),
        ({"appointed_on": ...}, ("appointedOn", "RECOMMENDED")),
        ({"duties": ...}, ("duties", "RECOMMENDED")),
        ({"adequacy": ...}, ("adequacy", "RECOMMENDED")),
        ({"employer_siret": ...}, ("employerSiret", "RECOMMENDED")),
        ({"consulted_on": ...}, ("consultedOn", "RECOMMENDED")),
        (
            {"training_type": "PROF_PREMIER_EMPLOI", "unused_days_carried": True},
            ("unusedDaysCarried", "NOT_EXPECTED"),
        ),
    ],
)
def test_what_a_complete_request_would_have_is_said_and_blocks_nothing(
    changes: dict[str, Any], warning: tuple[str, str]
) -> None:
    assert warned(**changes) == [warning]
    assert refused((COURSE, JOB), **changes) == []


def test_the_employer_consults_under_article_17_only() -> None:
    post, diploma = a_post("2010", "2020"), an_entry(RubricName.DIPLOMA, "d", **DIPLOMA)
    for ground in ("ART18_TITRE_DIPLOME", "ART18_EXPERIENCE"):
        assert warned((post, diploma, JOB), ground=ground, consulted_on=...) == []


BILAN = {"kind": "BILAN_COMPETENCES", "title": "Bilan"}
VAE = {"kind": "VAE", "title": "Licence"}


@pytest.mark.parametrize(
    ("ground", "rubric", "serves", "does_not"),
    [
        ("ART17_FORMATIONS", RubricName.TRAINING, {"role": "STAGIAIRE"}, {"role": "FORMATEUR"}),
        ("ART17_BILANS", RubricName.PRIOR_LEARNING_RECOGNITION, BILAN, VAE),
        ("ART18_TITRE_DIPLOME", RubricName.DIPLOMA, DIPLOMA, DIPLOMA | {"outcome": "EN_COURS"}),
    ],
)
def test_a_ground_rests_on_something_that_the_dossier_shows(
    ground: str, rubric: RubricName, serves: dict[str, Any], does_not: dict[str, Any]
) -> None:
    def said(*entries: Entry) -> bool:
        return ("ground", "NO_SUPPORT") in warned((*entries, JOB), ground=ground)

    assert not said(an_entry(rubric, "it", **serves))
    assert said(an_entry(rubric, "it", **does_not))
    assert said()


@pytest.mark.parametrize(
    ("ground", "article"),
    [("ART17_FORMATIONS", 17), ("ART17_BILANS", 17), ("ART18_TITRE_DIPLOME", 18)],
)
def test_what_a_ground_lacks_is_told_with_the_article(ground: str, article: int) -> None:
    content = form_content(ground=ground)
    (told,) = [one.message for one in dispense_warnings(content, []) if one.path == "ground"]
    assert told.endswith(f"ce motif (article {article} du décret n° 2008-512 du 29 mai 2008).")


def test_a_request_goes_with_the_description_of_the_post() -> None:
    assert warned((COURSE,)) == [("duties", "NO_SUPPORT")]
    copy = an_entry(RubricName.ATTACHMENT, "copy", title="BTS", kind="COPIE_DIPLOME")
    assert warned((COURSE, copy)) == [("duties", "NO_SUPPORT")]
