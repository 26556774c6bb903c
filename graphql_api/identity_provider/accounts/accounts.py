"""Accounts: creating, finding, updating and deleting them.

What is personal is sealed with a key of the account's own, which lives in the key store: once it
is destroyed, no backup of the data tells whose account that was. An address leads to an account
only while the account has proven it; two accounts never have the same.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from peewee import IntegrityError

from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.authenticated_tables import ACCOUNT_ROWS
from graphql_api.identity_provider.accounts.tables import (
    AccountKeyTable,
    AccountSessionTable,
    AccountTable,
    EmailTokenTable,
    LoginMethodTable,
    RegistrationTable,
)
from graphql_api.identity_provider.tables import (
    GrantTable,
    OAuthCodeTable,
    RefreshTokenTable,
)
from graphql_api.storage.closings import ACCOUNT, record_closing
from graphql_api.storage.erasing import marking_key_destroyed
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer, new_key
from graphql_api.storage.keys.store_checks import require_checked
from graphql_api.storage.keys.store_marks import check_master_key_of
from graphql_api.storage.keys.wrapped_keys import insert_wrapped
from graphql_api.storage.tombstones import bury
from graphql_api.web.email_addresses import normalize, normalize_by_idna_2003

# Models have no types of their own.
_TABLES_OF_AN_ACCOUNT: tuple[Any, ...] = (LoginMethodTable, AccountSessionTable, EmailTokenTable)
_KEY = (
    AccountKeyTable.select(AccountKeyTable.wrapped).where(AccountKeyTable.account == "id").tuples()
)
_COLUMNS = (
    AccountTable.version,
    AccountTable.updated_at,
    AccountTable.sealed,
    *ACCOUNT_ROWS.columns,
)

_log = logging.getLogger(__name__)


class EmailTakenError(Exception):
    """Another account has proven that this address is its own."""


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """The details of a person: names, address, the hash of the password if there is one.

    What a provider did not tell is empty.
    """

    family_name: str
    given_name: str
    email: str
    civility: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account as it stands; `proven` says whether its address was proven to be its own.

    Nobody signs in to it since `disabled_at`, if it is set.
    """

    id: str
    details: AccountDetails
    proven: bool
    version: int
    updated_at: int
    created_at: int
    disabled_at: int | None = None
    mac: bytes | None = None


def create(context: AccountContext, details: AccountDetails, *, activated: bool) -> str:
    """Create an account and return its id; `activated` says that its address is proven.

    Raises `EmailTakenError` when another account has proven the address.
    """
    require_checked(context.store, context.key_store, context.master_key)
    account, key = str(uuid.uuid4()), new_key()
    insert_wrapped(
        context.key_store,
        context.master_key,
        _key_name(account),
        key,
        lambda wrapped: AccountKeyTable.insert(
            account=account, created_at=context.now, wrapped=wrapped
        ),
    )
    row = {
        "id": account,
        "mark": context.email_index(details.email) if activated else None,
        "version": 1,
        "created_at": context.now,
        "updated_at": context.now,
        "sealed": _sealer(account, key).seal(_seal_context(account, 1), asdict(details)),
    }
    _run_unique(context, AccountTable.insert(ACCOUNT_ROWS.signed(context.store, row)))
    return account


def find(context: AccountContext, account: str) -> AccountRecord | None:
    """The account of that id; None when there is none, or its key was destroyed."""
    return _find_where(context, AccountTable.id == account)


def find_unsigned(context: AccountContext, account: str) -> AccountRecord | None:
    """The same before accounts are signed: only for the start that signs them."""
    return _find_where(context, AccountTable.id == account, signed=False)


def find_by_email(context: AccountContext, email: str) -> AccountRecord | None:
    """The account that has proven that address to be its own.

    An account that was made when domains were written by IDNA 2003 is still found by its address.
    """
    record = _find_where(context, AccountTable.mark == context.email_index(email))
    former = normalize_by_idna_2003(email)
    if record is None and former is not None and former != normalize(email):
        return _find_where(context, AccountTable.mark == context.email_index(former))
    return record


def update(
    context: AccountContext,
    record: AccountRecord,
    details: AccountDetails,
    *,
    proven: bool | None = None,
) -> bool:
    """Update the details of an account; False when it has changed since it was read.

    `proven` says whether a new address was proven; left out, the address is the same as before.
    Raises `EmailTakenError`.
    """
    sealer = sealer_of(context, record.id)
    if sealer is None:
        return False
    version = record.version + 1
    proven = record.proven if proven is None else proven
    row = {
        "id": record.id,
        "mark": context.email_index(details.email) if proven else None,
        "version": version,
        "created_at": record.created_at,
        "disabled_at": record.disabled_at,
        "updated_at": context.now,
        "sealed": sealer.seal(_seal_context(record.id, version), asdict(details)),
    }
    unchanged = (AccountTable.version == record.version) & (AccountTable.mac == record.mac)
    change = AccountTable.update(ACCOUNT_ROWS.signed(context.store, row))
    return _run_unique(context, change.where(AccountTable.id == record.id, unchanged)) == 1


