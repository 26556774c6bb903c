"""Whether the service is ready for requests: named checks, in the order in which they matter."""

import logging
from collections.abc import Callable
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from graphql_api.engine.workers import UnavailableError
from graphql_api.identity_provider.migrating import is_provider_current
from graphql_api.operations.service import Service
from graphql_api.storage.keys.store_checks import check_stores
from graphql_api.storage.keys.store_marks import is_absent
from graphql_api.storage.migrating import is_current
from graphql_api.storage.store import Store

_logger = logging.getLogger(__name__)


def not_ready(service: Service) -> tuple[str, ...]:
    """The names of what is not ready, none when all is, and a line in the log for them.

    Stores that do not answer are not looked into.
    """
    found = _failing(service, STORE_CHECKS) or _failing(service, CONTENT_CHECKS)
    if found:
        _logger.warning(
            "not ready: %s",
            ", ".join(found),
            extra={"event": "not-ready", "facts": {"notReady": found}},
        )
    return found


def is_internal(connection: HTTPConnection) -> bool:
    """Whether this machine itself asks, not somebody behind a proxy of it."""
    if connection.client is None or any(name in connection.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")


def _takes_writes(store: Store) -> bool:
    return not is_absent(store) and store.accepts_writes()


def _is_migrated(service: Service) -> bool:
    return is_current(service.store, service.key_store) and is_provider_current(service.store)


ReadinessCheck = tuple[str, Callable[[Service], bool]]

STORE_CHECKS: tuple[ReadinessCheck, ...] = (
    ("data store", lambda service: _takes_writes(service.store)),
    ("key store", lambda service: _takes_writes(service.key_store)),
)
CONTENT_CHECKS: tuple[ReadinessCheck, ...] = (
    (
        "store marks",
        lambda service: check_stores(service.store, service.key_store, service.master_key),
    ),
    ("migrations", _is_migrated),
)


def _failing(service: Service, checks: tuple[ReadinessCheck, ...]) -> tuple[str, ...]:
    return tuple(name for name, is_met in checks if not _holds(service, is_met))


def _holds(service: Service, is_met: Callable[[Service], bool]) -> bool:
    try:
        return is_met(service)
    except UnavailableError:  # also a `StoreMismatchError`
        return False
