"""« Habilitations professionnelles »."""

from dataclasses import replace
from datetime import date

import pytest

from schema.codes import code_of
from schema.description.display_lines import display_lines
from schema.description.rubric import ValidationContext
from schema.description.validation import content_errors, content_warnings
from schema.rubrics.accreditations import (
    ACCREDITATION,
    AccreditationContent,
    must_be_reissued,
    reissue_notice,
)
from schema.typography import typeset
from tests.schema.problems import codes

CONTEXT = ValidationContext(today=date(2025, 6, 1), birth_date=date(1980, 5, 20))


def an_accreditation(**fields):
    known = {
        "accreditation_type": "CACES_R482",
        "categories": ["A", "C1"],
        "issuer_name": "Organisme testeur",
        "issued_on": "2021-06-14",
        "valid_until": "2031-06-14",
    }
    return AccreditationContent(**(known | fields))


def refused(**fields):
    return codes(content_errors(ACCREDITATION, an_accreditation(**fields), CONTEXT))


def warned(**fields):
    return codes(content_warnings(ACCREDITATION, an_accreditation(**fields), CONTEXT))


def test_a_complete_accreditation_has_neither_error_nor_warning():
    assert refused() == []
    assert warned() == []


def test_an_empty_accreditation_is_told_everything_that_it_lacks_at_once():
    problems = content_errors(ACCREDITATION, AccreditationContent(), CONTEXT)
    assert codes(problems) == [("accreditationType", "REQUIRED"), ("issuedOn", "REQUIRED")]


def test_another_type_is_named():
    other = {"accreditation_type": "AUTRE", "categories": None}
    assert refused(**other) == [("title", "REQUIRED")]
    assert refused(title="Conduite d’embarcation", **other) == []


def test_categories_are_those_of_the_type():
    assert refused(categories=["A", "1A"]) == [("categories[1]", "UNKNOWN_CODE")]
    assert refused(accreditation_type="CACES_R489", categories=["1A", "7"]) == []


def test_a_category_is_not_repeated():
    assert refused(categories=["A", "A"]) == [("categories", "DUPLICATE")]


def test_a_category_that_is_too_long_is_told_once():
    assert refused(categories=["x" * 41]) == [("categories[0]", "TOO_LONG")]


def test_a_type_without_list_takes_any_category():
    assert refused(accreditation_type="AUTORISATION_CONDUITE", categories=["Mini-pelle"]) == []


def test_an_electrical_symbol_that_is_not_listed_is_warned_about_not_refused():
    electrical = {"accreditation_type": "HAB_ELEC", "categories": ["B0", "HE-Mesurage"]}
    assert refused(**electrical) == []
    assert warned(**electrical) == [("categories[1]", "UNUSUAL_CODE")]


def test_categories_are_asked_for_where_the_type_has_some():
    assert warned(categories=None) == [("categories", "RECOMMENDED")]
    assert warned(accreditation_type="AUTORISATION_CONDUITE", categories=None) == [
        ("categories", "RECOMMENDED")
    ]
    assert warned(accreditation_type="SST", categories=None) == []


def test_an_unknown_type_is_refused_without_a_word_on_its_categories():
    assert refused(accreditation_type="CACES_R999") == [("accreditationType", "UNKNOWN_CODE")]


@pytest.mark.parametrize(
    ("issued_on", "valid_until"),
    [("2021-06-14", "2021-06-14"), ("2021-06-14", "2021-05"), ("2021", "2020")],
)
def test_validity_ends_after_the_issue(issued_on, valid_until):
    assert refused(issued_on=issued_on, valid_until=valid_until) == [
        ("validUntil", "DATES_OUT_OF_ORDER")
    ]


@pytest.mark.parametrize(
    ("issued_on", "valid_until"),
    [("2021-06-14", "2021-06-15"), ("2021", "2021"), ("2021-06", "2021")],
)
def test_dates_that_can_follow_one_another_are_accepted(issued_on, valid_until):
    assert refused(issued_on=issued_on, valid_until=valid_until) == []


def test_a_refresher_does_not_precede_the_issue():
    assert refused(last_refresher_on="2021-06-13") == [("lastRefresherOn", "DATES_OUT_OF_ORDER")]
    assert refused(last_refresher_on="2021-06-14") == []


def test_what_was_issued_is_not_in_the_future_but_its_end_is():
    assert refused(issued_on="2025-06-03") == [("issuedOn", "DATE_IN_FUTURE")]
    assert refused(valid_until="2035-12-31") == []
    assert refused(valid_until="2036") == [("validUntil", "DATE_OUT_OF_RANGE")]


def test_an_expired_accreditation_is_warned_about():
    assert warned(valid_until="2025-05-31") == [("validUntil", "EXPIRED")]
    assert warned(valid_until="2025-06-01") == []
    assert warned(valid_until="2025") == []


def warnings_among(others, **fields):
    context = replace(CONTEXT, others=tuple(others))
    return list(content_warnings(ACCREDITATION, an_accreditation(**fields), context))


def test_an_accreditation_that_was_renewed_is_not_warned_about():
    expired = {"issued_on": "2015", "valid_until": "2025-05-31"}
    assert warnings_among([an_accreditation()], **expired) == []
    assert warnings_among([an_accreditation()], issued_on="2015", valid_until=None) == []
    fewer = an_accreditation(categories=["A"])
    assert codes(warnings_among([fewer], **expired)) == [("validUntil", "EXPIRED")]
    other = an_accreditation(accreditation_type="CACES_R489", categories=["1A"])
    assert codes(warnings_among([other], **expired)) == [("validUntil", "EXPIRED")]


