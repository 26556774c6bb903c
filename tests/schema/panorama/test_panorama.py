"""The figures of the panorama: counters, current posts, timeline, matrix, highest level, validity."""

from datetime import date

import pytest

from schema.description.validity import Validity
from schema.entries.entries import (
    Accreditation,
    Attachment,
    Competence,
    Diploma,
    DrivingLicence,
    ExtraProfessionalExperience,
    LinkRelation,
    PriorLearningRecognition,
    Recommendation,
    Training,
    TutoringExperience,
)
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.entries.sorting import sort_entries
from schema.panorama.highest_level import highest_level_of
from schema.panorama.panorama_entry import itself
from schema.panorama.timeline import timeline_of
from schema.panorama.validity_items import validity_items_of
from schema.rubrics import RUBRICS
from tests.schema.panorama.panorama_sample import NOW, TODAY, entry, panorama, post


def link(competence, target, relation=LinkRelation.ACQUIRED):
    return LinkRecord(competence=competence, target=target, relation=relation, note=None)


# Counters, last update, current posts


def test_counters_name_every_rubric_in_the_guides_order_even_when_empty():
    counters = panorama([post(), post(), entry(Diploma)]).counters()
    assert [counter.rubric for counter in counters] == [rubric.name for rubric in RUBRICS]
    assert len(counters) == 12
    assert {counter.rubric.value: counter.count for counter in counters if counter.count} == {
        "DIPLOMA": 1,
        "PROFESSIONAL_EXPERIENCE": 2,
    }
    assert counters[0].label == "Titres et diplômes"


def test_the_last_update_is_the_one_given():
    assert panorama([]).last_update == NOW


def test_current_posts_are_those_that_surely_go_on():
    entries = [
        post("going-on", job_title="Régisseuse", start="2020", ongoing=True),
        post("fixed-term", start="2024-01", end="2024-06-15"),
        post("ended-yesterday", start="2020", end="2024-06-14"),
        post("ends-some-day-this-month", start="2020", end="2024-06"),
        post("not-begun", start="2024-07-01", ongoing=True),
        post("no-end", start="2020"),
        post("undated"),
        post("since-unknown", ongoing=True),
        entry(ExtraProfessionalExperience, "no-post", start="2020", ongoing=True),
    ]
    named = {found.entry: found for found in panorama(entries).current_posts()}
    assert set(named) == {"going-on", "fixed-term", "since-unknown"}
    assert named["going-on"].headline == "Régisseuse"
    assert named["going-on"].when == "depuis 2020"


def test_a_position_outside_of_the_service_is_no_post_and_is_not_to_be_claimed():
    entries = [
        post("leave", start="2019", ongoing=True, administrative_position="DISPONIBILITE"),
        post("parental", start="2020", ongoing=True, administrative_position="CONGE_PARENTAL"),
        post("lent", start="2020", ongoing=True, administrative_position="MISE_A_DISPOSITION"),
        post("detached", start="2021", ongoing=True, administrative_position="DETACHEMENT"),
    ]
    assert {found.entry for found in panorama(entries).current_posts()} == {"lent", "detached"}
    assert set(panorama(entries).matrix().unclaimed) == {"lent", "detached"}


def test_the_main_post_comes_before_a_side_one_that_began_later():
    side = post("side", start="2022", ongoing=True, work_quota=5)
    main = post("main", start="2010", ongoing=True, work_quota=100, permanent_job=True)
    same = post("fixed-term", start="2023", ongoing=True, permanent_job=False)
    past = post("past", start="2000", end="2001", work_quota=20)
    expected = ["main", "fixed-term", "side"]
    assert [found.entry for found in panorama([side, same, main]).current_posts()] == expected
    assert [found.id for found in sort_entries([past, side, same, main])] == [*expected, "past"]


# Timeline


def test_the_timeline_goes_from_the_oldest_to_the_newest_across_parts():
    entries = [
        entry(Diploma, "diploma", awarded_on="2001"),
        entry(Training, "training", start="2010-03-01", end="2010-03-02"),
        post("post", start="2002-09", ongoing=True),
        entry(PriorLearningRecognition, "recognition", start="2008-01"),
        entry(TutoringExperience, "tutoring", start="2005", end="2006"),
        entry(DrivingLicence, "licence", obtained_on="1999-07-12"),
    ]
    spans = panorama(entries).timeline()
    assert [span.entry for span in spans] == [
        "licence", "diploma", "post", "tutoring", "recognition", "training",
    ]  # fmt: skip
    post_span = spans[2]
    assert (post_span.earliest, post_span.latest) == (date(2002, 9, 1), TODAY)
    assert post_span.ongoing
    assert post_span.when == "depuis septembre 2002"
    assert post_span.part.value == "EXPERIENCES"


