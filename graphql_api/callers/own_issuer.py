"""Whether the embedded issuer still stands by a token: its key is published, its client registered.

What a process knows of both is a second old at most: a key or a client that was withdrawn is refused
within a second in every process. Without the database nothing is accepted, as nothing else is answered.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from joserfc.jwk import KeySet

from graphql_api.clock import Clock
from graphql_api.engine.workers import UnavailableError
from graphql_api.identity_provider.validity import Validity

LIFETIME = timedelta(seconds=1)
_ANY_KEY = ""  # no client has this id


class OwnIssuer:
    """The issuer's keys and clients; `own_client` is always registered.

    `read` gets what was read last, if anything was. It may raise `UnavailableError`.
    """

    def __init__(
        self, read: Callable[[Validity | None], Validity], own_client: str, clock: Clock
    ) -> None:
        self._read = read
        self._own_client = own_client
        self._clock = clock
        self._lock = Lock()
        self._known: tuple[Validity, datetime] | None = None
        self._missed: dict[str, datetime] = {}
        self._failures = 0

    def with_key_id(self, kid: object) -> KeySet:
        """The published keys, read again if none has the id `kid`. Raises `UnavailableError`.

        Ids that somebody makes up have them read once a second in all (RFC 8725 says to expect them).
        """
        return self._validity(_ANY_KEY, lambda known: kid in known.key_ids).keys

    def is_registered(self, client: object) -> bool:
        """Whether there is such a client now. Raises `UnavailableError`.

        It is looked for again, once a second, if it is not known: ask of tokens that the issuer signed.
        """
        if client == self._own_client:
            return True
        if not isinstance(client, str):
            return False
        return client in self._validity(client, lambda known: client in known.clients).clients

    def _validity(self, name: str, has: Callable[[Validity], bool]) -> Validity:
        """What is known now, read again once a second under that name where `has` finds it lacking."""
        failures = self._failures
        if (known := self._known_now(name, has)) is not None:
            return known
        with self._lock:
            if self._failures != failures:
                raise UnavailableError("the reading that this one waited for has failed")
            if (known := self._known_now(name, has)) is not None:
                return known
            return self._read_again(name, has)

    def _known_now(self, name: str, has: Callable[[Validity], bool]) -> Validity | None:
        if self._known is None:
            return None
        known, read_at = self._known
        if not self._is_recent(read_at):
            return None
        return known if has(known) or self._is_recent(self._missed.get(name)) else None

    def _read_again(self, name: str, has: Callable[[Validity], bool]) -> Validity:
        begun = self._clock()
        try:
            known = self._read(self._known[0] if self._known else None)
        except UnavailableError:
            self._failures += 1
            raise
        self._known = known, begun
        missed = {one: at for one, at in self._missed.items() if self._is_recent(at)}
        self._missed = missed if has(known) else missed | {name: begun}
        return known

    def _is_recent(self, instant: datetime | None) -> bool:
        """Whether that was less than a second ago; a clock that was set back does not tell."""
        return instant is not None and timedelta() <= self._clock() - instant < LIFETIME
