"""What a new dossier starts with, for each purpose."""

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName
from schema.dossiers.dossier import IDENTITY_FIELDS, WHOLE_BOOKLET
from schema.dossiers.purposes import PURPOSES, Annex, DossierForm, DossierPurpose, purpose_of
from schema.entries.identity import IdentityContent

HOME = {"addressLine1", "addressLine2", "postalCode", "city", "countryCode", "phoneHome"}
by_code = pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.purpose.code)


def test_every_purpose_but_the_built_in_one_has_its_defaults() -> None:
    codes = [code.code for code in code_table("purpose").codes]
    assert [one.purpose.code for one in PURPOSES] == [one for one in codes if one != WHOLE_BOOKLET]
    assert purpose_of(WHOLE_BOOKLET) is None
    assert all(purpose_of(one.purpose.code) is one for one in PURPOSES)


@by_code
def test_no_purpose_starts_with_the_home_address(purpose: DossierPurpose) -> None:
    assert set(purpose.identity_fields) <= set(IDENTITY_FIELDS) - HOME - {"birthDate"}


@by_code
def test_no_purpose_starts_with_recommendations_or_activities_outside_work(
    purpose: DossierPurpose,
) -> None:
    private = {RubricName.RECOMMENDATION, RubricName.EXTRA_PROFESSIONAL_EXPERIENCE}
    assert purpose.rubrics
    assert not private & set(purpose.rubrics)


@by_code
def test_rubrics_are_in_the_order_of_the_guide_and_no_legal_text_is_added(
    purpose: DossierPurpose,
) -> None:
    order = list(RubricName)
    assert purpose.rubrics == sorted(purpose.rubrics, key=order.index)
    assert not {Annex.CHARTER, Annex.DECREE} & set(purpose.annexes)
    assert Annex.CHECKLIST in purpose.annexes
    assert purpose.title
    assert purpose.purpose.label == next(
        code.label for code in code_table("purpose").codes if code.code == purpose.purpose.code
    )


@by_code
def test_every_purpose_starts_compact_with_every_part_in_its_own_order(
    purpose: DossierPurpose,
) -> None:
    assert purpose.form is DossierForm.COMPACT
    assert sorted(purpose.order, key=list(Part).index) == list(Part)
    first = {"BILAN_COMPETENCES": Part.COMPETENCES, "DISPENSE_FORMATION": Part.FORMATIONS}
    assert purpose.order[0] is first.get(purpose.purpose.code, Part.EXPERIENCES)
    assert purpose.competences_beside == (purpose.purpose.code == "VAE")


def test_an_employer_who_knows_the_agent_is_not_told_how_to_reach_them() -> None:
    own = ("PROMOTION_INTERNE", "AVANCEMENT_GRADE", "ENTRETIEN_PROFESSIONNEL")
    for code in own:
        found = purpose_of(code)
        assert found is not None
        assert found.identity_fields == ["civility"]
    other = purpose_of("MUTATION")
    assert other is not None
    assert other.identity_fields == ["civility", "email", "phoneMobile"]


def test_only_a_move_to_another_employer_has_titles_issued_again() -> None:
    moving = {one.purpose.code for one in PURPOSES if one.new_employer}
    assert moving == {"MUTATION", "DETACHEMENT"}
    assert [one.purpose.code for one in PURPOSES if one.asks_dispense] == ["DISPENSE_FORMATION"]


def test_the_names_and_the_box_of_the_statistics_are_no_choice() -> None:
    everything = {field.key for field in fields_of(IdentityContent)}
    assert everything - set(IDENTITY_FIELDS) == {"lastName", "firstName", "statsConsent"}