def test_competences_attachments_recommendations_and_undated_entries_have_no_place_on_it():
    entries = [
        entry(Competence, last_used="2020"),
        entry(Attachment, document_date="2020"),
        entry(Recommendation, made_on="2020"),
        entry(Diploma),
        post(),
    ]
    assert timeline_of(entries, TODAY, itself) == []


@pytest.mark.parametrize(
    ("content", "earliest", "latest", "approximate"),
    [
        ({"start": "2019"}, date(2019, 1, 1), date(2019, 12, 31), True),
        ({"start": "2019-02", "end": "2019-03-04"}, date(2019, 2, 1), date(2019, 3, 4), True),
        ({"start": "2019-02-03", "end": "2020-02"}, date(2019, 2, 3), date(2020, 2, 29), True),
        ({"start": "2019-02-03", "end": "2019-03-04"}, date(2019, 2, 3), date(2019, 3, 4), False),
        ({"start": "2019-02-03", "ongoing": True}, date(2019, 2, 3), TODAY, False),
        ({"start": "2019-02", "ongoing": True}, date(2019, 2, 1), TODAY, True),
        ({"start": "2019-02-03", "end": "x", "ongoing": True}, date(2019, 2, 3), TODAY, False),
        ({"ongoing": True}, TODAY, TODAY, True),
        ({"end": "2019-02-03"}, date(2019, 2, 3), date(2019, 2, 3), True),
        ({"start": "2030-01-01", "ongoing": True}, date(2030, 1, 1), date(2030, 1, 1), False),
        ({"start": "2019-05-02", "end": "2018-01-31"}, date(2018, 1, 31), date(2019, 5, 2), False),
    ],
)
def test_a_partial_date_is_drawn_as_the_span_that_it_can_mean(
    content, earliest, latest, approximate
):
    [span] = timeline_of([post(**content)], TODAY, itself)
    assert (span.earliest, span.latest, span.approximate) == (earliest, latest, approximate)


# Matrix


def test_the_matrix_groups_competences_by_kind_and_keeps_the_booklets_order():
    entries = [
        entry(Competence, "skill", kind="SAVOIR_FAIRE", label="Animer une réunion"),
        entry(Competence, "untold", label="Sans nature"),
        entry(Competence, "knowledge-1", kind="CONNAISSANCE_GENERALE"),
        entry(Competence, "knowledge-2", kind="CONNAISSANCE_GENERALE"),
        post("old-post", start="2001", end="2004", job_title="Agent d’accueil"),
        post("new-post", start="2015", ongoing=True),
        entry(Diploma, "diploma", awarded_on="2001"),
        entry(Diploma, "unlinked", awarded_on="2003"),
    ]
    links = [
        link("skill", "old-post", LinkRelation.USED),
        link("skill", "diploma"),
        link("skill", "new-post", LinkRelation.USED),
        link("knowledge-2", "old-post"),
    ]
    matrix = panorama(entries, links).matrix()
    assert [column.entry for column in matrix.columns] == ["diploma", "new-post", "old-post"]
    assert matrix.columns[2].headline == "Agent d’accueil"
    assert [row.competence for row in matrix.rows] == [
        "knowledge-1", "knowledge-2", "skill", "untold",
    ]  # fmt: skip
    skill = matrix.rows[2]
    assert skill.kind.label == "Savoir-faire"
    assert [(cell.entry, cell.relation) for cell in skill.cells] == [
        ("diploma", LinkRelation.ACQUIRED),
        ("new-post", LinkRelation.USED),
        ("old-post", LinkRelation.USED),
    ]
    assert matrix.rows[3].kind is None
    assert matrix.unsupported == ["knowledge-1", "untold"]


def test_experiences_that_support_no_competence_are_flagged_and_formations_are_not():
    entries = [
        entry(Competence, "skill"),
        post("claimed"),
        post("unclaimed"),
        entry(ExtraProfessionalExperience, "extra"),
        entry(TutoringExperience, "tutoring"),
        entry(Diploma, "diploma"),
    ]
    matrix = panorama(entries, [link("skill", "claimed")]).matrix()
    assert matrix.unclaimed == ["unclaimed", "extra", "tutoring"]
    assert matrix.unsupported == []


def test_a_competence_with_a_document_does_not_stand_alone():
    entries = [
        entry(Competence, "proved"),
        entry(Competence, "alone"),
        entry(Attachment, "certificate"),
    ]
    matrix = panorama(entries, evidence=[EvidenceRecord("certificate", "proved")]).matrix()
    assert matrix.unsupported == ["alone"]
    matrix = panorama(entries[:2], evidence=[EvidenceRecord("certificate", "proved")]).matrix()
    assert matrix.unsupported == ["proved", "alone"]


