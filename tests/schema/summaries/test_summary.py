"""Summaries: only the sections that were consented to, and nothing that is never disclosed."""

import dataclasses
from collections import Counter
from typing import Any

import pytest

from schema.codes import code_table
from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.entries.entries import Entry
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.entries.sorting import sort_entries
from schema.rubrics import RUBRICS
from schema.sharing.consent import SummarySection
from schema.summaries.build import (
    SECTION_RUBRICS,
    SummaryConsent,
    build_summary,
    rubrics_for,
)
from schema.summaries.disclosure import is_disclosable
from schema.summaries.summary import (
    BookletSummary,
    SummaryAuthorisation,
    SummaryCompetence,
    SummaryHolder,
    SummaryPost,
)
from tests.schema.entry_samples import NOW, TODAY, a_numbered_entry

ALL = frozenset(SummarySection)


def summary(
    *entries: Entry,
    sections: frozenset[SummarySection] = ALL,
    identity: IdentityContent | None = None,
    situation: SituationContent | None = None,
) -> BookletSummary:
    consent = SummaryConsent("id", sections, NOW, NOW)
    counts = Counter(entry.rubric for entry in entries if is_disclosable(entry))
    return build_summary(consent, identity, situation, sort_entries(entries), counts, TODAY)


def test_no_field_that_is_private_is_in_a_summary() -> None:
    told = {
        SummaryHolder: [IdentityContent],
        SummaryPost: [SituationContent, content_of(RubricName.PROFESSIONAL_EXPERIENCE)],
        SummaryCompetence: [content_of(RubricName.COMPETENCE)],
        SummaryAuthorisation: [
            content_of(RubricName.ACCREDITATION),
            content_of(RubricName.DRIVING_LICENCE),
        ],
    }
    for kind, contents in told.items():
        names = {field.name for field in dataclasses.fields(kind)}
        for content in contents:
            private = {field.name for field in fields_of(content) if field.spec.private}
            assert not names & private
            assert names & {field.name for field in fields_of(content)}


def content_of(rubric: RubricName) -> Any:
    return next(each.content for each in RUBRICS if each.name is rubric)


def test_the_sections_are_those_that_people_read_of_in_the_notice() -> None:
    assert {section.value for section in SummarySection} == {
        code.code for code in code_table("summarySection").codes
    }
    assert list(SECTION_RUBRICS) == list(SummarySection)


def test_a_section_needs_its_own_rubrics_and_to_count_needs_none() -> None:
    assert rubrics_for(frozenset({SummarySection.HOLDER})) == frozenset()
    assert rubrics_for(frozenset({SummarySection.COMPETENCES})) == {RubricName.COMPETENCE}
    assert rubrics_for(frozenset({SummarySection.COUNTS})) == frozenset()


@pytest.mark.parametrize(
    ("rubric", "content"),
    [
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, {"kind": "ACTION_SYNDICALE"}),
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, {"title": "Déléguée syndicale"}),
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, {"organisation_name": "Syndicat X"}),
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, {"role": "Trésorier du SYNDICAT"}),
        (RubricName.PROFESSIONAL_EXPERIENCE, {"job_title": "Permanent syndical"}),
        (RubricName.TRAINING, {"title": "Congé de formation syndicale"}),
        (RubricName.COMPETENCE, {"label": "Négocier avec les délégués syndicaux"}),
        (RubricName.ATTACHMENT, {"title": "Attestation intersyndicale"}),
    ],
)
def test_what_is_of_a_union_is_never_told(rubric: RubricName, content: dict[str, Any]) -> None:
    assert not is_disclosable(a_numbered_entry(rubric, **content))
    told = summary(a_numbered_entry(rubric, **content))
    assert sum(one.count for one in told.counts or ()) == 0


