"""The kinds that have an end, and how each is swept.

A sweeper deletes in batches of their own transactions, beside running services and other sweeps,
and deletes nothing when it comes a second time. Its label is followed by a count, in French.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from graphql_api.booklets.abandoned import erase_abandoned
from graphql_api.callers import access_log, kept_forms, operator_log, sessions
from graphql_api.codes import codes
from graphql_api.identity_provider import outbox
from graphql_api.identity_provider.accounts import email_tokens, registrations
from graphql_api.identity_provider.accounts import sessions as account_sessions
from graphql_api.identity_provider.accounts.account_context import ACCOUNT_COUNTERS
from graphql_api.identity_provider.oauth import grants
from graphql_api.identity_provider.upstream import pending_logins
from graphql_api.operations import idempotency
from graphql_api.operations.service import Service
from graphql_api.scratch import remove_abandoned_folders
from graphql_api.storage import rate_limits
from graphql_api.storage.cleanup import finish_interrupted_closings
from graphql_api.storage.closings import forget_closings
from graphql_api.storage.communicated import (
    access_record_repository,
    consent_repository,
    reminder_repository,
    share_link_repository,
)
from graphql_api.storage.content import draft_repository
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.rate_limits import API_COUNTERS, CounterTable
from graphql_api.storage.store import Store

_MARGIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """How a kind is swept: `run` returns how many it removed, or raises `UnavailableError`."""

    kind: str
    label: str
    run: Callable[[Service], int]


def _of_data(kind: str, label: str, delete: Callable[[Store, int], int]) -> Sweeper:
    """A sweeper of rows of the data, which are told by the present time in microseconds."""
    return Sweeper(
        kind, label, lambda service: delete(service.store, to_microseconds(service.clock()))
    )


def _counters(counters: CounterTable, store: Store, now_us: int) -> int:
    return rate_limits.delete_expired(store, counters, now_us)


def _finish_closings(service: Service) -> int:
    return finish_interrupted_closings(service.store, service.key_store)


def _forget_closings(service: Service) -> int:
    """Forget closings that are older than any backup of the data, with a month to spare."""
    kept = timedelta(days=service.data_backup_days) + _MARGIN
    return forget_closings(service.key_store, to_microseconds(service.clock() - kept))


SWEEPERS: tuple[Sweeper, ...] = (
    Sweeper("interruptedClosings", "Fermetures achevées", _finish_closings),
    Sweeper("begunBooklets", "Livrets commencés et jamais acceptés", erase_abandoned),
    _of_data(
        "expiredConsents", "Consentements arrivés à leur terme", consent_repository.end_expired
    ),
    _of_data(
        "endedConsents", "Consentements terminés depuis treize mois", consent_repository.delete_old
    ),
    _of_data("drafts", "Brouillons", draft_repository.delete_expired),
    _of_data("reminders", "Rappels arrêtés", reminder_repository.delete_expired),
    _of_data(
        "readerSessions", "Lectures par un lien", share_link_repository.delete_expired_sessions
    ),
    _of_data("shareLinks", "Liens de partage", share_link_repository.delete_expired),
    _of_data("accessRecords", "Accès de plus de douze mois", access_record_repository.delete_old),
    _of_data(
        "refusalsOfNothing",
        "Refus de ce qui n’existe pas",
        access_log.delete_old_refusals_of_nothing,
    ),
    _of_data("answers", "Réponses gardées pour une clé", idempotency.delete_old_answers),
    _of_data("attempts", "Compteurs d’essais", partial(_counters, API_COUNTERS)),
    _of_data("codeSecrets", "Empreintes de codes périmés", codes.forget_spent_secrets),
    _of_data("operatorActs", "Actes d’exploitants de plus d’un an", operator_log.delete_old),
    _of_data("sessions", "Sessions", sessions.delete_expired),
    _of_data("keptForms", "Formulaires gardés", kept_forms.delete_expired),
    _of_data("grants", "Autorisations et jetons des applications", grants.delete_expired),
    _of_data("pendingLogins", "Connexions sans suite", pending_logins.delete_expired),
    _of_data("accountSessions", "Sessions des comptes", account_sessions.delete_expired),
    _of_data("registrations", "Inscriptions sans suite", registrations.delete_expired),
    _of_data("emailTokens", "Clés envoyées par courriel", email_tokens.delete_expired),
    _of_data("accountAttempts", "Compteurs des comptes", partial(_counters, ACCOUNT_COUNTERS)),
    _of_data("letters", "Courriels que personne n’a envoyés", outbox.delete_given_up),
    Sweeper("closings", "Fermetures plus anciennes que toute sauvegarde", _forget_closings),
    Sweeper(
        "scratchFolders",
        "Dossiers de travail de services arrêtés",
        lambda _service: remove_abandoned_folders(),
    ),
)