def test_a_link_to_what_was_not_selected_leaves_no_trace():
    matrix = panorama([entry(Competence, "skill")], [link("skill", "hidden")]).matrix()
    assert matrix.columns == []
    assert matrix.rows[0].cells == []
    assert matrix.unsupported == ["skill"]


# Highest level


def diploma(level, outcome="OBTENU"):
    return entry(Diploma, level=level, outcome=outcome)


def test_the_highest_level_is_that_of_an_awarded_diploma():
    entries = [diploma("4"), diploma("6"), diploma("5"), diploma("8", "EN_COURS"),
               diploma("7", "NIVEAU"), diploma("7", "PARTIEL")]  # fmt: skip
    highest = highest_level_of(entries)
    assert highest.code == "6"
    assert highest.label.startswith("Niveau 6")


def test_no_level_at_all_is_said_only_when_nothing_else_is_known():
    assert highest_level_of([diploma("NONE"), diploma("3")]).code == "3"
    assert highest_level_of([diploma("NONE"), diploma(None)]).code == "NONE"
    assert (
        highest_level_of([diploma(None), diploma("absurd"), entry(Diploma, outcome="OBTENU")])
        is None
    )
    assert highest_level_of([]) is None


@pytest.mark.parametrize(
    ("legacy", "level"),
    [("VI", "NONE"), ("V_BIS", "NONE"), ("V", "3"), ("IV", "4"), ("III", "5"), ("II", "6"), ("I", "7")],
)  # fmt: skip
def test_an_old_level_alone_is_read_as_the_lowest_that_it_means_today(legacy, level):
    old = entry(Diploma, legacy_level=legacy, outcome="OBTENU")
    assert highest_level_of([old]).code == level


def test_the_present_level_of_a_diploma_wins_over_its_old_one():
    assert (
        highest_level_of([entry(Diploma, level="8", legacy_level="I", outcome="OBTENU")]).code
        == "8"
    )
    assert (
        highest_level_of([entry(Diploma, level="3", legacy_level="I", outcome="OBTENU")]).code
        == "3"
    )
    assert highest_level_of([entry(Diploma, legacy_level="I", outcome="EN_COURS")]) is None


# Validity


def test_what_has_expired_comes_first_then_what_soon_will():
    entries = [
        entry(Accreditation, "renewed", accreditation_type="SST", valid_until="2018"),
        entry(Accreditation, "without-term", accreditation_type="BAFA"),
        entry(Accreditation, "valid-later", accreditation_type="SSIAP", valid_until="2027"),
        entry(Accreditation, "valid", accreditation_type="SST", valid_until="2026-05-03"),
        entry(Accreditation, "no-date", accreditation_type="CACES_R489"),
        entry(DrivingLicence, "no-date-either", licence_category="D"),
        entry(DrivingLicence, "car", licence_category="B"),
        entry(DrivingLicence, "expiring", licence_category="C", valid_until="2024-08-31"),
        entry(DrivingLicence, "expired", licence_category="CE", valid_until="2024-02"),
        entry(Accreditation, "expired-before", accreditation_type="AIPR", valid_until="2019"),
    ]
    items = panorama(entries).validity()
    assert [(item.entry, item.status) for item in items] == [
        ("expired-before", Validity.EXPIRED),
        ("expired", Validity.EXPIRED),
        ("expiring", Validity.EXPIRING),
        ("no-date", Validity.EXPIRY_NOT_GIVEN),
        ("no-date-either", Validity.EXPIRY_NOT_GIVEN),
        ("valid", Validity.VALID),
        ("valid-later", Validity.VALID),
        ("without-term", Validity.NO_EXPIRY),
        ("car", Validity.NO_EXPIRY),
        ("renewed", Validity.RENEWED),
    ]
    assert items[1].valid_until == "février 2024"
    assert items[3].valid_until is None
    assert len({item.label for item in items}) == 6


def test_a_selection_does_not_tell_of_a_renewal_that_it_leaves_out():
    older = entry(Accreditation, "older", accreditation_type="SST", valid_until="2018")
    newer = entry(Accreditation, "newer", accreditation_type="SST", valid_until="2026")
    assert [item.label for item in validity_items_of([older], TODAY, itself)] == ["Expirée"]
    items = validity_items_of([newer, older], TODAY, itself)
    assert [(item.entry, item.label) for item in items] == [
        ("newer", "Valide"),
        ("older", "Renouvelée"),
    ]


def test_only_accreditations_and_licences_have_a_validity():
    assert (
        validity_items_of([post(end="2019"), entry(Diploma, awarded_on="2019")], TODAY, itself)
        == []
    )
