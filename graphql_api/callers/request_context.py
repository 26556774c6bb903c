"""The context of a request: its operation, and the session of its browser, if it has one.

With an Authorization header, a cookie does not count. A session is looked up in the transaction of
the operation, so that nothing is done under a session that has ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from graphql_api.callers import sessions
from graphql_api.callers.sessions import BrowserSession
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.people import lock_caller
from graphql_api.storage.store import StoreUnavailableError
from graphql_api.web.http.cookies import HostCookie, is_secret

SESSION_SECONDS = "x-session-seconds"


@dataclass(slots=True)
class RequestContext:
    """A request: its operation, and the session secret that its cookie carries, if a cookie counts.

    Until a transaction has begun, the actor of a request by cookie is anonymous. `session_expired`
    says that the secret was looked up, and belongs to no session.
    """

    op: Operation
    cookie: HostCookie
    secret: str | None = None
    session: BrowserSession | None = None
    session_expired: bool = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One read transaction, in which the actor is known."""
        with self.op.store.reading():
            if self.secret is not None:
                self._identify_actor(sessions.find_with_booklet)
            try:
                yield
            finally:
                self.op.lists.forget()
                if self.secret is not None:  # another transaction may find another
                    self.op.person = self.op.own_row = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, in which the actor is known; the person who calls is locked in it.

        Their writes follow one another by that.
        """
        with self.op.store.writing():
            if self.secret is None:
                lock_caller(self.op)
            else:
                self._identify_actor(sessions.find_and_lock)
            yield

    def authenticate(self) -> None:
        """Look up the session, so that the actor is known before anything is done."""
        if self.secret is not None:
            with self.reading():
                pass

    def finish(self) -> None:
        """After the operation, write that the session was used, at most once a minute.

        A failure to write that, such as a full disk, does not fail the request.
        """
        store, now = self.op.store, self.op.now
        if self.session is None or not sessions.needs_touch(self.session, now):
            return
        with suppress(StoreUnavailableError), store.writing():
            sessions.touch(store, self.session, now)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer: they delete a cookie that belongs to no session.

        A live one is said to end in so many seconds, unless it is used again meanwhile.
        """
        if self.session_expired:
            return dict([self.cookie.delete_header()])
        if self.session is None:
            return {}
        return {SESSION_SECONDS: str(self.session.seconds_left(self.op.now))}

    def _identify_actor(self, find: Callable[[Operation, str], BrowserSession | None]) -> None:
        if self.secret is not None and is_secret(self.secret):
            self.session = find(self.op, digest(self.secret))
        self.session_expired = self.session is None
        self.op.actor = self.session.agent if self.session else Anonymous()
