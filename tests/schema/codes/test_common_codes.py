"""The code tables of experiences, competences and of the whole booklet."""

import re

from schema.codes import CODE_TABLES, code_of, code_table, label_of
from schema.codes.common import TABLES as COMMON
from schema.codes.competences import TABLES as COMPETENCES
from schema.codes.experiences import TABLES as EXPERIENCES

OURS = (*EXPERIENCES, *COMPETENCES, *COMMON)


def test_every_table_is_served_under_a_name_of_its_own() -> None:
    names = [known.name for known in CODE_TABLES]
    assert len(set(names)) == len(names)
    assert {known.name for known in OURS} <= set(names)


def test_every_code_has_one_form_and_a_label_in_french_typography() -> None:
    for known in OURS:
        for code in known.codes:
            assert re.fullmatch(r"[A-Za-z0-9_]{1,40}", code.code), code.code
            assert code.label.strip(), code.code
            assert "'" not in code.label, code.label


def test_the_countries_are_the_249_of_iso_3166_and_kosovo_with_france_first() -> None:
    countries = code_table("country").codes
    assert len({country.code for country in countries}) == len(countries) == 250
    assert (countries[0].code, countries[0].label) == ("FR", "France")
    assert all(re.fullmatch(r"[A-Z]{2}", country.code) for country in countries)
    assert len({country.label for country in countries}) == 250


def test_the_other_countries_follow_the_french_alphabet() -> None:
    labels = [country.label for country in code_table("country").codes[1:]]
    assert labels[:3] == ["Afghanistan", "Afrique du Sud", "Albanie"]
    assert labels.index("Égypte") < labels.index("Espagne") < labels.index("États-Unis")
    assert labels.index("Kiribati") < labels.index("Kosovo") < labels.index("Koweït")
    assert labels[-1] == "Zimbabwe"


def test_the_regions_are_18_delegations_and_5_institutes() -> None:
    regions = [code.code for code in code_table("region").codes]
    assert len([code for code in regions if re.fullmatch(r"\d\d", code)]) == 18
    assert len([code for code in regions if code.startswith(("INSET_", "INET_"))]) == 5
    assert label_of("region", "75") == "Nouvelle-Aquitaine"
    assert code_of("region", "1") is None


def test_the_purposes_are_those_of_article_6_and_of_the_guide() -> None:
    offered = [code.code for code in code_table("purpose").codes if code.code != "LIVRET_COMPLET"]
    assert offered == [
        "PROMOTION_INTERNE",
        "AVANCEMENT_GRADE",
        "MUTATION",
        "DETACHEMENT",
        "DISPENSE_FORMATION",
        "BILAN_COMPETENCES",
        "VAE",
        "ENTRETIEN_PROFESSIONNEL",
        "CANDIDATURE",
        "AUTRE",
    ]


def test_mastery_goes_from_notions_to_expertise() -> None:
    levels = [(code.code, code.label) for code in code_table("selfLevel").codes]
    assert levels == [("1", "Notions"), ("2", "Pratique"), ("3", "Maîtrise"), ("4", "Expertise")]


def test_the_groups_of_a_table_are_codes_of_the_table_that_it_names() -> None:
    grouped = {table.name: table for table in CODE_TABLES if table.group_table is not None}
    assert set(grouped) == {
        table.name for table in CODE_TABLES if any(code.group for code in table.codes)
    }
    assert "cadreEmplois" in grouped
    for table in grouped.values():
        assert table.group_table is not None
        groups = {code.group for code in table.codes if code.group is not None}
        assert groups <= {code.code for code in code_table(table.group_table).codes}