@pytest.mark.parametrize(
    ("code", "usual"),
    [
        ("SST", "en général 2 ans"),
        ("CACES_R489", "en général 5 ans"),
        ("CACES_R372M", "en général 10 ans"),
        ("FIMO_FCO", "en général 5 ans"),
        ("PSE1", "en général jusqu’au 31 décembre de l’année suivante"),
        ("AGREMENT_ASMAT", "en général 5 ans"),
    ],
)
def test_a_missing_end_is_warned_about_where_the_type_usually_has_one(code, usual):
    categories = code_of("accreditationType", code).categories[:1] or None
    (warning,) = warnings_among(
        [], accreditation_type=code, categories=categories, issued_on="2012", valid_until=None
    )
    assert (warning.path, warning.code) == ("validUntil", "RECOMMENDED")
    assert warning.message == (
        typeset(
            "« Valable jusqu’au » n’est pas renseigné : recopiez la date portée sur le titre"
            f" (validité : {usual})."
        )
    )


@pytest.mark.parametrize("code", ["BAFA", "PSC1", "HACCP", "ASSERMENTATION", "AGREMENT_PM"])
def test_an_end_is_not_asked_for_where_the_type_has_none(code):
    assert warned(accreditation_type=code, categories=None, valid_until=None) == []


def test_a_type_without_usual_validity_is_renewed_by_the_same_title():
    sworn = {"accreditation_type": "ASSERMENTATION", "categories": None}
    expired = sworn | {"title": "Voirie", "issued_on": "2015", "valid_until": "2020"}
    town = an_accreditation(title="Urbanisme", **sworn)
    roads = an_accreditation(title="voirie ", **sworn)
    assert codes(warnings_among([town], **expired)) == [("validUntil", "EXPIRED")]
    assert warnings_among([roads], **expired) == []


def test_a_caces_issued_no_longer_is_renewed_by_the_one_that_took_its_place():
    old = {"accreditation_type": "CACES_R372M", "issued_on": "2012", "valid_until": "2022"}
    assert warnings_among([an_accreditation()], categories=["1", "4"], **old) == []
    for lost in ("2", "5"):
        assert codes(warnings_among([an_accreditation()], categories=[lost], **old)) == [
            ("validUntil", "EXPIRED")
        ]


def test_a_certibiocide_has_a_category_since_2024():
    biocides = {"accreditation_type": "CERTIBIOCIDE", "categories": None, "valid_until": "2028"}
    assert warned(issued_on="2023-12-31", **biocides) == []
    assert warned(issued_on="2024", **biocides) == [("categories", "RECOMMENDED")]
    assert refused(**biocides | {"categories": ["DESINFECTANTS", "NUISIBLES"]}) == []


def test_the_help_says_what_to_do_at_a_renewal():
    assert "À chaque renouvellement, saisissez une nouvelle fiche" in ACCREDITATION.help.to_enter


def test_what_binds_to_the_employer_is_issued_again_by_a_new_one():
    assert must_be_reissued(an_accreditation(accreditation_type="HAB_ELEC"))
    assert must_be_reissued(an_accreditation(accreditation_type="ARMEMENT_PM"))
    assert not must_be_reissued(an_accreditation(accreditation_type="AGREMENT_PM"))
    assert not must_be_reissued(an_accreditation())


def test_a_port_d_arme_is_asked_of_the_prefect_again_by_the_new_commune():
    armed = an_accreditation(accreditation_type="ARMEMENT_PM")
    assert reissue_notice(armed) == "À redemander au préfet par le nouvel employeur"
    electrical = an_accreditation(accreditation_type="HAB_ELEC")
    assert reissue_notice(electrical) == "À redélivrer par le nouvel employeur"
    assert reissue_notice(an_accreditation()) is None


def test_the_word_of_the_holder_wins_over_what_is_usual_for_the_type():
    assert not must_be_reissued(an_accreditation(accreditation_type="AIPR", employer_bound=False))
    assert must_be_reissued(an_accreditation(accreditation_type="SST", employer_bound=True))


def test_an_accreditation_is_named_by_its_type_and_its_title():
    assert ACCREDITATION.headline(an_accreditation()) == "CACES R482 – engins de chantier"
    titled = an_accreditation(title="Mini-pelle")
    assert ACCREDITATION.headline(titled) == "CACES R482 – engins de chantier – Mini-pelle"
    other = an_accreditation(accreditation_type="AUTRE", title="Conduite d’embarcation")
    assert ACCREDITATION.headline(other) == "Conduite d’embarcation"
    assert ACCREDITATION.headline(AccreditationContent()) == ""


def test_categories_are_read_in_french_and_symbols_as_they_are():
    def shown(accreditation):
        lines = display_lines(accreditation, AccreditationContent)
        return next(line.text for line in lines if line.key == "categories")

    assert shown(an_accreditation()) == "A, C1"
    certiphyto = an_accreditation(
        accreditation_type="CERTIPHYTO", categories=["DECIDEUR", "OPERATEUR"]
    )
    assert shown(certiphyto) == "Décideur, Opérateur"
