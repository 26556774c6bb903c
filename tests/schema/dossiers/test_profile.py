"""The profile: what the first page of a compact dossier says of its holder."""

from collections.abc import Sequence

import pytest

from schema.description.rubric import Part, RubricName
from schema.dossiers.profile import Profile, ProfileItem, ProfileSectionName, profile_of
from schema.dossiers.purposes import PURPOSES, DossierPurpose
from schema.dossiers.shared_entries import DossierReading
from schema.entries.entries import Entry, LinkRelation
from schema.entries.links import LinkRecord, attach_links
from schema.entries.shapes import fill_missing
from schema.entries.situation import SituationContent
from tests.schema.dossiers.dossier_samples import a_post
from tests.schema.entry_samples import TODAY, an_entry

READING = DossierReading("d")
POSTS, COMPETENCES, DIPLOMAS, EXAMS, ACCREDITATIONS = ProfileSectionName


def profile(entries: Sequence[Entry], situation: SituationContent | None = None) -> Profile:
    return profile_of(attach_links(entries, [], []), situation, TODAY, list(Part), READING)


def items(profile: Profile, name: ProfileSectionName) -> list[ProfileItem]:
    return [
        item for section in profile.sections if section.section is name for item in section.items
    ]


def a_competence(id: str, **more: object) -> Entry:
    return an_entry(RubricName.COMPETENCE, id, rank=int(id), label=f"Compétence {id}", **more)


def test_the_present_post_is_told_from_the_situation_or_else_from_the_main_post() -> None:
    main = a_post("2020", None, "main", grade="Rédacteur", filiere="ADMINISTRATIVE")
    side = a_post("2021", None, "side", work_quota=5, grade="Vacataire")
    told = {line.key: line.text for line in profile([side, main]).present}
    assert told == {"jobTitle": "Poste", "grade": "Rédacteur", "start": "2020"}
    values = {"job_title": "Cheffe de service", "employer_name": "Ville de Pau"}
    situation = SituationContent(**fill_missing(SituationContent, values))
    told = {line.key: line.text for line in profile([main], situation).present}
    assert told == {"jobTitle": "Cheffe de service", "employerName": "Ville de Pau"}
    assert profile([a_post("2010", "2012")]).present == []


def test_the_present_posts_come_first_then_the_latest_and_leaves_are_no_posts() -> None:
    posts = [a_post(f"{2000 + at}", f"{2001 + at}", f"p{at}") for at in range(5)]
    side = a_post("2023", None, "side", work_quota=5)
    main = a_post("2018", None, "main", grade="Rédacteur", status="TITULAIRE")
    leave = a_post("2015", "2017", "leave", administrative_position="CONGE_PARENTAL")
    found = items(profile([*posts, side, main, leave]), POSTS)
    assert [item.entry for item in found] == ["main", "side", "p4", "p3", "p2"]
    assert [item.text for item in found[:2]] == ["Rédacteur · Fonctionnaire titulaire", "5 %"]
    assert (found[0].headline, found[0].when) == ("Poste", "depuis 2018")


def test_the_first_five_competences_each_have_their_first_two_supports() -> None:
    competences = [a_competence(str(at), self_level="3") for at in range(1, 8)]
    posts = [a_post(f"{2000 + at}", f"{2001 + at}", f"p{at}") for at in range(3)]
    links = [LinkRecord("2", post.id, LinkRelation.USED, None) for post in posts]
    entries = attach_links([*competences, *posts], links, [])
    found = items(profile_of(entries, None, TODAY, list(Part), READING), COMPETENCES)
    assert [item.entry for item in found] == ["1", "2", "3", "4", "5"]
    assert [item.supports() for item in found[:2]] == [[], ["p2", "p1"]]
    assert found[0].text == "Maîtrise"


def test_diplomas_that_were_awarded_or_are_prepared_stand_apart_from_exams_that_were_passed() -> (
    None
):
    def diploma(id: str, outcome: str, **more: str) -> Entry:
        return an_entry(RubricName.DIPLOMA, id, title=id, outcome=outcome, **more)

    def exam(id: str, result: str) -> Entry:
        return an_entry(
            RubricName.COMPETITIVE_EXAM,
            id,
            title=id,
            result=result,
            grade="Rédacteur",
            session="2020",
        )

    found = profile(
        [
            diploma("Licence", "OBTENU", awarded_on="2010", level="6", institution_name="Tours"),
            diploma("Bac", "NIVEAU", study_end="2007"),
            diploma("Master", "EN_COURS", study_start="2025"),
            exam("Réussi", "ADMIS"),
            exam("Manqué", "NON_ADMIS"),
        ]
    )
    assert [(item.headline, item.text) for item in items(found, DIPLOMAS)] == [
        ("Master", "Préparation en cours"),
        ("Licence", "Niveau 6 (ancien niveau II) · Tours"),
    ]
    assert [(item.headline, item.text) for item in items(found, EXAMS)] == [("Réussi", "Rédacteur")]
    assert [one.label for one in found.sections] == ["Titres et diplômes", "Concours et examens"]


def test_accreditations_are_those_that_are_surely_valid_on_the_day() -> None:
    def held(id: str, kind: str, **more: object) -> Entry:
        return an_entry(
            RubricName.ACCREDITATION, id, accreditation_type=kind, issued_on="2020", **more
        )

    found = items(
        profile(
            [
                held("sst", "SST", valid_until="2020-01-01"),
                held("caces", "CACES_R489", valid_until="2027-03-12", categories=["1A", "3"]),
                held("fimo", "FIMO_FCO"),
                an_entry(RubricName.DRIVING_LICENCE, "b", licence_category="B", obtained_on="2001"),
            ]
        ),
        ACCREDITATIONS,
    )
    assert [(item.entry, item.text) for item in found] == [
        ("caces", "1A, 3 · valable jusqu’au 12/03/2027"),
        ("b", ""),
    ]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.purpose.code)
def test_sections_are_in_the_order_of_the_purpose(purpose: DossierPurpose) -> None:
    entries = [a_post("2020", None), a_competence("1")]
    entries.append(an_entry(RubricName.DIPLOMA, title="Licence", outcome="OBTENU"))
    found = profile_of(entries, None, TODAY, purpose.order, READING).sections
    part = {POSTS: Part.EXPERIENCES, COMPETENCES: Part.COMPETENCES, DIPLOMAS: Part.FORMATIONS}
    assert [part[one.section] for one in found] == [
        one for one in purpose.order if one is not Part.ATTACHMENTS
    ]


def test_a_profile_of_nothing_says_nothing() -> None:
    assert profile([]) == Profile(present=[], sections=[])
