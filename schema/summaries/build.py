"""Building the summary of a booklet, section by section, from the entries that may be disclosed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from strawberry import ID

from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.description.rubric import RubricName, text_or_empty
from schema.entries.entries import (
    Accreditation,
    Competence,
    DrivingLicence,
    Entry,
    ProfessionalExperience,
    TutoringExperience,
)
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.panorama.counters import counters
from schema.panorama.current_posts import current_posts_of
from schema.panorama.validity_items import validity_of
from schema.sharing.consent import SummarySection
from schema.summaries.disclosure import is_disclosable, mentions_union
from schema.summaries.summary import (
    BookletSummary,
    SummaryAuthorisation,
    SummaryCompetence,
    SummaryHolder,
    SummaryPost,
    SummaryTitle,
)

SECTION_RUBRICS: dict[SummarySection, tuple[RubricName, ...]] = {
    SummarySection.HOLDER: (),
    SummarySection.COUNTS: (),
    SummarySection.CURRENT_POST: (RubricName.PROFESSIONAL_EXPERIENCE,),
    SummarySection.TRAINING_TITLES: (
        RubricName.DIPLOMA,
        RubricName.COMPETITIVE_EXAM,
        RubricName.TRAINING,
    ),
    SummarySection.COMPETENCES: (RubricName.COMPETENCE,),
    SummarySection.AUTHORISATIONS_STATUS: (RubricName.ACCREDITATION, RubricName.DRIVING_LICENCE),
    SummarySection.EXPERIENCE_TITLES: (
        RubricName.PROFESSIONAL_EXPERIENCE,
        RubricName.EXTRA_PROFESSIONAL_EXPERIENCE,
        RubricName.TUTORING_EXPERIENCE,
    ),
}


@dataclass(frozen=True, slots=True)
class SummaryConsent:
    """The consent of which a summary is made."""

    id: str
    sections: frozenset[SummarySection]
    expires_at: datetime
    changed_at: datetime


def rubrics_for(sections: frozenset[SummarySection]) -> frozenset[RubricName]:
    """The rubrics from whose entries the sections are built; to count needs none of them."""
    return frozenset(rubric for section in sections for rubric in SECTION_RUBRICS[section])


def build_summary(
    consent: SummaryConsent,
    identity: IdentityContent | None,
    situation: SituationContent | None,
    entries: list[Entry],
    counts: Mapping[RubricName, int],
    today: date,
) -> BookletSummary:
    """Build the summary of a booklet from `entries`: at least those of the rubrics that it needs,
    in the guide's order.

    `counts` tells how many entries of each rubric may be disclosed.
    """
    sections = consent.sections
    rubrics = rubrics_for(sections)
    listed = [entry for entry in entries if entry.rubric in rubrics and is_disclosable(entry)]
    post = SummarySection.CURRENT_POST in sections
    return BookletSummary(
        id=ID(consent.id),
        sections=[section for section in SECTION_RUBRICS if section in sections],
        expires_at=consent.expires_at,
        changed_at=consent.changed_at,
        holder=_holder(identity) if SummarySection.HOLDER in sections else None,
        counts=counters(counts) if SummarySection.COUNTS in sections else None,
        current_posts=_posts(situation, listed, today) if post else None,
        training_titles=_titles(listed, SummarySection.TRAINING_TITLES, sections),
        competences=_competences(listed) if SummarySection.COMPETENCES in sections else None,
        authorisations=(
            _authorisations(listed, today)
            if SummarySection.AUTHORISATIONS_STATUS in sections
            else None
        ),
        experience_titles=_titles(listed, SummarySection.EXPERIENCE_TITLES, sections),
    )


def _holder(identity: IdentityContent | None) -> SummaryHolder | None:
    if identity is None:
        return None
    civility = text_or_empty(identity.civility)
    return SummaryHolder(
        civility=CodeLabel(code=civility, label=label_of("civility", civility))
        if civility not in ("", "NON_RENSEIGNE")
        else None,
        last_name=text_or_empty(identity.last_name),
        first_name=text_or_empty(identity.first_name),
    )


def _posts(
    situation: SituationContent | None, listed: list[Entry], today: date
) -> list[SummaryPost]:
    held = [] if situation is None else [_post(situation, situation.since, from_situation=True)]
    held += [
        _post(entry, entry.start, from_situation=False) for entry in current_posts_of(listed, today)
    ]
    return [post for post in held if _is_disclosable_post(post)]


def _post(
    content: SituationContent | ProfessionalExperience, since: str | None, *, from_situation: bool
) -> SummaryPost:
    return SummaryPost(
        from_situation=from_situation,
        job_title=content.job_title,
        employer_name=content.employer_name,
        employer_siret=content.employer_siret,
        department=content.department,
        status=content.status,
        filiere=content.filiere,
        cadre_emplois=content.cadre_emplois,
        grade=content.grade,
        category=content.category,
        permanent_job=content.permanent_job,
        since=since,
    )


def _is_disclosable_post(post: SummaryPost) -> bool:
    """Whether a post has an employer or a title, and is not a union's."""
    words = " ".join(map(text_or_empty, (post.job_title, post.employer_name, post.department)))
    return bool(words.strip() or post.grade or post.cadre_emplois) and not mentions_union(words)


def _titles(
    listed: list[Entry], section: SummarySection, sections: frozenset[SummarySection]
) -> list[SummaryTitle] | None:
    if section not in sections:
        return None
    rubrics = SECTION_RUBRICS[section]
    return [
        SummaryTitle(rubric=entry.rubric, title=_title(entry))
        for entry in listed
        if entry.rubric in rubrics
    ]


def _title(entry: Entry) -> str:
    """The title alone: a headline also says where, which was not consented to."""
    if isinstance(entry, ProfessionalExperience):
        return text_or_empty(entry.job_title)
    if isinstance(entry, TutoringExperience):
        return label_of("tutoringKind", text_or_empty(entry.kind))
    return text_or_empty(getattr(entry, "title", None))


def _competences(listed: list[Entry]) -> list[SummaryCompetence]:
    return [
        SummaryCompetence(
            kind=entry.kind,
            label=text_or_empty(entry.label),
            domain=entry.domain,
            self_level=entry.self_level,
            language_code=entry.language_code,
            cefr=entry.cefr,
            last_used=entry.last_used,
            codes=entry.codes or [],
        )
        for entry in listed
        if isinstance(entry, Competence)
    ]


def _authorisations(listed: list[Entry], today: date) -> list[SummaryAuthorisation]:
    return [
        SummaryAuthorisation(
            accreditation_type=entry.accreditation_type
            if isinstance(entry, Accreditation)
            else None,
            title=entry.title if isinstance(entry, Accreditation) else None,
            categories=(entry.categories or []) if isinstance(entry, Accreditation) else [],
            licence_category=entry.licence_category if isinstance(entry, DrivingLicence) else None,
            valid_until=entry.valid_until,
            validity=validity,
        )
        for entry, validity in validity_of(listed, today)
    ]
