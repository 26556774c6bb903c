"""The profile: what the first page of a COMPACT dossier says, for a reader who has one minute.

It is computed from the entries that the dossier communicates, so that nothing of the rest shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

import strawberry

from schema.description.bounds import MAX_SITUATION_LINES, at_most
from schema.description.display_lines import Line
from schema.description.enums import member
from schema.description.rubric import Part, parse_date
from schema.description.validity import Validity
from schema.dossiers.dossier_lines import dossier_lines
from schema.dossiers.shared_entries import DossierReading, SharedEntry
from schema.entries.entries import (
    Accreditation,
    Competence,
    CompetitiveExam,
    Diploma,
    DrivingLicence,
    Entry,
    ProfessionalExperience,
)
from schema.entries.situation import SituationContent
from schema.panorama.current_posts import current_posts_of
from schema.panorama.validity_items import validity_of
from schema.rubrics.professional_experiences import (
    FULL_TIME,
    ProfessionalExperienceContent,
    is_worked,
    working_time,
)

MAX_PROFILE_ITEMS = 5  # posts and competences: what a page holds
MAX_PROFILE_TITLES = 10  # diplomas, exams, accreditations with licences: of each
MAX_PROFILE_SUPPORTS = 2
_PRESENT_POST = frozenset(
    {"jobTitle", "employerName", "status", "cadreEmplois", "grade", "category", "start"}
)
_NOT_EXPIRED = (Validity.VALID, Validity.EXPIRING, Validity.NO_EXPIRY)


@strawberry.enum(description="What a section of a profile is about.")
class ProfileSectionName(Enum):
    """The sections of a profile."""

    POSTS = member("POSTS", "The present posts, then the latest ones.")
    COMPETENCES = member("COMPETENCES", "The first competences, in their owner's order.")
    DIPLOMAS = member("DIPLOMAS", "Diplomas that were obtained, or are being prepared.")
    EXAMS = member("EXAMS", "Competitive and professional exams that were passed.")
    ACCREDITATIONS = member(
        "ACCREDITATIONS", "Accreditations and licences that are valid on the day of the dossier."
    )


@strawberry.type(description="An entry in one line.")
class ProfileItem:
    """One line of the profile."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French; empty when undated.")
    text: str = strawberry.field(
        description="What else to know of it, in French: a grade, a level and an institution, an end of validity; empty when there is nothing."
    )
    source: strawberry.Private[Entry]
    source_supports: strawberry.Private[list[Entry]]
    reading: strawberry.Private[DossierReading]

    @strawberry.field(description="The entry itself.")
    def node(self) -> SharedEntry:
        return self.reading.show(self.source)

    @strawberry.field(
        description=f"On a competence, the first entries that support it; {at_most(MAX_PROFILE_SUPPORTS)}."
    )
    def supports(self) -> list[strawberry.ID]:
        return [entry.id for entry in self.source_supports]

    @strawberry.field(
        description=f"The entries of `supports` themselves, in its order; {at_most(MAX_PROFILE_SUPPORTS)}."
    )
    def supports_nodes(self) -> list[SharedEntry]:
        return [self.reading.show(entry) for entry in self.source_supports]


@strawberry.type(description="A few entries of one kind, each in one line.")
class ProfileSection:
    """A section that holds something."""

    section: ProfileSectionName = strawberry.field(description="What it is about.")
    label: str = strawberry.field(description="Its French title.")
    items: list[ProfileItem] = strawberry.field(
        description=f"Its entries, the most telling first; {at_most(MAX_PROFILE_TITLES)}."
    )


@strawberry.type(description="What the first page of a COMPACT dossier says of its holder.")
class Profile:
    """A holder at a glance."""

    present: list[Line] = strawberry.field(
        description=f"The current situation when it is communicated, otherwise the main post of today; {at_most(MAX_SITUATION_LINES)}."
    )
    sections: list[ProfileSection] = strawberry.field(
        description=f"In the order of the purpose, without those that hold nothing; none in a request for exemption, whose first page is the request; {at_most(len(ProfileSectionName))}."
    )


def profile_of(
    entries: Sequence[Entry],
    situation: SituationContent | None,
    today: date,
    order: Sequence[Part],
    reading: DossierReading,
    *,
    sections: bool = True,
) -> Profile:
    """The profile of entries that are sorted and linked, and of the situation if it is communicated."""
    return Profile(
        present=_present(entries, situation, today),
        sections=list(_sections(entries, today, order, reading)) if sections else [],
    )