def set_disabled(context: AccountContext, account: str, disabled_at: int | None) -> bool:
    """Disable an account as of a time, or enable it with None; False when that changes nothing."""
    was_so = AccountTable.disabled_at.is_null(disabled_at is None)
    known = AccountTable.id == account
    return ACCOUNT_ROWS.update(context.store, known & ~was_so, disabled_at=disabled_at) == 1


def is_disabled(context: AccountContext, account: str) -> bool:
    """Whether an account is disabled; one that is not authentic is."""
    columns = (AccountTable.disabled_at, *ACCOUNT_ROWS.columns)
    query = AccountTable.select(*columns).where(AccountTable.id == account)
    row = context.store.row(query.tuples())
    if row is None:
        return False
    return row[0] is not None or not ACCOUNT_ROWS.is_genuine(context.store, row[1:])


def claims(context: AccountContext, account: str) -> Mapping[str, object] | None:
    """The claims about an account, by the names of OpenID Connect (Core, section 5.1)."""
    record = find(context, account)
    if record is None:
        return None
    details = record.details
    told = {
        "email": details.email,
        "name": f"{details.given_name} {details.family_name}".strip(),
        "given_name": details.given_name,
        "family_name": details.family_name,
    }
    return {
        "sub": account,
        **{name: text for name, text in told.items() if text},
        "email_verified": record.proven,
        "locale": "fr-FR",
        "updated_at": record.updated_at // SECOND,
    }


def with_password(details: AccountDetails, hashed: str) -> AccountDetails:
    """The same details with another password."""
    return replace(details, password=hashed)


def delete(context: AccountContext, account: str) -> None:
    """Delete everything of an account, in the caller's write transaction.

    Its key is destroyed in `context.after_commit`, which must follow the commit of the data; call
    it after what prepares other destructions there. Queued e-mails are sent, or deleted within a
    day. A crash between the two commits leaves a key and a tombstone in the data, by which
    `finish_interrupted_closings` destroys it.
    """
    row = context.store.row(
        AccountTable.select(AccountTable.mark).where(AccountTable.id == account).tuples()
    )
    if row is not None:
        context.store.write(RegistrationTable.delete().where(RegistrationTable.mark == row[0]))
    context.store.write(AccountTable.delete().where(AccountTable.id == account))
    for table in _TABLES_OF_AN_ACCOUNT:
        context.store.write(table.delete().where(table.account == account))
    secrets: tuple[Any, ...] = (OAuthCodeTable, RefreshTokenTable)
    granted = GrantTable.select(GrantTable.id).where(GrantTable.subject == account)
    for table in secrets:
        context.store.write(table.delete().where(table.grant.in_(granted)))
    context.store.write(GrantTable.delete().where(GrantTable.subject == account))
    context.signed_out(context, account)
    if row is None:
        return
    bury(context.store, account, context.now)
    context.after_commit.enter_context(marking_key_destroyed(context.store, account))
    context.after_commit.enter_context(context.key_store.writing())
    context.key_store.write(AccountKeyTable.delete().where(AccountKeyTable.account == account))
    record_closing(context.key_store, ACCOUNT, account, context.now)
    context.key_store.take_room()


def sealer_of(context: AccountContext, account: str) -> Sealer | None:
    """The sealer of an account; None once its key was destroyed.

    Raises `DecryptionError` for a damaged key, and `StoreMismatchError` under a master key that this
    process does not know.
    """
    rows = context.key_store.look_up("account key", _KEY, account)
    if not rows:
        return None
    try:
        key = context.master_key.unwrap(_key_name(account), rows[0][0])
    except DecryptionError:
        check_master_key_of(context.key_store, context.master_key)
        raise
    return _sealer(account, key)


def _find_where(
    context: AccountContext, which: object, *, signed: bool = True
) -> AccountRecord | None:
    row = context.store.row(AccountTable.select(*_COLUMNS).where(which).tuples())
    if row is None or (signed and not ACCOUNT_ROWS.is_genuine(context.store, row[3:])):
        return None
    version, updated_at, sealed, account, mark, created_at, disabled_at, mac = row
    try:
        sealer = sealer_of(context, account)
        if sealer is None:
            return None
        details = AccountDetails(**sealer.open(_seal_context(account, version), sealed))
    except (DecryptionError, TypeError):  # nobody signs in to it, and nothing overwrites it
        _log.error("damaged: the account %s", account, extra={"event": "damaged"})
        return None
    proven = mark is not None
    mac = None if mac is None else bytes(mac)
    return AccountRecord(
        account, details, proven, version, updated_at, created_at, disabled_at, mac
    )


def _run_unique(context: AccountContext, query: object) -> int:
    """Run a statement; `EmailTakenError` when it gives an address to a second account."""
    try:
        with context.store.savepoint():
            return context.store.run(query)
    except IntegrityError:
        raise EmailTakenError from None


def _sealer(account: str, key: bytes) -> Sealer:
    return Sealer(_key_name(account), key)


def _key_name(account: str) -> str:
    """The name of an account's key, which no booklet has."""
    return f"account|{account}"


def _seal_context(account: str, version: int) -> SealContext:
    return SealContext("idp_account", account, version)
