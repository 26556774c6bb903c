"""The request for an exemption as it is printed: its lines, who receives it, who signs."""

import pytest

from schema.dossiers.dispense import DispenseContent, dispense_lines, shared_dispense
from schema.entries.shapes import fill_missing
from tests.schema.dossiers.dossier_samples import form_content


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


def test_both_sign() -> None:
    assert shared_dispense(form_content(), "Maëlle Lefèvre").signatures == [
        "L’agent : Maëlle Lefèvre",
        "Pour Commune de Bordeaux : Jeanne Roy, Directrice générale des services",
    ]
    bare = form_content(signatory_name=..., signatory_role=...)
    assert shared_dispense(bare, "M. L.").signatures[1] == "Pour Commune de Bordeaux"


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