def _present(
    entries: Iterable[Entry], situation: SituationContent | None, today: date
) -> list[Line]:
    if situation is not None and (lines := dossier_lines(situation, SituationContent)):
        return lines
    posts = current_posts_of(entries, today)
    if not posts:
        return []
    lines = dossier_lines(posts[0], ProfessionalExperienceContent)
    return [line for line in lines if line.key in _PRESENT_POST]


def _sections(
    entries: Sequence[Entry], today: date, order: Sequence[Part], reading: DossierReading
) -> Iterator[ProfileSection]:
    found = (
        (Part.EXPERIENCES, ProfileSectionName.POSTS, "Derniers postes", _posts(entries, today)),
        (Part.COMPETENCES, ProfileSectionName.COMPETENCES, "Compétences", _competences(entries)),
        (Part.FORMATIONS, ProfileSectionName.DIPLOMAS, "Titres et diplômes", _diplomas(entries)),
        (Part.FORMATIONS, ProfileSectionName.EXAMS, "Concours et examens", _exams(entries)),
        (
            Part.FORMATIONS,
            ProfileSectionName.ACCREDITATIONS,
            "Habilitations et permis en cours de validité",
            _accreditations(entries, today),
        ),
    )
    for _, section, label, lines in sorted(found, key=lambda one: order.index(one[0])):
        if lines:
            items = [_item(line, reading) for line in lines]
            yield ProfileSection(section=section, label=label, items=items)


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry that a section tells, by what it is told."""

    entry: Entry
    text: str
    supports: list[Entry]


def _posts(entries: Sequence[Entry], today: date) -> list[_Told]:
    current = current_posts_of(entries, today)
    held = {post.id for post in current}
    past = [
        entry
        for entry in entries
        if isinstance(entry, ProfessionalExperience) and is_worked(entry) and entry.id not in held
    ]
    posts = [*current, *past][:MAX_PROFILE_ITEMS]
    return [
        _told(post, "grade", "status", *(["workQuota"] if working_time(post) < FULL_TIME else []))
        for post in posts
    ]


def _competences(entries: Iterable[Entry]) -> list[_Told]:
    own = [entry for entry in entries if isinstance(entry, Competence)]
    return [
        _told(
            competence,
            "selfLevel",
            "cefr",
            supports=[link.target for link in competence.link_list][:MAX_PROFILE_SUPPORTS],
        )
        for competence in own[:MAX_PROFILE_ITEMS]
    ]


def _diplomas(entries: Iterable[Entry]) -> list[_Told]:
    told = []
    for entry in entries:
        if isinstance(entry, Diploma) and entry.outcome == "OBTENU":
            told.append(_told(entry, "level", "institutionName"))
        elif isinstance(entry, Diploma) and entry.outcome == "EN_COURS":
            told.append(_told(entry, "outcome", "level", "institutionName"))
    return told[:MAX_PROFILE_TITLES]


def _exams(entries: Iterable[Entry]) -> list[_Told]:
    passed = [one for one in entries if isinstance(one, CompetitiveExam) and one.result == "ADMIS"]
    return [_told(exam, "grade") for exam in passed[:MAX_PROFILE_TITLES]]


def _accreditations(entries: Sequence[Entry], today: date) -> list[_Told]:
    valid = [entry for entry, state in validity_of(entries, today) if state in _NOT_EXPIRED]
    return [_accreditation(entry) for entry in valid[:MAX_PROFILE_TITLES]]


def _accreditation(entry: Accreditation | DrivingLicence) -> _Told:
    told = _told(entry, "categories")
    until = parse_date(entry.valid_until)
    if until is None:
        return told
    valid = f"valable jusqu’{'au' if until.is_full else 'en'} {until.in_french()}"
    return replace(told, text=f"{told.text} · {valid}" if told.text else valid)


def _told(entry: Entry, *keys: str, supports: Sequence[Entry] = ()) -> _Told:
    texts = {line.key: line.text for line in dossier_lines(entry, entry.described_by.content)}
    return _Told(entry, " · ".join(texts[key] for key in keys if key in texts), list(supports))


def _item(told: _Told, reading: DossierReading) -> ProfileItem:
    rubric = told.entry.described_by
    return ProfileItem(
        entry=told.entry.id,
        headline=rubric.headline(told.entry),
        when=told.entry.period.in_french(),
        text=told.text,
        source=told.entry,
        source_supports=told.supports,
        reading=reading,
    )
