"""The keys with which tests build parts of the service that no key store stands behind."""

import hmac

from graphql_api.storage.keys.master_keys import MasterKeys

MASTER_KEY = bytes(range(32))


def master_keys(key: bytes = MASTER_KEY) -> MasterKeys:
    """The master keys of a process that knows one, whose stores have no marks to be checked."""
    made = MasterKeys(key)
    made.are_checked = True
    return made


def service_keys(name: str) -> bytes:
    """The service key of a name."""
    return hmac.digest(MASTER_KEY, name.encode(), "sha256")


def other_service_keys(name: str) -> bytes:
    """The service key of that name in another service."""
    return hmac.digest(bytes(32), name.encode(), "sha256")
