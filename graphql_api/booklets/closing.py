"""The verbs of closing: close a booklet, close an account.

Both are final, so both ask for words typed by hand and for a recent sign-in. Both answer only once
everything is done: a failure undoes all of it, or is finished by the cleanup and answered 503.
"""

from strawberry import ID

from graphql_api.callers import kept_forms, operator_log, sessions
from graphql_api.callers.recent_sign_in import require_recent_sign_in
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.storage.actors import Agent
from graphql_api.storage.communicated import consent_repository
from graphql_api.storage.content.booklet_rows import row_of_caller, sealer_of
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.erasing import (
    TABLES_OF_A_PERSON,
    erase_booklet,
    erase_set_aside_of,
    record_closed_person,
)
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import person_of
from graphql_api.storage.tables import LoginIdentityTable, PersonTable
from schema.closing import CLOSE_ACCOUNT, CLOSE_BOOKLET, ClosingReceipt
from schema.description.refusals import (
    BookletState,
    InvalidEntry,
    Refused,
    WrongState,
    problem,
)

_NOTHING_TO_CLOSE = "Vous n’avez pas de livret : il n’y a rien à fermer."
_NOT_CONFIRMED = "La confirmation ne convient pas : rien n’a été supprimé."


def close_booklet(op: Operation, agent: Agent, confirmation: str) -> ClosingReceipt:
    """Close the caller's booklet, in any state: everything entered is deleted at once.

    The account stays; a new code is needed to begin again. Refused with `WrongState` when there
    is no booklet, `InvalidEntry` for a wrong confirmation, `RecentSignInRequired`.
    """
    row = row_of_caller(op)
    if row is None:
        raise Refused(WrongState(state=BookletState.NONE, message=_NOTHING_TO_CLOSE))
    _require_confirmation(op, confirmation, CLOSE_BOOKLET)
    kept_forms.delete_all(op.store, _ways_of(op, agent))
    return _close(op, row.id)


def close_account(op: Operation, agent: Agent, confirmation: str) -> ClosingReceipt | None:
    """Close the caller's booklet, if there is one, and delete the person: sign-ins, rights,
    sessions, and the account of the embedded issuer behind them.

    Returns the receipt of the booklet, if there was one. A later sign-in of the same account is a
    new person. Refused with `InvalidEntry` for a wrong confirmation and `RecentSignInRequired`.
    """
    _require_confirmation(op, confirmation, CLOSE_ACCOUNT)
    person, row = person_of(op), row_of_caller(op)
    ways = _ways_of(op, agent)
    sessions.delete_all(op.store, ways)
    kept_forms.delete_all(op.store, ways)
    operator_log.forget_author(op.store, ways)
    if person is not None:
        erase_set_aside_of(op, person)
        for table in TABLES_OF_A_PERSON:
            op.store.write(table.delete().where(table.person == person))
        op.store.write(PersonTable.delete().where(PersonTable.id == person))
        op.person = None
    receipt = _close(op, row.id) if row else None
    if person is not None:
        record_closed_person(op, person)
    for issuer, subject in ways:
        if issuer == OWN_ISSUER:
            op.end_account(op, subject)
    return receipt


def _ways_of(op: Operation, agent: Agent) -> set[tuple[str, str]]:
    """The issuers and subjects with which the calling person signs in."""
    return {(agent.issuer, agent.subject), *_identities(op, person_of(op))}


def _identities(op: Operation, person: str | None) -> list[tuple[str, str]]:
    """The issuers and subjects with which a person signs in; none when nothing was ever written."""
    ways = LoginIdentityTable.select(LoginIdentityTable.issuer, LoginIdentityTable.subject).where(
        LoginIdentityTable.person == person
    )
    return [(issuer, subject) for issuer, subject in op.store.rows(ways.tuples())]


def _require_confirmation(op: Operation, confirmation: str, words: str) -> None:
    if confirmation.strip().casefold() != words.casefold():
        message = f"Pour confirmer, tapez ces mots : {words}"
        wrong = problem("confirmation", "CONFIRMATION_MISMATCH", message)
        raise Refused(InvalidEntry(problems=[wrong], message=f"{_NOT_CONFIRMED} {message}"))
    require_recent_sign_in(op)


def _close(op: Operation, booklet: str) -> ClosingReceipt:
    consent_repository.end_all(op, booklet)
    entries = _count_entries(op, booklet)
    erase_booklet(op, booklet)
    return ClosingReceipt(number=ID(booklet), closed_at=op.now, entries_deleted=entries)


def _count_entries(op: Operation, booklet: str) -> int | None:
    """How many entries a booklet has; None when that cannot be read."""
    try:
        sealer = sealer_of(op, booklet)
    except DamagedKeyError:
        return None
    head = StoredSections(op, booklet, sealer).head if sealer else None
    return head.entries if head else None