@pytest.mark.parametrize(
    ("rubric", "content"),
    [
        (RubricName.PROFESSIONAL_EXPERIENCE, {"employer_name": "Syndicat mixte des eaux"}),
        (RubricName.PROFESSIONAL_EXPERIENCE, {"job_title": "Secrétaire de syndicat mixte"}),
        (RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, {"kind": "BENEVOLAT", "title": "Secours"}),
        (RubricName.TRAINING, {"title": "Gestion d’un syndicat intercommunal"}),
    ],
)
def test_a_syndicat_that_is_an_employer_is_told(
    rubric: RubricName, content: dict[str, Any]
) -> None:
    assert is_disclosable(a_numbered_entry(rubric, **content))
    assert not is_disclosable(a_numbered_entry(rubric, shareable=False, **content))


def test_a_situation_of_a_union_is_not_told_and_an_empty_one_says_nothing() -> None:
    def posts(**content: Any) -> list[SummaryPost] | None:
        blank = dict.fromkeys(field.name for field in fields_of(SituationContent))
        return summary(situation=SituationContent(**blank | content)).current_posts

    assert posts() == []
    assert posts(permanent_job=True) == []
    assert posts(job_title="Permanente syndicale") == []
    (post,) = posts(job_title="Agent d’accueil", since="2020-03") or ()
    assert (post.job_title, post.since, post.from_situation) == ("Agent d’accueil", "2020-03", True)


@pytest.mark.parametrize(
    ("start", "end", "ongoing", "told"),
    [
        ("2020", None, True, True),
        ("2020", "2026-12", None, True),
        ("2020", "2026-11-21", None, False),
        ("2027", None, True, False),
        ("2020", None, None, False),
    ],
)
def test_current_posts_are_those_held_today(
    start: str, end: str | None, ongoing: bool | None, told: bool
) -> None:
    post = a_numbered_entry(
        RubricName.PROFESSIONAL_EXPERIENCE, job_title="Jardinier", start=start, end=end, ongoing=ongoing
    )  # fmt: skip
    assert bool(summary(post).current_posts) is told
    assert [one.title for one in summary(post).experience_titles or ()] == ["Jardinier"]


def test_an_authorisation_says_where_it_stands() -> None:
    entries = [
        a_numbered_entry(
            RubricName.ACCREDITATION, id="1", accreditation_type="SST", valid_until="2026-11-21"
        ),
        a_numbered_entry(
            RubricName.DRIVING_LICENCE, id="2", licence_category="C", valid_until="2027-01"
        ),
        a_numbered_entry(RubricName.DRIVING_LICENCE, id="3", licence_category="B"),
        a_numbered_entry(RubricName.DRIVING_LICENCE, id="4", licence_category="D"),
        a_numbered_entry(
            RubricName.ACCREDITATION, id="5", accreditation_type="AIPR", valid_until="2019"
        ),
        a_numbered_entry(
            RubricName.ACCREDITATION, id="6", accreditation_type="AIPR", valid_until="2029"
        ),
        a_numbered_entry(RubricName.ACCREDITATION, id="7", accreditation_type="PSE1"),
    ]
    found = summary(*entries).authorisations or ()
    told = {(one.accreditation_type or one.licence_category, one.validity.name) for one in found}
    assert (len(found), told) == (
        7,
        {
            ("SST", "EXPIRED"),
            ("AIPR", "RENEWED"),
            ("AIPR", "VALID"),
            ("PSE1", "EXPIRY_NOT_GIVEN"),
            ("C", "EXPIRING"),
            ("B", "NO_EXPIRY"),
            ("D", "EXPIRY_NOT_GIVEN"),
        },
    )


def test_of_a_section_alone_nothing_of_the_others_is_told() -> None:
    entries = [a_numbered_entry(rubric, id=str(n)) for n, rubric in enumerate(RubricName, start=1)]
    fields = {
        "holder", "counts", "current_posts", "training_titles", "competences", "authorisations",
        "experience_titles",
    }  # fmt: skip
    blank = dict.fromkeys(field.name for field in fields_of(IdentityContent))
    for section in SummarySection:
        told = summary(*entries, sections=frozenset({section}), identity=IdentityContent(**blank))
        assert sum(getattr(told, name) is not None for name in fields) == 1
    nothing = summary(*entries, sections=frozenset())
    assert [name for name in fields if getattr(nothing, name) is not None] == []
