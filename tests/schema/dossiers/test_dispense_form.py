"""The request for an exemption as it is printed: its lines, who receives it, who signs."""

import pytest

from schema.description.rubric import RubricName
from schema.dossiers.dispense import DispenseContent, dispense_lines
from schema.dossiers.shared_dispense import SharedDispense, shared_dispense
from schema.dossiers.shared_entries import DossierReading
from schema.entries.entries import Entry
from schema.entries.shapes import fill_missing
from schema.typography import typeset
from tests.schema.dossiers.dossier_samples import a_post, form_content
from tests.schema.entry_samples import TODAY, an_entry


@pytest.mark.parametrize(
    ("cadre", "category", "addressee"),
    [
        ("ADMINISTRATEURS", "A+", "(INET)"),
        ("ATTACHES", "A", "(INSET)"),
        ("REDACTEURS", "B", "Délégation régionale du CNFPT"),
        ("ADJOINTS_ADMINISTRATIFS", "C", "Délégation régionale du CNFPT"),
    ],
)
def test_the_category_says_who_receives_it(cadre: str, category: str, addressee: str) -> None:
    lines = {line.key: line.text for line in dispense_lines(form_content(cadre_emplois=cadre))}
    assert lines["category"] == category
    assert lines["addressee"].endswith(addressee)


def test_the_article_says_who_presents_it() -> None:
    by = {}
    for ground in ("ART17_FORMATIONS", "ART17_BILANS", "ART18_TITRE_DIPLOME", "ART18_EXPERIENCE"):
        lines = {line.key: line.text for line in dispense_lines(form_content(ground=ground))}
        by[ground] = lines["presentedBy"]
    assert list(by.values()) == ["L’employeur", "L’employeur", "L’agent", "L’agent"]


READING = DossierReading("d")


def printed(*entries: Entry, **form: object) -> SharedDispense:
    return shared_dispense(form_content(**form), "Maëlle Lefèvre", entries, TODAY, READING)


def test_the_days_are_a_subtraction() -> None:
    days = [(line.label, line.text) for line in printed().days]
    assert days == [
        ("Durée statutaire", "10 jours"),
        ("Dispense demandée", "5 jours"),
        ("Reste à suivre", "5 jours"),
    ]
    assert [line.text for line in printed(requested_days=9.5).days][1:] == ["9,5 jours", "0,5 jour"]
    assert printed(requested_days=10).days[-1].text == "aucun jour"
    assert not {"statutoryDays", "requestedDays"} & {line.key for line in printed().lines}


def test_experience_is_added_up_with_overlaps_counted_once() -> None:
    posts = [a_post("2020-01", "2021-12", "a"), a_post("2021-01", "2023-12", "b")]
    leave = a_post("2015-01", "2019-12", "c", administrative_position="DISPONIBILITE")
    found = printed(*posts, leave, ground="ART18_EXPERIENCE")
    assert [(one.entry, one.counts) for one in found.supports] == [("a", "2 ans"), ("b", "3 ans")]
    assert found.supports[0].when == "janvier 2020 – décembre 2021"
    assert found.total == "4 ans"


@pytest.mark.parametrize(
    ("ground", "label"),
    [
        ("ART17_FORMATIONS", "Jours de formation"),
        ("ART17_BILANS", ""),
        ("ART18_TITRE_DIPLOME", "Niveau"),
        ("ART18_EXPERIENCE", "Durée en équivalent temps plein"),
    ],
)
def test_what_a_support_counts_for_is_named_by_its_ground(ground: str, label: str) -> None:
    assert printed(ground=ground).counts_label == label


def test_trainings_are_added_up_in_days_and_diplomas_have_their_level() -> None:
    trainings = [
        an_entry(
            RubricName.TRAINING, id, title=id, role=role, start="2024",
            duration_value=3, duration_unit="DAY",
        )
        for id, role in (("a", "STAGIAIRE"), ("b", "STAGIAIRE"), ("c", "FORMATEUR"))
    ]  # fmt: skip
    found = printed(*trainings)
    assert [(one.entry, one.counts) for one in found.supports] == [
        ("a", "3 jours"),
        ("b", "3 jours"),
    ]
    assert found.total == "6 jours"
    diploma = an_entry(RubricName.DIPLOMA, title="Licence", outcome="OBTENU", level="6")
    found = printed(diploma, *trainings, ground="ART18_TITRE_DIPLOME")
    (one,) = found.supports
    assert (one.headline, one.counts) == ("Licence", "Niveau 6 (ancien niveau II)")
    assert found.total is None


def test_what_the_ground_does_not_rest_on_supports_nothing() -> None:
    others = [an_entry(rubric) for rubric in RubricName]
    assert printed(*others, ground="ART17_BILANS").supports == []
    assert printed(ground="ART18_EXPERIENCE").total is None


def test_both_sign() -> None:
    assert printed().signatures == [
        typeset("L’agent : Maëlle Lefèvre"),
        typeset("Pour Commune de Bordeaux : Jeanne Roy, Directrice générale des services"),
    ]
    bare = form_content(signatory_name=..., signatory_role=...)
    assert (
        shared_dispense(bare, "M. L.", [], TODAY, READING).signatures[1]
        == "Pour Commune de Bordeaux"
    )


def test_the_form_is_told_in_its_order_within_its_bound() -> None:
    full = form_content(schooling=False, unused_days_carried=True)
    lines = dispense_lines(full)
    keys = [line.key for line in lines]
    assert keys[:3] == ["employerName", "signatoryName", "signatoryRole"]
    assert keys[keys.index("cadreEmplois") + 1] == "category"
    assert keys[-3:] == ["extent", "presentedBy", "addressee"]
    assert all(line.text and line.label for line in lines)
    assert len(lines) <= 30
    assert dispense_lines(DispenseContent(**fill_missing(DispenseContent, {}))) == []
