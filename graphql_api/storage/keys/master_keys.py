"""The master key that wraps all other keys, and the one before it while they are wrapped anew.

A wrapped key tells by an id which master key wrapped it. New keys are wrapped under the one that the
mark of the key store names, so that every process writes what every other can read.
"""

from graphql_api.storage.keys import encryption
from graphql_api.storage.keys.encryption import KEY_ID_LENGTH, DecryptionError, key_id


class MasterKeys:
    """The master keys that a process was given.

    `are_checked` says that this process has found its stores to belong together, and to these keys.
    """

    def __init__(self, current: bytes, previous: bytes | None = None) -> None:
        self.current_id = key_id(current)
        self._keys = {self.current_id: current}
        if previous is not None:
            self._keys.setdefault(key_id(previous), previous)
        self._wrapping = self.current_id
        self.are_checked = False

    @property
    def previous_id(self) -> bytes | None:
        """The id of the previous master key; None when there is none."""
        return next((one for one in self._keys if one != self.current_id), None)

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt a key of that name, under the master key that the mark named last."""
        return encryption.wrap(self._keys[self._wrapping], name, key)

    def wrap_under_current(self, name: str, key: bytes) -> bytes:
        """Encrypt a key of that name under the current master key, whatever the mark names."""
        return encryption.wrap(self._keys[self.current_id], name, key)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Decrypt a wrapped key. Raises `DecryptionError`."""
        master = self._keys.get(wrapped[:KEY_ID_LENGTH])
        if master is None:
            raise DecryptionError(f"key {name}: another master key")
        return encryption.unwrap_without_id(master, name, wrapped[KEY_ID_LENGTH:])

    def unwrap_without_id(self, name: str, wrapped: bytes) -> bytes:
        """Decrypt a key that was wrapped before keys told their master key, by the current one.

        Raises `DecryptionError`.
        """
        return encryption.unwrap_without_id(self._keys[self.current_id], name, wrapped)

    def follow(self, sealed: bytes) -> bool:
        """Wrap from now on under the master key that sealed a mark; False when it is unknown."""
        if (named := sealed[:KEY_ID_LENGTH]) not in self._keys:
            return False
        self._wrapping = named
        return True
