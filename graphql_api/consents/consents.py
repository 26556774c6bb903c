"""The verbs of consents: give, narrow, renew, withdraw. Only the owner of the booklet may.

Of a booklet at most one consent for a site is live. Widening is a new consent, which takes the
place of the one before: that one ends, its summary is to be forgotten, and the site reads a new
one under another id.
"""

from dataclasses import replace
from datetime import date

from graphql_api.booklets.booklets import check_charter, require_open_row
from graphql_api.callers import sites
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.communicated import consent_events, consent_repository
from graphql_api.storage.communicated.consent_events import EventKind
from graphql_api.storage.communicated.consent_repository import (
    ConsentRow,
    new_id,
    new_salt,
)
from graphql_api.storage.content.booklet_rows import BookletRow
from graphql_api.storage.content.damage import parts_of, refuse_if_damaged
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation, end_of_day, to_microseconds
from schema.conflict import Conflict
from schema.damage import Damaged, StoredKind
from schema.description.refusals import (
    LimitReached,
    NotFound,
    Refused,
    problem,
)
from schema.sharing.consent import (
    MAX_CONSENTS,
    Consent,
    ConsentAlreadyGiven,
    ConsentEnd,
    ConsentNotice,
    ConsentTerms,
    OutdatedNotice,
    SummarySection,
    consent_errors,
    last_day_errors,
    notice_of,
    section_errors,
    sort_sections,
)

_TOO_MANY = "Votre livret ne peut pas compter davantage de consentements."
_NOT_FOUND = "Consentement introuvable dans votre livret."


def notice(op: Operation, terms: ConsentTerms) -> ConsentNotice:
    """The notice to show before somebody consents; refused with `InvalidEntry`."""
    offered = frozenset(site.code for site in sites.list_registered(op))
    refuse_if_any(consent_errors(terms, op.today, offered))
    return notice_of(terms)


def give(op: Operation, terms: ConsentTerms, notice_shown: str, replaces: str | None) -> Consent:
    """Give a consent; `notice_shown` is the hash of the notice that was shown.

    Refused with `InvalidEntry`, `OutdatedNotice`, `ConsentAlreadyGiven` when one is live for the site
    and `replaces` names none, `Conflict` when it names another than the live one, `NotFound` when none
    is live, and `LimitReached`.
    """
    row, sealer = require_open_row(op)
    check_charter(row)
    consent_events.lock_chain(op.store)
    expected = notice(op, terms)
    if notice_shown != expected.sha256:
        raise Refused(OutdatedNotice(notice=expected))
    mine = consent_repository.of_booklet(op, sealer, row.id)
    for part in parts_of(op, row.id):  # which may be live, and for this site
        raise Refused(Damaged(part=part))
    live = next((one for one in mine if one.site == terms.site and one.ended_by is None), None)
    if live is None and replaces is not None:
        raise Refused(NotFound(path="replaces", message=_NOT_FOUND))
    if live is not None and replaces is None:
        raise Refused(ConsentAlreadyGiven(consent=consent_repository.to_graphql(live)))
    if live is not None and replaces != live.id:
        raise Refused(
            Conflict(
                current_version=live.version, current_consent=consent_repository.to_graphql(live)
            )
        )
    if len(mine) >= MAX_CONSENTS:
        raise Refused(LimitReached(limit=MAX_CONSENTS, message=_TOO_MANY))
    if live is not None:
        consent_repository.end(op, row.id, live.id, live.digest, ConsentEnd.WITHDRAWN)
    given = ConsentRow(
        id=new_id(),
        version=1,
        site=terms.site,
        sections=terms.sections,
        notice_version=expected.version,
        notice_hash=expected.sha256,
        given_at=op.now_us,
        expires_at=to_microseconds(end_of_day(terms.expires_on)),
        purpose=terms.purpose,
        purpose_text=terms.purpose_text,
        salt=new_salt(),
    )
    return consent_repository.to_graphql(
        consent_repository.save(op, sealer, row.id, given, EventKind.GIVEN)
    )


