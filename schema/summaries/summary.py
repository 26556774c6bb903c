"""What a regional site sees of a booklet whose owner consented, section by section.

A section that was not consented is null; an empty list means that there is nothing to tell.
"""

from collections.abc import Callable
from datetime import datetime

import strawberry

from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, MAX_PAGE, at_most
from schema.description.connection import Connection
from schema.description.fields import LIST_LENGTH
from schema.description.rubric import RubricName
from schema.description.validity import Validity
from schema.panorama.counters import RubricCount
from schema.sharing.consent import ENDED_CONSENT_MONTHS, ConsentEnd, SummarySection


@strawberry.type(description="Whose summary it is: section HOLDER.")
class SummaryHolder:
    """Civility and names; no address, telephone or date of birth."""

    civility: CodeLabel | None = strawberry.field(description="Civility, when given.")
    last_name: str = strawberry.field(description="Last name.")
    first_name: str = strawberry.field(
        description="First name; empty when the holder has one name only."
    )


@strawberry.type(description="A post held today, by its holder's word: section CURRENT_POST.")
class SummaryPost:
    """The current situation, or a professional experience that goes on."""

    from_situation: bool = strawberry.field(
        description="Whether it is the current situation; if not, a professional experience."
    )
    job_title: str | None = strawberry.field(description="The title of the post.")
    employer_name: str | None = strawberry.field(description="The name of the employer.")
    employer_siret: str | None = strawberry.field(description="The SIRET of the employer.")
    department: str | None = strawberry.field(description="The department within the employer.")
    status: str | None = strawberry.field(description="A code of the table employmentStatus.")
    filiere: str | None = strawberry.field(description="A code of the table filiere.")
    cadre_emplois: str | None = strawberry.field(description="A code of the table cadreEmplois.")
    grade: str | None = strawberry.field(description="The grade, in free words.")
    category: str | None = strawberry.field(description="A code of the table hierarchicalCategory.")
    permanent_job: bool | None = strawberry.field(description="Whether the post is permanent.")
    since: str | None = strawberry.field(
        description="Since when it is held: YYYY, YYYY-MM or YYYY-MM-DD."
    )


