"""Building the service from settings; migrating, checking and cleaning up its stores."""

import logging
from contextlib import suppress
from functools import cache, partial

from graphql_api.callers.account_lookup import end_account, verified_address
from graphql_api.callers.credentials import credentials_from
from graphql_api.callers.own_issuer import OwnIssuer
from graphql_api.callers.token_keys import remote_token_keys
from graphql_api.clock import Clock, utc_now
from graphql_api.configuration.settings import OWN_CLIENT, Settings
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.authenticated_tables import SIGN_IN_TABLES
from graphql_api.identity_provider.adopting import adopt
from graphql_api.identity_provider.migrating import is_provider_current, migrate_provider
from graphql_api.identity_provider.signing_keys import ensure_key
from graphql_api.identity_provider.validity import read_validity
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.cleanup import LONGEST_OPERATION_SECONDS
from graphql_api.storage.former_content.carrying_over import carry_over
from graphql_api.storage.keys.authenticated_rows import TABLES, NeverSignedError, sign_all
from graphql_api.storage.keys.encryption import DecryptionError, new_key
from graphql_api.storage.keys.known_heads import KnownHeads
from graphql_api.storage.keys.marking import check_before_migrating, mark_stores
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import (
    PRINT_TOKENS,
    KeptServiceKeys,
    find_service_key,
    keep_service_key,
)
from graphql_api.storage.keys.store_checks import check_stores
from graphql_api.storage.keys.store_marks import check_master_key_of
from graphql_api.storage.migrating import is_current, locked, migrate
from graphql_api.storage.operation import no_address, to_microseconds
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.sweeping.sweep import sweep
from graphql_api.web.http.cookies import session_cookie

_log = logging.getLogger(__name__)
_SIGNED = (*TABLES, *SIGN_IN_TABLES)
ROW_KEYS = tuple(dict.fromkeys(one.key for one in _SIGNED))


def build_service(settings: Settings, clock: Clock = utc_now) -> Service:
    """Build the service that the settings describe. It connects to nothing yet."""
    store = Store(settings.database_url, pooled=settings.pooled)
    own = settings.issues_tokens
    keys = (
        OwnIssuer(partial(read_validity, store), OWN_CLIENT, clock)
        if own
        else remote_token_keys(settings.token_issuer, clock)
    )
    key_store = Store(
        settings.key_store_url, journal="delete", name="key store", pooled=settings.pooled
    )
    master_key = MasterKeys(settings.master_key, settings.previous_master_key)
    service_keys = KeptServiceKeys(key_store, master_key)
    store.row_key = cache(partial(_row_key, key_store, master_key))
    return Service(
        store=store,
        key_store=key_store,
        master_key=master_key,
        service_keys=service_keys,
        credentials=credentials_from(settings, keys, service_keys, clock),
        clock=clock,
        cookie=session_cookie(settings.public_url),
        end_account=end_account,
        address_of=verified_address if own else no_address,
        public_url=settings.public_url,
        data_backup_days=settings.data_backup_days,
        heads=KnownHeads(key_store, LONGEST_OPERATION_SECONDS),
    )


def migrate_stores(service: Service) -> list[str]:
    """Migrate and mark the stores, make a first signing key; return the names of the migrations.

    Raises `StoreMismatchError` before anything is written, `StoreUnavailableError`, and
    `CarryingOverError` once all other booklets are in sections.
    """
    stores = (service.store, service.key_store)
    check_before_migrating(*stores, service.master_key)
    applied = [*migrate(*stores), *migrate_provider(service.store)]
    try:
        with locked(service.store):
            mark_stores(*stores, service.master_key, partial(_adopt, service))
            _sign_rows(service)
            carry_over(service.store, partial(service.operation, Anonymous()))
    finally:
        service.store.disconnect()
    with service.store.writing():
        ensure_key(service.store, service.service_keys, to_microseconds(service.clock()))
    return applied


def _adopt(service: Service) -> None:
    adopt(
        AccountContext(
            store=service.store,
            key_store=service.key_store,
            master_key=service.master_key,
            service_keys=service.service_keys,
            public_url=service.public_url,
            now=to_microseconds(service.clock()),
        )
    )


def recover_and_clean_up(service: Service) -> None:
    """Finish the closings that a crash interrupted, and delete what has expired.

    The keys of the service are read, so that no request waits for them. Where the stores are not
    ready, the log says so and nothing is done.
    """
    if not is_ready(service):
        _log.warning(
            "not ready: `livret status` says why, `livret migrate` makes the stores, or renews them",
            extra={"event": "not-ready"},
        )
        return
    service.service_keys(PRINT_TOKENS)
    for name in ROW_KEYS:
        service.store.row_key(name)
    sweep(service)


def is_ready(service: Service) -> bool:
    """Whether both stores answer, belong together and no migration is pending.

    Raises `StoreMismatchError` when they do not belong together, or the master key is another.
    """
    stores = (service.store, service.key_store)
    try:
        return (
            check_stores(*stores, service.master_key)
            and is_current(*stores)
            and is_provider_current(service.store)
        )
    except StoreUnavailableError:
        return False


def check_before_serving(settings: Settings) -> None:
    """Raise `StoreMismatchError` when the stores that the settings name do not belong together.

    A database that does not answer yet is no reason not to start: `/readyz` says so.
    """
    service = build_service(settings)
    try:
        with suppress(StoreUnavailableError):
            check_stores(service.store, service.key_store, service.master_key)
    finally:
        service.close()


def _row_key(key_store: Store, master_key: MasterKeys, name: str) -> bytes:
    try:
        key = find_service_key(key_store, master_key, name)
    except DecryptionError as error:
        check_master_key_of(key_store, master_key)
        raise StoreUnavailableError("the key of rows that give rights is damaged") from error
    if key is None:
        raise NeverSignedError(f"the {name} were never signed: migrate")
    return key


def _sign_rows(service: Service) -> None:
    """Sign the rows that were there before their tables were signed, once: while there is no key.

    The key is kept last, so that what a crash interrupts is begun anew with another.
    """
    key_store, master_key = service.key_store, service.master_key
    kept = service.store.row_key
    for name in ROW_KEYS:
        if find_service_key(key_store, master_key, name) is None:
            key = new_key()
            service.store.row_key = partial(_same_key, key)
            sign_all(service.store, [one for one in _SIGNED if one.key == name])
            keep_service_key(key_store, master_key, name, key)
    service.store.row_key = kept


def _same_key(key: bytes, _name: str) -> bytes:
    return key
