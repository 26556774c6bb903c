"""What every operation needs: the two stores, the master key, the credentials, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from graphql_api.callers import access_log
from graphql_api.callers.credentials import Credentials
from graphql_api.callers.request_context import RequestContext
from graphql_api.clock import Clock, utc_now
from graphql_api.storage.actors import Actor
from graphql_api.storage.keys.known_heads import KnownHeads
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.storage.operation import (
    Operation,
    no_account_to_end,
    no_address,
    no_heads,
    no_prints,
)
from graphql_api.storage.store import Store
from graphql_api.web.http.client_address import counted_address
from graphql_api.web.http.cookies import SESSION_COOKIE, HostCookie
from schema.dossiers.printable import Printable, bundled_printable


@dataclass(frozen=True, slots=True)
class Service:
    """What every operation needs; `cookie` carries the sessions of browsers.

    `data_backup_days` is for how long backups of the data are kept.

    `end_account` deletes the account behind a subject of the embedded issuer; `address_of` finds
    the verified address of a person's account there. `printable` is what the fonts of PDFs draw.
    `heads` has the key store told of what is written.
    """

    store: Store
    key_store: Store
    master_key: MasterKeys
    service_keys: ServiceKeys
    credentials: Credentials
    clock: Clock = utc_now
    cookie: HostCookie = SESSION_COOKIE
    end_account: Callable[[Operation, str], None] = no_account_to_end
    address_of: Callable[[Operation, str], str | None] = no_address
    public_url: str = ""
    prints_under_way: Callable[[], int] = no_prints
    data_backup_days: int = 365
    printable: Printable = field(default_factory=bundled_printable)
    heads: KnownHeads | None = None

    def request_context(self, connection: HTTPConnection) -> RequestContext:
        """The context of a request that begins now. Call it in a thread of the workers.

        Raises `InvalidTokenError` for an Authorization header that is not accepted, even if there
        is a cookie.
        """
        authorization = connection.headers.get("authorization")
        op = self.operation(self.credentials.actor(authorization))
        op.address = counted_address(connection)
        secret = self.cookie.read(connection) if authorization is None else None
        return RequestContext(op, self.cookie, secret)

    def close(self) -> None:
        """Close the connections of all threads, once none works any more."""
        self.store.close()
        self.key_store.close()

    def finish(self, context: RequestContext) -> None:
        """Record the accesses that the operation did not record itself, before its answer leaves."""
        if context.op.accesses:
            with self.store.writing():
                access_log.flush(context.op)
        context.finish()

    def operation(self, actor: Actor) -> Operation:
        """Make an operation of this actor that begins now."""
        return Operation(
            store=self.store,
            key_store=self.key_store,
            master_key=self.master_key,
            service_keys=self.service_keys,
            actor=actor,
            now=self.clock(),
            end_account=self.end_account,
            address_of=self.address_of,
            public_url=self.public_url,
            identity_issuer=self.credentials.identity_issuer,
            prints_under_way=self.prints_under_way,
            printable=self.printable,
            note_head=self.heads.note if self.heads is not None else no_heads,
        )
