"""Consents: what a booklet's owner lets a regional site read, why, and until when.

The terms of a consent are written into a notice, which is hashed exactly as it is shown.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

import strawberry

from schema import texts
from schema.codes import code_of, label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import at_most, in_words
from schema.description.conditions import one_of, required
from schema.description.dates import PartialDate
from schema.description.enums import member
from schema.description.fields import choice, choices, day, long_text
from schema.description.refusals import Problem, Refusal, problem
from schema.description.validation import clean_value, note_errors
from schema.sharing.site import SITES, Site
from schema.texts import LegalText
from schema.typography import typeset

NOTICE_VERSION = "1"
MAX_CONSENTS = 100  # of a booklet, ended ones included
MAX_CONSENT_MONTHS = 12
ENDED_CONSENT_MONTHS = 13  # how long an ended consent is told
PURPOSE_LENGTH = 500
OTHER_PURPOSE = "AUTRE"
PURPOSE_REQUIRED = "Précisez l’objet de ce consentement."
_NOT_A_SITE = "Ce site ne peut pas recevoir de résumé : choisissez-en un dans la liste."
_NOT_A_PURPOSE = "« Objet » : valeur inconnue ; choisissez-la dans la liste."
_SECTION_TWICE = "Une rubrique est choisie plusieurs fois : choisissez-la une seule fois."
_NOTICE = texts.read_text(f"consent-notice-{NOTICE_VERSION}")


@strawberry.enum(
    description="What may be read of a booklet, section by section; French labels stand in the code table `summarySection`."
)
class SummarySection(Enum):
    """The sections, in the order in which they are shown and stored."""

    __hash__ = object.__hash__  # as that of `RubricName`

    HOLDER = member("HOLDER", "Civility, last name and first name.")
    COUNTS = member("COUNTS", "How many entries each rubric has.")
    CURRENT_POST = member("CURRENT_POST", "Where the holder works now.")
    TRAINING_TITLES = member("TRAINING_TITLES", "Titles of diplomas, exams and trainings.")
    COMPETENCES = member("COMPETENCES", "Competences.")
    AUTHORISATIONS_STATUS = member(
        "AUTHORISATIONS_STATUS", "Accreditations and licences: type and validity."
    )
    EXPERIENCE_TITLES = member("EXPERIENCE_TITLES", "Titles of experiences.")


@dataclass(kw_only=True)
class ConsentContent:
    """The fields of the form; their keys are those of `ConsentInput`. Nothing is chosen in advance."""

    site: str | None = choice(
        "Site régional", "Who may read: one of `sites`.", "region", required=True
    )
    sections: list[str] | None = choices(
        "Ce que le site peut lire",
        "What it may read.",
        "summarySection",
        required=True,
        example="COUNTS",
    )
    purpose: str | None = choice("Objet", "What for.", "consentPurpose", required=True)
    purpose_text: str | None = long_text(
        "Précisions",
        "What for, in the owner's words.",
        max_length=PURPOSE_LENGTH,
        required_when=(required(PURPOSE_REQUIRED, one_of("purpose", (OTHER_PURPOSE,))),),
        example="Préparer mon entretien avec la conseillère de la délégation.",
    )
    expires_on: str | None = day(
        "Dernier jour",
        "The last day.",
        required=True,
        future=True,
        hint=f"Demain au plus tôt, dans {MAX_CONSENT_MONTHS} mois au plus tard.",
        example="31/12/2027",
    )


@strawberry.enum(description="How a consent ended.")
class ConsentEnd(Enum):
    """Why a site has to forget a summary."""

    WITHDRAWN = member("WITHDRAWN", "Its owner withdrew it, or gave another in its place.")
    EXPIRED = member("EXPIRED", "Its last day is past.")
    CLOSED = member("CLOSED", "The booklet was closed.")


@strawberry.input(description="What somebody is about to consent to. Nothing is chosen in advance.")
class ConsentInput:
    """The terms of a consent."""

    site: str = strawberry.field(description="The site's code, one of `sites`.")
    sections: list[SummarySection] = strawberry.field(
        description=f"What it may read: each section once, at least one, {at_most(len(SummarySection))}."
    )
    purpose: str = strawberry.field(description="A code of the table `consentPurpose`.")
    purpose_text: str | None = strawberry.field(
        default=None,
        description=f"The purpose in the owner's own words, {at_most(PURPOSE_LENGTH)} characters; required with the code AUTRE.",
    )
    expires_on: date = strawberry.field(
        description=f"The last day: tomorrow at the earliest, within {in_words(MAX_CONSENT_MONTHS)} months."
    )


@strawberry.type(description="What is to be shown before somebody consents, as it is hashed.")
class ConsentNotice:
    """A version of the notice, with the terms that are consented to."""

    version: str = strawberry.field(description="Which edition of the notice it is.")
    sha256: str = strawberry.field(
        description="The SHA-256 of `written` in UTF-8, in hexadecimal: what consentGive asks for."
    )
    written: str = strawberry.field(description="The notice as one text.")
    text: LegalText = strawberry.field(description="The same, by headings and paragraphs.")


@strawberry.type(
    description="The notice that was shown is not that of these terms today: show this one and ask again."
)
class OutdatedNotice(Refusal):
    """The hash that was sent is not that of the notice to show."""

    notice: ConsentNotice = strawberry.field(description="The notice to show.")
    code: str = strawberry.field(default="OUTDATED_NOTICE", description="A stable code.")
    message: str = strawberry.field(
        default="Le texte du consentement a changé : lisez-le avant de consentir.",
        description="A French sentence for people.",
    )


@strawberry.type(description="What a regional site may read of the booklet, as its owner sees it.")
class Consent:
    """A consent, live or ended; its id is the number of its receipt, and names its summary."""

    id: strawberry.ID = strawberry.field(
        description="The receipt's number; the receipt is at `/consents/{id}.jws`."
    )
    version: int = strawberry.field(description="Counts the changes of the consent.")
    site: Site = strawberry.field(description="Who may read.")
    sections: list[SummarySection] = strawberry.field(
        description=f"What it may read; {at_most(len(SummarySection))}."
    )
    purpose: CodeLabel = strawberry.field(description="What for: of the table `consentPurpose`.")
    purpose_text: str | None = strawberry.field(
        description="What for, in the owner's words; null when they gave none."
    )
    notice_version: str = strawberry.field(description="The edition of the notice that was shown.")
    notice_sha256: str = strawberry.field(
        description="The SHA-256 of the notice that was last accepted, in hexadecimal."
    )
    given_at: datetime = strawberry.field(description="When it was given (UTC).")
    expires_at: datetime = strawberry.field(description="When it ends by itself (UTC).")
    ended_at: datetime | None = strawberry.field(
        default=None, description="When it ended (UTC); null while it is live."
    )
    ended_by: ConsentEnd | None = strawberry.field(
        default=None, description="How it ended; null while it is live."
    )


@strawberry.type(
    description="The site has a live consent already; the call named none to replace. Narrow or renew that one, or send its id as `replaces`."
)
class ConsentAlreadyGiven(Refusal):
    """The live consent, to choose what to do with it."""

    consent: Consent = strawberry.field(description="The live consent.")
    code: str = strawberry.field(default="CONSENT_ALREADY_GIVEN", description="A stable code.")
    message: str = strawberry.field(
        default="Ce site a déjà votre consentement : vous pouvez le restreindre, le prolonger ou le"
        " remplacer.",
        description="A French sentence for people.",
    )


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """The terms of a consent, cleaned; `sections` are in the order of the enum."""

    site: str
    sections: tuple[SummarySection, ...]
    purpose: str
    purpose_text: str | None
    expires_on: date


def consent_terms(sent: ConsentInput) -> ConsentTerms:
    """The terms of an input."""
    text = clean_value(sent.purpose_text)
    return ConsentTerms(
        site=sent.site,
        sections=sort_sections(sent.sections),
        purpose=sent.purpose,
        purpose_text=text if isinstance(text, str) else None,
        expires_on=sent.expires_on,
    )


def sort_sections(sections: list[SummarySection]) -> tuple[SummarySection, ...]:
    """Sections in the order of the enum; repeated ones stay."""
    places = list(SummarySection)
    return tuple(sorted(sections, key=places.index))


def last_day_allowed(today: date) -> date:
    """The last day of a consent that is given today: it ends before twelve months are over."""
    anniversary = PartialDate.from_date(today).plus_months(MAX_CONSENT_MONTHS)
    return anniversary.earliest - timedelta(days=1)


def consent_errors(terms: ConsentTerms, today: date, sites: frozenset[str]) -> Iterator[Problem]:
    """Everything that refuses the terms; `sites` are the codes that may be consented to."""
    if not terms.site:
        yield problem("consent.site", "REQUIRED", "Choisissez un site régional.")
    elif terms.site not in sites:
        yield problem("consent.site", "UNKNOWN_CODE", _NOT_A_SITE)
    yield from section_errors("consent.sections", terms.sections)
    if not terms.purpose:
        yield problem("consent.purpose", "REQUIRED", "Choisissez l’objet de ce consentement.")
    elif code_of("consentPurpose", terms.purpose) is None:
        yield problem("consent.purpose", "UNKNOWN_CODE", _NOT_A_PURPOSE)
    elif terms.purpose == OTHER_PURPOSE and terms.purpose_text is None:
        yield problem("consent.purposeText", "REQUIRED", PURPOSE_REQUIRED)
    yield from note_errors("consent.purposeText", terms.purpose_text, PURPOSE_LENGTH, "Précisions")
    yield from last_day_errors("consent.expiresOn", terms.expires_on, today)


def section_errors(path: str, sections: tuple[SummarySection, ...]) -> Iterator[Problem]:
    """Errors of the sections: none at all, or one twice."""
    if not sections:
        yield problem(path, "REQUIRED", "Choisissez au moins une rubrique à communiquer.")
    if any(times > 1 for times in Counter(sections).values()):
        yield problem(path, "DUPLICATE", _SECTION_TWICE)


def last_day_errors(path: str, last_day: date, today: date) -> Iterator[Problem]:
    """An error when the last day is not between tomorrow and the last day allowed."""
    latest = last_day_allowed(today)
    if not today < last_day <= latest:
        message = f"Choisissez un dernier jour entre demain et le {in_french(latest)}."
        yield problem(path, "DATE_OUT_OF_RANGE", message)


def notice_of(terms: ConsentTerms) -> ConsentNotice:
    """The notice of valid terms."""
    label = label_of("consentPurpose", terms.purpose)
    words = " ".join(terms.purpose_text.split()) if terms.purpose_text else ""
    written = _NOTICE.format(
        site=SITES[terms.site].name,
        sections="\n".join(f"- {label_of('summarySection', one.value)}" for one in terms.sections),
        purpose=typeset(f"{label} (« {words} »)." if words else f"{label}."),
        last_day=in_french(terms.expires_on),
    )
    return ConsentNotice(
        version=NOTICE_VERSION,
        sha256=hashlib.sha256(written.encode()).hexdigest(),
        written=written,
        text=texts.parse_text(written, NOTICE_VERSION),
    )


def in_french(day: date) -> str:
    """A day as people write it in France."""
    return PartialDate.from_date(day).in_french()
