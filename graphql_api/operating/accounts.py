"""Help with an account: find it by its address, send its activation again, disable and enable it.

Nothing here looks for a booklet. Whoever has no account here is told nothing: only operators ask.
"""

from dataclasses import replace

from strawberry import ID

from graphql_api.callers.account_lookup import account_context, keeps_accounts, sign_out_here
from graphql_api.callers.officers import require_operator
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.identity_provider.accounts import accounts, registrations, sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.limits import EMAILS
from graphql_api.operating.account_outcomes import (
    AccountDisabled,
    AccountEnabled,
    AccountLookedUp,
    ActivationResent,
    HelpedAccount,
)
from graphql_api.operating.acts import record, require_recent_operator
from graphql_api.operating.outcomes import OperatorActKind
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import PARIS, Operation, from_microseconds
from graphql_api.web.email_addresses import normalize
from schema.description.refusals import InvalidEntry, NotFound, Refused, TooManyAttempts, problem

_ELSEWHERE = "Les comptes sont chez un autre émetteur : adressez-vous à qui les tient."
_NO_ADDRESS = "Indiquez une adresse électronique, par exemple nom@mairie.fr."
_NOTHING_WAITS = (
    "Aucune inscription n’attend à cette adresse : la personne crée de nouveau son compte."
)
_NO_ACCOUNT = "Ce compte n’est pas là, ou est déjà dans cet état."
_OWN_ACCOUNT = "C’est votre propre compte : un autre exploitant peut le désactiver."


def look_up(op: Operation, email: str) -> AccountLookedUp:
    """What there is at an address; looking is written to the log. Refused with `InvalidEntry`."""
    require_operator(op)
    if not keeps_accounts(op):
        raise Refused(InvalidEntry(problems=[problem("email", "ACCOUNTS_ELSEWHERE", _ELSEWHERE)]))
    address = normalize(email)
    if address is None:
        raise Refused(InvalidEntry(problems=[problem("email", "FORMAT", _NO_ADDRESS)]))
    record(op, OperatorActKind.ACCOUNT_LOOKED_UP)
    context = _context(op)
    found = accounts.find_by_email(context, address)
    waits_until = None if found else registrations.waits_until(context, address)
    if found is None and waits_until is None:
        return AccountLookedUp(account=None)
    return AccountLookedUp(account=_helped(op, found, address, waits_until))


def resend_activation(op: Operation, email: str) -> ActivationResent:
    """Send the letter of a registration again. Refused with `NotFound` and `TooManyAttempts`."""
    require_operator(op)
    context = _context(op)
    wait = context.limiter.hit(EMAILS, "registration", context.email_index(email))
    if wait:
        raise Refused(TooManyAttempts(retry_after=wait, message=_many_letters(wait)))
    until = registrations.send_again(context, email) if keeps_accounts(op) else None
    if until is None:
        raise Refused(NotFound(path="email", message=_NOTHING_WAITS))
    record(op, OperatorActKind.ACTIVATION_RESENT)
    return ActivationResent(until=from_microseconds(until))


def disable_account(op: Operation, id: str) -> AccountDisabled:
    """End the sessions of an account, and let nobody sign in to it.

    Refused with `NotFound`, and with `InvalidEntry` for the caller's own account.
    """
    require_recent_operator(op)
    if _is_caller(op, id):
        raise Refused(InvalidEntry(problems=[problem("id", "OWN_ACCOUNT", _OWN_ACCOUNT)]))
    context = _context(op)
    if not accounts.set_disabled(context, id, op.now_us):
        raise Refused(NotFound(path="id", message=_NO_ACCOUNT))
    sessions.end_all(context, id)
    record(op, OperatorActKind.ACCOUNT_DISABLED)
    return AccountDisabled(account=_account(op, context, id))


def enable_account(op: Operation, id: str) -> AccountEnabled:
    """Let people sign in to an account again. Refused with `NotFound`."""
    require_recent_operator(op)
    context = _context(op)
    if not accounts.set_disabled(context, id, None):
        raise Refused(NotFound(path="id", message=_NO_ACCOUNT))
    record(op, OperatorActKind.ACCOUNT_ENABLED)
    return AccountEnabled(account=_account(op, context, id))


def _context(op: Operation) -> AccountContext:
    return replace(account_context(op), public_url=op.public_url, signed_out=sign_out_here)


def _account(op: Operation, context: AccountContext, id: str) -> HelpedAccount:
    found = accounts.find(context, id)
    return _helped(op, found, found.details.email if found else "", None)


def _helped(
    op: Operation, found: AccountRecord | None, email: str, waits_until: int | None
) -> HelpedAccount:
    if found is None:
        until = None if waits_until is None else from_microseconds(waits_until)
        return HelpedAccount(
            id=None,
            email=email,
            created_on=None,
            disabled_at=None,
            is_caller=False,
            registration_until=until,
        )
    since = found.disabled_at
    return HelpedAccount(
        id=ID(found.id),
        email=found.details.email,
        created_on=from_microseconds(found.created_at).astimezone(PARIS).date(),
        disabled_at=None if since is None else from_microseconds(since),
        is_caller=_is_caller(op, found.id),
        registration_until=None,
    )


def _is_caller(op: Operation, account: str) -> bool:
    actor = op.actor
    return isinstance(actor, Agent) and (actor.issuer, actor.subject) == (OWN_ISSUER, account)


def _many_letters(seconds: int) -> str:
    return f"Cinq courriels sont déjà partis en une heure : réessayez dans {-(-seconds // 60)} min."
