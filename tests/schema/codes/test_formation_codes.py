"""The code tables of formations, accreditations and the territorial civil service."""

import re
from collections import Counter

import pytest

from schema.codes import accreditations, code_of, code_table, formations, territorial
from schema.description.fields import fields_of
from schema.rubrics.accreditations import ACCREDITATION
from schema.rubrics.competitive_exams import COMPETITIVE_EXAM
from schema.rubrics.diplomas import DIPLOMA
from schema.rubrics.driving_licences import DRIVING_LICENCE
from schema.rubrics.trainings import TRAINING

FORMATIONS = (DIPLOMA, COMPETITIVE_EXAM, TRAINING, ACCREDITATION, DRIVING_LICENCE)
TABLES = (*formations.TABLES, *accreditations.TABLES, *territorial.TABLES)


@pytest.mark.parametrize("known", TABLES, ids=lambda known: known.name)
def test_codes_are_unique_stable_and_labelled(known):
    codes = [code.code for code in known.codes]
    assert max(Counter(codes).values()) == 1
    assert all(re.fullmatch(r"[A-Z0-9_]+|A\+", code) for code in codes)
    assert all(code.label.strip() == code.label != "" for code in known.codes)


def test_the_rubrics_of_the_first_part_name_tables_that_exist():
    names = {
        name
        for rubric in FORMATIONS
        for field in fields_of(rubric.content)
        for name in (field.spec.table, field.spec.labels)
        if name is not None
    }
    assert {code_table(name).name for name in names} == names


def test_the_rubrics_of_the_first_part_are_those_of_the_guide():
    assert [(rubric.code, rubric.label) for rubric in FORMATIONS] == [
        ("F1", "Titres et diplômes"),
        ("F2", "Concours"),
        ("F3", "Autres formations"),
        ("F4", "Habilitations professionnelles"),
        ("F5", "Permis de conduire"),
    ]


def test_only_diplomas_and_trainings_want_a_document_of_article_five():
    assert [rubric.code for rubric in FORMATIONS if rubric.evidence] == ["F1", "F3"]


@pytest.mark.parametrize("rubric", FORMATIONS, ids=lambda rubric: rubric.code)
def test_what_a_headline_says_is_a_field_and_the_help_is_complete(rubric):
    assert set(rubric.headline_keys) <= {field.key for field in fields_of(rubric.content)}
    assert rubric.supports_competences
    shown = rubric.help
    assert all([shown.what_it_is, shown.to_enter, shown.documents, shown.legal, shown.notes])
    assert 2 <= len(shown.examples) <= 3


def test_every_cadre_emplois_has_a_category_and_outside_polynesia_a_filiere():
    for cadre in code_table("cadreEmplois").codes:
        polynesian = cadre.code.startswith("PF_")
        assert cadre.group is None if polynesian else code_of("filiere", cadre.group), cadre.code
        assert code_of("hierarchicalCategory", cadre.category), cadre.code


def test_the_filieres_hold_all_their_cadres_emplois():
    counts = Counter(cadre.group for cadre in code_table("cadreEmplois").codes)
    assert counts == {
        "ADM": 5, "ANI": 2, "TEC": 6, "CUL": 9, "SPO": 3, "MED": 23, "PM": 4, "SPP": 8, None: 4,
    }  # fmt: skip


def test_extinct_cadres_emplois_stay_open_to_choice_and_say_so():
    extinct = {c.code: c for c in code_table("cadreEmplois").codes if "extinction" in c.label}
    assert set(extinct) == {
        "SECRETAIRES_MAIRIE",
        "PUERICULTRICES_CADRES_SANTE",
        "CADRES_SANTE_INFIRMIERS",
        "PUERICULTRICES_1992",
        "INFIRMIERS",
        "TECHNICIENS_PARAMEDICAUX",
    }
    assert not any(cadre.retired for cadre in extinct.values())


@pytest.mark.parametrize(
    ("code", "months", "employer_bound"),
    [
        ("HAB_ELEC", 36, True),
        ("CACES_R482", 120, False),
        ("CACES_R489", 60, False),
        ("AUTORISATION_CONDUITE", None, True),
        ("SST", 24, False),
        ("SST_FORMATEUR", 36, False),
        ("AIPR", 60, True),
        ("PSC1", None, False),
        ("PSE2", 12, False),
        ("BAFA", None, False),
        ("BAFD", 60, False),
        ("CACES_R372M", 120, False),
        ("AGREMENT_ASMAT", 60, False),
        ("AGREMENT_PM", None, False),
        ("ARMEMENT_PM", None, True),
        ("CERTIBIOCIDE", 60, False),
    ],
)
def test_accreditation_types_know_their_usual_validity(code, months, employer_bound):
    known = code_of("accreditationType", code)
    assert (known.usual_months, known.employer_bound) == (months, employer_bound)


def test_a_usual_validity_names_what_renews_it_and_its_source_with_a_year():
    for known in code_table("accreditationType").codes:
        if known.usual_months is None:
            assert (known.renewed_by, known.validity_source, known.until_year_end) == (
                None,
                None,
                False,
            )
        else:
            assert known.usual_months % 12 == 0
            assert known.renewed_by
            assert re.search(r"\b(19|20)[0-9]{2}\b", known.validity_source), known.code


def test_rescuers_are_valid_to_the_end_of_a_year():
    to_year_end = {c.code for c in code_table("accreditationType").codes if c.until_year_end}
    assert to_year_end == {"PSE1", "PSE2", "BNSSA", "BEESAN"}


def test_the_labels_are_those_of_2026():
    assert code_of("accreditationType", "PSC1").label == (
        "Premiers secours citoyen (PSC, anciennement PSC1)"
    )
    assert code_of("accreditationType", "CERTIBIOCIDE").categories == [
        "DESINFECTANTS",
        "NUISIBLES",
        "AUTRES_PRODUITS",
    ]


def test_what_took_the_place_of_a_type_has_the_categories_that_are_told():
    for code, (heir, renamed) in accreditations.HEIRS.items():
        assert set(renamed) <= set(code_of("accreditationType", code).categories)
        assert set(renamed.values()) <= set(code_of("accreditationType", heir).categories)


def test_a_category_written_as_a_word_has_a_french_label():
    words = {
        category
        for known in code_table("accreditationType").codes
        for category in known.categories
        if re.fullmatch(r"[A-Z_]{4,}|[MV]", category)
    }
    assert words == {code.code for code in code_table("accreditationCategory").codes}


def test_levels_go_upwards_from_none_to_eight():
    assert [code.code for code in code_table("level").codes] == ["NONE", *"12345678"]


def test_every_old_level_leads_to_known_levels_and_only_the_first_to_two():
    known = {code.code for code in code_table("level").codes}
    assert set(formations.LEVELS_OF_LEGACY) == {
        code.code for code in code_table("legacyLevel").codes
    }
    assert all(set(levels) <= known for levels in formations.LEVELS_OF_LEGACY.values())
    double = [old for old, levels in formations.LEVELS_OF_LEGACY.items() if len(levels) > 1]
    assert double == ["I"]
