"""What hung on the master key before there were service keys: changed over when stores get their mark.

It may be interrupted anywhere and done again.
"""

from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.tables import AccountTable
from graphql_api.identity_provider.signing_keys import key_name
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.storage.keys.encryption import DecryptionError, unwrap, wrap
from graphql_api.storage.keys.service_keys import SIGNING_KEYS


def adopt(context: AccountContext) -> None:
    """Wrap the signing keys under their service key, and mark proven addresses by theirs.

    Call it before anybody is served. What is damaged stays as it is.
    """
    with context.store.writing():
        _wrap_signing_keys(context)
        _mark_addresses(context)


def _wrap_signing_keys(context: AccountContext) -> None:
    secret = context.service_keys(SIGNING_KEYS)
    query = SigningKeyTable.select(SigningKeyTable.kid, SigningKeyTable.wrapped).where(
        SigningKeyTable.wrapped.is_null(False)
    )
    for kid, wrapped in context.store.rows(query.tuples()):
        try:
            unwrap(secret, key_name(kid), bytes(wrapped))
        except DecryptionError:
            try:
                key = context.master_key.unwrap_without_id(key_name(kid), bytes(wrapped))
            except DecryptionError:
                continue
            anew = wrap(secret, key_name(kid), key)
            change = SigningKeyTable.update(wrapped=anew).where(SigningKeyTable.kid == kid)
            context.store.run(change)


def _mark_addresses(context: AccountContext) -> None:
    proven = AccountTable.select(AccountTable.id).where(AccountTable.mark.is_null(False))
    for (account,) in context.store.rows(proven.tuples()):
        try:
            record = accounts.find_unsigned(context, account)
        except DecryptionError:
            continue
        if record is not None:
            mark = context.email_index(record.details.email)
            change = AccountTable.update(mark=mark).where(AccountTable.id == account)
            context.store.run(change)
