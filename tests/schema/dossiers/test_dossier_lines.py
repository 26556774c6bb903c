"""What a dossier says of an entry: organisations, addresses and periods as people write them."""

import pytest

from schema.description.rubric import RubricName
from schema.dossiers.dossier_lines import dossier_lines, identifier_lines
from schema.dossiers.shared_entries import shared_lines
from schema.entries.identity import IdentityContent
from schema.rubrics.competences import CompetenceContent
from schema.rubrics.diplomas import DiplomaContent
from schema.rubrics.professional_experiences import ProfessionalExperienceContent
from tests.schema.entry_samples import an_entry

EMPLOYER = {
    "employer_name": "Ville de Pessac",
    "employer_siret": "21330318100011",
    "employer_insee_commune": "33318",
    "employer_city": "Pessac",
    "employer_country_code": "FR",
}
TOLD = "Ville de Pessac, Pessac"


def told(content_class: type, *without: str, without_period: bool = False, **content: object):
    lines = dossier_lines(
        content_class(**content), content_class, without=without, without_period=without_period
    )
    return [(line.key, line.label, line.text) for line in lines]


def test_an_organisation_is_one_line_where_its_first_field_stands() -> None:
    assert told(ProfessionalExperienceContent, sector="FPT", work_quota=80, **EMPLOYER) == [
        ("sector", "Secteur", "Fonction publique territoriale"),
        ("employerName", "Employeur", TOLD),
        ("workQuota", "Quotité de travail", "80 %"),
    ]


def test_an_organisation_that_the_headline_names_is_named_again_beside_its_town() -> None:
    assert told(ProfessionalExperienceContent, "employerName", **EMPLOYER) == [
        ("employerName", "Employeur", TOLD)
    ]
    named_only = {"employer_name": "Ville de Pessac"}
    assert told(ProfessionalExperienceContent, "employerName", **named_only) == []


def test_a_single_field_of_an_organisation_keeps_its_own_label() -> None:
    abroad = EMPLOYER | {"employer_country_code": "BE"}
    for key in ("employer_name", "employer_city", "employer_country_code"):
        ((_, label, text),) = told(ProfessionalExperienceContent, **{key: abroad[key]})
        assert label in ("Employeur", "Ville (employeur)", "Pays (employeur)")
        assert text in ("Belgique", EMPLOYER[key])


def test_numbers_that_programs_read_are_lines_apart() -> None:
    for key in ("employer_siret", "employer_insee_commune"):
        assert told(ProfessionalExperienceContent, **{key: EMPLOYER[key]}) == []
    post = ProfessionalExperienceContent(job_title="Agent", **EMPLOYER)
    apart = identifier_lines(post, ProfessionalExperienceContent)
    assert [(line.key, line.text) for line in apart] == [
        ("employerSiret", "213 303 181 00011"),
        ("employerInseeCommune", "33318"),
    ]
    lines = dossier_lines(post, ProfessionalExperienceContent, with_siret=True)
    assert lines[-1].text == f"{TOLD} · SIRET 213 303 181 00011"


def test_france_goes_without_saying_and_other_countries_do_not() -> None:
    assert told(DiplomaContent, institution_city="Gand", institution_country_code="BE") == [
        ("institutionName", "Établissement / organisme", "Gand, Belgique")
    ]
    both = {"institution_name": "Lycée Descartes", "institution_country_code": "FR"}
    assert told(DiplomaContent, **both)[0][2] == "Lycée Descartes"
    assert told(DiplomaContent, institution_country_code="FR") == []
    assert told(DiplomaContent, institution_city="Tours", **both)[0][2] == "Lycée Descartes, Tours"


def test_an_address_is_one_line_of_what_is_communicated() -> None:
    home = {
        "address_line1": "14 allée des Tilleuls",
        "address_line2": "Bâtiment C",
        "postal_code": "37000",
        "city": "Tours",
        "country_code": "FR",
    }
    assert told(IdentityContent, **home) == [
        ("addressLine1", "Adresse", "14 allée des Tilleuls, Bâtiment C, 37000 Tours")
    ]
    kept_back = ("addressLine1", "addressLine2", "postalCode", "countryCode")
    assert told(IdentityContent, *kept_back, **home) == [("city", "Ville", "Tours")]


def test_a_period_that_is_said_elsewhere_is_not_said_again() -> None:
    period = {"start": "2019-03", "end": "2020"}
    keys = [key for key, _, _ in told(ProfessionalExperienceContent, **period)]
    assert keys == ["start", "end"]
    assert told(ProfessionalExperienceContent, without_period=True, **period) == []
    assert (
        told(ProfessionalExperienceContent, without_period=True, start="2019", ongoing=True) == []
    )


def test_short_texts_of_a_list_run_in_and_sentences_stand_one_a_line() -> None:
    assert told(CompetenceContent, contexts=["Bureau", "Chantier"])[0][2] == "Bureau, Chantier"
    sentences = ["Programme réalisé à 88 %.", "Gymnase fermé"]
    assert told(CompetenceContent, contexts=sentences)[0][2] == "\n".join(sentences)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("2012", ["studyStart", "studyEnd"]),
        ("2011", ["studyStart", "studyEnd"]),
        (None, ["studyStart"]),
    ],
)
def test_a_start_of_studies_is_said_with_its_end(end: str | None, said: list[str]) -> None:
    diploma = an_entry(
        RubricName.DIPLOMA, "a", title="BTS", outcome="OBTENU", awarded_on="2012",
        study_start="2010", study_end=end,
    )  # fmt: skip
    assert [line.key for line in shared_lines(diploma) if line.key.startswith("study")] == said
