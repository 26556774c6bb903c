"""Who calls: the bearer of a token, the browser of a session, or nobody in particular.

An Authorization header decides alone: with it, a cookie is as if it were not there. A session is
looked up in the transaction of the operation, so that nothing is done under one that has ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from graphql_api.callers import sessions
from graphql_api.callers.sessions import Session
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.store import StoreUnavailable
from graphql_api.web.cookies import SessionCookie, is_secret


@dataclass(slots=True)
class Call:
    """A request: its operation, and what came as the secret of a session, if a cookie counts.

    Until a transaction has begun, the actor of a call by cookie is nobody. `is_over` says that the
    secret was looked up, and is of no session.
    """

    op: Operation
    cookie: SessionCookie
    secret: str | None = None
    session: Session | None = None
    is_over: bool = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot for several reads, in which the actor is known."""
        with self.op.store.reading():
            self._recognise()
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, in which the actor is known."""
        with self.op.store.writing():
            self._recognise()
            yield

    def look(self) -> None:
        """Have the actor known before anything is done; without a cookie, it is known already."""
        if self.secret is not None:
            with self.reading():
                pass

    def settle(self) -> None:
        """After the operation, write that the session was seen, when it is time to.

        What keeps that from being written, such as a full disk, keeps nobody from reading.
        """
        store, now = self.op.store, self.op.now
        if self.session is None or not sessions.is_to_be_seen(self.session, now):
            return
        with suppress(StoreUnavailable), store.writing():
            sessions.see(store, self.session, now)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer tells the browser: to forget a secret that is of no session."""
        return {"set-cookie": self.cookie.gone()} if self.is_over else {}

    def _recognise(self) -> None:
        if self.secret is None:
            return
        if is_secret(self.secret):
            self.session = sessions.find(self.op.store, digest(self.secret), self.op.now)
        self.is_over = self.session is None
        self.op.actor = self.session.agent if self.session else Anonymous()