def narrow(op: Operation, id: str, version: int, sections: list[SummarySection]) -> Consent:
    """Keep fewer of the sections of a consent; the id of its summary stays.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry` unless they are fewer.
    """
    row, sealer = require_open_row(op)
    consent_events.lock_chain(op.store)
    present = _require_version(op, row, sealer, id, version)
    fewer = sort_sections(sections)
    problems = list(section_errors("sections", fewer))
    if set(fewer) - set(present.sections):
        message = "Ajouter une rubrique demande un nouveau consentement."
        problems.append(problem("sections", "WIDENED", message))
    elif set(fewer) == set(present.sections):
        message = "Ces rubriques sont déjà celles de ce consentement."
        problems.append(problem("sections", "UNCHANGED", message))
    refuse_if_any(problems)
    narrowed = replace(present, version=version + 1, sections=fewer)
    return consent_repository.to_graphql(
        consent_repository.save(op, sealer, row.id, narrowed, EventKind.NARROWED)
    )


def renew(op: Operation, id: str, version: int, last_day: date, notice_shown: str) -> Consent:
    """Let a consent last longer, until a day that the schema allows.

    Refused with `NotFound`, `Conflict`, `InvalidEntry` or `OutdatedNotice`.
    """
    row, sealer = require_open_row(op)
    check_charter(row)
    consent_events.lock_chain(op.store)
    present = _require_version(op, row, sealer, id, version)
    problems = list(last_day_errors("expiresOn", last_day, op.today))
    if not problems and to_microseconds(end_of_day(last_day)) <= present.expires_at:
        message = "Choisissez un dernier jour plus tardif que celui de ce consentement."
        problems.append(problem("expiresOn", "NOT_LATER", message))
    refuse_if_any(problems)
    expected = notice_of(
        ConsentTerms(
            present.site, present.sections, present.purpose, present.purpose_text, last_day
        )
    )
    if notice_shown != expected.sha256:
        raise Refused(OutdatedNotice(notice=expected))
    renewed = replace(
        present,
        version=version + 1,
        notice_version=expected.version,
        notice_hash=expected.sha256,
        expires_at=to_microseconds(end_of_day(last_day)),
    )
    return consent_repository.to_graphql(
        consent_repository.save(op, sealer, row.id, renewed, EventKind.RENEWED)
    )


def withdraw(op: Operation, id: str) -> Consent:
    """End a consent at once; one that has ended already is answered as it ended.

    Refused with `NotFound`.
    """
    row, sealer = require_open_row(op)
    consent_events.lock_chain(op.store)
    found = next(
        (one for one in consent_repository.of_booklet(op, sealer, row.id) if one.id == id), None
    )
    if found is None:
        refuse_if_damaged(op, row.id, StoredKind.CONSENT, id)
        raise Refused(NotFound(path="id", message=_NOT_FOUND))
    if found.ended_by is None:
        consent_repository.end(op, row.id, id, found.digest, ConsentEnd.WITHDRAWN)
        found = replace(found, ended_at=op.now_us, ended_by=ConsentEnd.WITHDRAWN)
    return consent_repository.to_graphql(found)


def _require_version(
    op: Operation, row: BookletRow, sealer: Sealer, id: str, version: int
) -> ConsentRow:
    """The live consent of that id at that version; refused with `NotFound` or `Conflict`."""
    mine = consent_repository.of_booklet(op, sealer, row.id)
    found = next((one for one in mine if one.id == id and one.ended_by is None), None)
    if found is None:
        refuse_if_damaged(op, row.id, StoredKind.CONSENT, id)
        raise Refused(NotFound(path="id", message=_NOT_FOUND))
    if found.version != version:
        raise Refused(
            Conflict(
                current_version=found.version, current_consent=consent_repository.to_graphql(found)
            )
        )
    return found