@strawberry.type(
    description="A title, and nothing else of the entry: sections TRAINING_TITLES and EXPERIENCE_TITLES."
)
class SummaryTitle:
    """A title with its rubric."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    title: str = strawberry.field(
        description="As it was entered: of an experience, the post or the activity; of tutoring, its kind in French."
    )


@strawberry.type(description="A competence, in its owner's own opinion: section COMPETENCES.")
class SummaryCompetence:
    """A competence without what its owner wrote about it."""

    kind: str | None = strawberry.field(description="A code of the table competenceKind.")
    label: str = strawberry.field(description="The competence in a few words.")
    domain: str | None = strawberry.field(description="The field that it belongs to.")
    self_level: str | None = strawberry.field(description="A code of the table selfLevel.")
    language_code: str | None = strawberry.field(description="A code of the table language.")
    cefr: str | None = strawberry.field(description="A code of the table cefr.")
    last_used: str | None = strawberry.field(
        description="When it was last used: YYYY, YYYY-MM or YYYY-MM-DD."
    )
    codes: list[str] = strawberry.field(
        description=f"Codes in public frameworks, each written SCHEME:value; {at_most(LIST_LENGTH)}."
    )


@strawberry.type(
    description="An accreditation or a category of driving licence, without its number: section AUTHORISATIONS_STATUS."
)
class SummaryAuthorisation:
    """An accreditation or a licence, and the state of its validity."""

    accreditation_type: str | None = strawberry.field(
        description="A code of the table accreditationType; null for a licence."
    )
    title: str | None = strawberry.field(
        description="What the accreditation is called, when that was given."
    )
    categories: list[str] = strawberry.field(
        description=f"What the accreditation covers, in the symbols of its type; {at_most(LIST_LENGTH)}."
    )
    licence_category: str | None = strawberry.field(
        description="A code of the table licenceCategory; null for an accreditation."
    )
    valid_until: str | None = strawberry.field(
        description="Until when it is valid: YYYY, YYYY-MM or YYYY-MM-DD; null when it was not given."
    )
    validity: Validity = strawberry.field(
        description="Where it stood on the day of reading, among the authorisations of the same summary; as days go by, `validUntil` tells."
    )


@strawberry.type(description="What the owner of a booklet consented to show a regional site.")
class BookletSummary:
    """One consent and the sections that it opens."""

    id: strawberry.ID = strawberry.field(
        description="Of the consent, whose receipt has it as its number: the same person has another one at another site."
    )
    sections: list[SummarySection] = strawberry.field(
        description=f"What was consented; the other sections are null; {at_most(len(SummarySection))}."
    )
    expires_at: datetime = strawberry.field(
        description="When the consent ends (UTC): from then on, forget the summary."
    )
    changed_at: datetime = strawberry.field(
        description="When the consent or the booklet last changed (UTC)."
    )
    holder: SummaryHolder | None = strawberry.field(description="Section HOLDER.")
    counts: list[RubricCount] | None = strawberry.field(
        description=f"Section COUNTS: every rubric, in the guide's order; {len(RubricName)}."
    )
    current_posts: list[SummaryPost] | None = strawberry.field(
        description=f"Section CURRENT_POST: the current situation, then the professional experiences that go on; {at_most(MAX_ENTRIES + 1)}."
    )
    training_titles: list[SummaryTitle] | None = strawberry.field(
        description=f"Section TRAINING_TITLES: diplomas, exams, trainings, each newest first; {at_most(MAX_ENTRIES)}."
    )
    competences: list[SummaryCompetence] | None = strawberry.field(
        description=f"Section COMPETENCES, in their owner's order; {at_most(MAX_ENTRIES)}."
    )
    authorisations: list[SummaryAuthorisation] | None = strawberry.field(
        description=f"Section AUTHORISATIONS_STATUS: accreditations, then licences, newest first; {at_most(MAX_ENTRIES)}."
    )
    experience_titles: list[SummaryTitle] | None = strawberry.field(
        description=f"Section EXPERIENCE_TITLES: professional, extra-professional, tutoring, each newest first; {at_most(MAX_ENTRIES)}."
    )


@strawberry.type(
    description=f"That a summary is to be forgotten; told for {ENDED_CONSENT_MONTHS} months."
)
class SummaryTombstone:
    """What is left of a summary."""

    id: strawberry.ID = strawberry.field(description="The summary's id.")
    at: datetime = strawberry.field(description="When its consent ended (UTC).")
    reason: ConsentEnd = strawberry.field(description="How it ended.")


@strawberry.type(
    description="A page of summaries, and of those that are to be forgotten: in the order of their ids or, with `changedSince`, of their changes. A page may hold none of the one or of the other."
)
class BookletSummaryConnection(Connection[BookletSummary]):
    """A page of the summaries that a site copies; `count` counts all that it may read."""

    gone: list[SummaryTombstone] = strawberry.field(
        description=f"With `changedSince`: what has ended since, to be forgotten before `nodes` are kept; {at_most(MAX_PAGE)}."
    )
    withheld: list[strawberry.ID] = strawberry.field(
        description=f"Summaries that are neither given nor to be forgotten, since a part of the booklet that they need cannot be read. Keep the copy that you have; read all anew once none is withheld; {at_most(MAX_PAGE)}."
    )
    as_of: datetime = strawberry.field(
        description="Once the last page is read, give it as `changedSince` to learn what changed; the same on all pages. Two minutes ago, so that some changes are told twice and none is missed."
    )
    count: strawberry.Private[Callable[[], int]]

    @strawberry.field(
        description="How many summaries the site may read now, whatever the page; a complete copy has as many."
    )
    def total_count(self) -> int:
        return self.count()
