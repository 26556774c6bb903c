"""Officers and operators, as operators list, appoint and dismiss them."""

from strawberry import ID

from graphql_api.callers import officers
from graphql_api.callers.account_lookup import account_of, agent_with_address, keeps_accounts
from graphql_api.callers.officers import OfficerRow, OperatorRow, require_operator
from graphql_api.codes.local_authority import local_authority, local_authority_named
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.operating.acts import record, require_recent_operator
from graphql_api.operating.outcomes import (
    AppointedPerson,
    OfficerAppointed,
    OfficerAppointment,
    OfficerDismissed,
    OperatorActKind,
    OperatorAppointed,
    OperatorDismissed,
)
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import person_named, person_of
from schema.description.connection import Connection, page_of, page_size
from schema.description.refusals import InvalidEntry, NotFound, Problem, Refused, problem
from schema.description.shared_fields import digits_only, siret_error

MAX_OPERATORS = 100
SIRET_LENGTH = 14
NO_ACCOUNT = (
    "Aucun compte activé n’a cette adresse. La personne crée d’abord son compte, puis le valide."
)
_ELSEWHERE = (
    "Les comptes sont chez un autre émetteur : nommez la personne par la ligne de commande."
)
_NOT_APPOINTED = "Cette personne n’a pas, ou n’a plus, ce droit."
_NO_SIRET = "Un SIRET compte 14 chiffres."


def page_of_officers(
    op: Operation, first: int, after: str | None
) -> Connection[OfficerAppointment]:
    """A page of the officers of all collectivités, by SIRET. Raises `PublicError` for no operator."""
    require_operator(op)
    most = page_size(first)
    siret, _, person = (after or "").partition(".")
    place = None if after is None else (siret, person)
    if place is not None and not person:
        return page_of([], most, after, _cursor)
    found = officers.list_officers(op, most + 1, place)
    return page_of([_officer(op, row) for row in found], most, after, _cursor)


def officer(op: Operation, person: str, siret: str) -> OfficerAppointment | None:
    """An officer of a collectivité; None when the person is none. Raises `PublicError`."""
    require_operator(op)
    row = officers.find_officer(op, person, siret)
    return None if row is None else _officer(op, row)


def operators(op: Operation) -> list[AppointedPerson]:
    """The operators. Raises `PublicError` for whoever is none."""
    require_operator(op)
    return [_person(op, row) for row in officers.list_operators(op, MAX_OPERATORS)]


def appoint_officer(op: Operation, email: str, siret: str) -> OfficerAppointed:
    """Make whoever has an account of that address an officer. Refused with `InvalidEntry`."""
    require_recent_operator(op)
    digits = digits_only(siret)
    who, problems = _found(op, email)
    problems += _siret_problems(digits)
    if who is None or problems:
        raise Refused(InvalidEntry(problems=problems))
    officers.add_officer(op, who, digits)
    record(op, OperatorActKind.OFFICER_APPOINTED, digits)
    return OfficerAppointed(local_authority=local_authority(op, digits))


def dismiss_officer(op: Operation, person: str, siret: str) -> OfficerDismissed:
    """Take the right back from an officer. Refused with `NotFound`."""
    require_recent_operator(op)
    if not officers.remove_officer(op, person, siret):
        raise Refused(NotFound(path="person", message=_NOT_APPOINTED))
    record(op, OperatorActKind.OFFICER_DISMISSED, siret)
    return OfficerDismissed(local_authority=local_authority(op, siret))


def appoint_operator(op: Operation, email: str) -> OperatorAppointed:
    """Make whoever has an account of that address an operator. Refused with `InvalidEntry`."""
    require_recent_operator(op)
    who, problems = _found(op, email)
    if who is None:
        raise Refused(InvalidEntry(problems=problems))
    officers.add_operator(op, who)
    record(op, OperatorActKind.OPERATOR_APPOINTED)
    return OperatorAppointed(is_caller=person_named(op, who) == person_of(op))


def dismiss_operator(op: Operation, person: str) -> OperatorDismissed:
    """Take the right back from an operator, who may be the caller. Refused with `NotFound`."""
    require_recent_operator(op)
    is_caller = person == person_of(op)
    if not officers.remove_operator(op, person):
        raise Refused(NotFound(path="person", message=_NOT_APPOINTED))
    record(op, OperatorActKind.OPERATOR_DISMISSED)
    return OperatorDismissed(is_caller=is_caller)


def _found(op: Operation, email: str) -> tuple[Agent | None, list[Problem]]:
    """Whoever has an account of that address; else what is wrong with it."""
    if not keeps_accounts(op):
        return None, [problem("email", "ACCOUNTS_ELSEWHERE", _ELSEWHERE)]
    who = agent_with_address(op, email)
    return who, [] if who else [problem("email", "NO_ACCOUNT", NO_ACCOUNT)]


def _siret_problems(digits: str) -> list[Problem]:
    if len(digits) != SIRET_LENGTH or not (digits.isascii() and digits.isdigit()):
        return [problem("siret", "FORMAT", _NO_SIRET)]
    wrong = siret_error(digits)
    return [problem("siret", "FORMAT", wrong)] if wrong else []


def _officer(op: Operation, row: OfficerRow) -> OfficerAppointment:
    return OfficerAppointment(
        local_authority=local_authority_named(row.siret, row.name), person=_person(op, row)
    )


def _person(op: Operation, row: OfficerRow | OperatorRow) -> AppointedPerson:
    """A person with the address of their account: two statements, a person each."""
    can_sign_in = row.issuer == op.identity_issuer
    account = account_of(op, row.subject) if can_sign_in and row.issuer == OWN_ISSUER else None
    is_used = account is not None and account.disabled_at is None
    return AppointedPerson(
        id=ID(row.person),
        email=account.details.email if account else None,
        subject=row.subject,
        issuer=row.issuer,
        is_effective=can_sign_in and (is_used or row.issuer != OWN_ISSUER),
        is_caller=row.person == person_of(op),
    )


def _cursor(one: OfficerAppointment) -> str:
    return f"{one.local_authority.siret}.{one.person.id}"
