"""How connections are served: uvicorn's HTTP/1.1, with the bounds that it does not have.

uvicorn with httptools bounds neither the headers of a request nor the time that it takes to come,
nor the time that its answer takes to be read, nor connections (decision 0059 says what other servers
bound). Here each wait of a connection has a timer, and each size a limit.

It also serves a request that offers an upgrade. Java's HttpClient and others offer HTTP/2 with every
request over plain HTTP (`Upgrade: h2c`). A server may ignore that (RFC 9110, section 7.8); httptools
takes the body for the other protocol.
"""

import asyncio
import math
import socket
import struct
from asyncio import TimerHandle
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from graphql_api.web.http.connection_limits import (
    MAX_HEAD_BYTES,
    MAX_HEADERS,
    MAX_TARGET_BYTES,
    MIN_BYTES_PER_SECOND,
    WRITE_SECONDS,
    ConnectionLimits,
    OpenConnections,
)
from graphql_api.web.http.refusal_lines import NOT_READ

_JOINED_BYTES = 65_536  # above that, a copy costs more than a second writing
_AT_ONCE = struct.pack("ii", 1, 0)  # closing discards what is still to be sent (SO_LINGER)


class _Awaited(Enum):
    """The part of a request that comes next."""

    HEAD = auto()
    REST_OF_HEAD = auto()
    BODY = auto()


class _TooLargeError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class _AnswerTransport:
    """The transport of one answer: its head waits for the beginning of its body, to go with it.

    uvicorn writes them apart, and each writing is a call to the system, and wakes the client. ASGI
    has the head wait anyway.
    """

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle) -> None:
        self._transport = transport
        self._cycle: RequestResponseCycle | None = cycle
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write what follows the head with it, and anything else at once (« 100 Continue »)."""
        if self._cycle is not None and self._cycle.response_started:
            self._head = data
            self._cycle = None  # which has this transport: the request would stay for long
            return
        if self._head is not None:
            head, self._head = self._head, None
            if len(data) <= _JOINED_BYTES:
                data = head + data
            else:
                self._transport.write(head)
        self._transport.write(data)

    def finish(self) -> None:
        """Write a head that has no body."""
        if self._head is not None:
            self.write(b"")

    def close(self) -> None:
        """Close the connection once all was written."""
        self.finish()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection ends."""
        return self._transport.is_closing()


class HttpProtocol(HttpToolsProtocol):
    """One connection. A request with an Upgrade header is served without it. No WebSockets."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        open_connections: OpenConnections | None = None,
    ) -> None:
        """`open_connections` counts those of all protocols of a server."""
        super().__init__(config, server_state, app_state, _loop)
        self._open = open_connections or OpenConnections(ConnectionLimits())
        self._limits = self._open.limits
        self._awaited = _Awaited.HEAD
        self._piece_bytes = self._head_bytes = self._header_bytes = self._header_count = 0
        self._body_bytes = 0
        self._body_began = 0.0
        self._read_timer: TimerHandle | None = None
        self._write_timer: TimerHandle | None = None
        self._unsent: float = 0

    # --- the beginning and the end of a connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Wait for a request, or refuse the connection when its client or the service has too many."""
        super().connection_made(transport)
        allowed = self._open.enter(self._host)
        if not allowed:
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)
        elif len(self.connections) > self._limits.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._start_reading_timer(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what the connection held."""
        self._open.leave(self._host)
        self._stop_reading_timer()
        self._unset_keepalive_if_required()
        if self._write_timer is not None:
            self._write_timer.cancel()
        super().connection_lost(exc)

    def cut(self) -> None:
        """End the connection at once, whatever it waits for, and forget what it did not read."""
        self._disconnect()
        connected = self.transport.get_extra_info("socket")
        if connected is not None and connected.fileno() >= 0:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    @property
    def is_new(self) -> bool:
        """Whether nothing has come on it yet."""
        return self._piece_bytes == 0

    @property
    def _host(self) -> str:
        return self.client[0] if self.client else ""

    # --- what a client sends

    def data_received(self, data: bytes) -> None:
        """Read what a client sent; a request that offers an upgrade is read again without it."""
        self._unset_keepalive_if_required()
        self._piece_bytes = len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            kept = [pair for pair in self.headers if pair[0] != b"upgrade"]
            if len(kept) == len(self.headers):  # CONNECT, which is for proxies
                self._refuse(HTTPStatus.BAD_REQUEST)
                return
            head = [self.parser.get_method(), b" ", self.url, b" HTTP/1.1\r\n"]
            for name, value in kept:
                head += [name, b": ", value, b"\r\n"]
            self.parser = self._new_parser()
            self.data_received(b"".join((*head, b"\r\n", data[upgrade.args[0] :])))
        except httptools.HttpParserError as error:
            why = error.__context__
            self._refuse(why.status if isinstance(why, _TooLargeError) else HTTPStatus.BAD_REQUEST)
        else:
            self._wait_for_the_rest()

    def on_message_begin(self) -> None:
        """Begin to count the head of a request."""
        super().on_message_begin()
        self._awaited = _Awaited.REST_OF_HEAD
        self._head_bytes = -self._piece_bytes  # a piece may begin with the end of another request
        self._header_bytes = self._header_count = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the target, within its bound."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET_BYTES:
            raise _TooLargeError(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, within the bounds; what follows a body (trailers) is counted and dropped."""
        self._header_count += 1
        self._header_bytes += len(name) + len(value)
        if self._header_count > MAX_HEADERS or self._header_bytes > MAX_HEAD_BYTES:
            raise _TooLargeError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._awaited is not _Awaited.BODY:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to serve the request, unless it will be read again."""
        self._stop_reading_timer()
        self._awaited = _Awaited.BODY
        self._body_bytes, self._body_began = 0, self.loop.time()
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        self._body_bytes += len(body)
        if not self.parser.should_upgrade():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body."""
        self._stop_reading_timer()
        self._awaited = _Awaited.HEAD
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _new_parser(self) -> Any:
        parser = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        return parser

    # --- how long it takes

    def _wait_for_the_rest(self) -> None:
        """Bound the time until the rest of a request comes. A whole request costs no timer."""
        if self._awaited is _Awaited.BODY:
            seconds = self._limits.body_seconds
        elif self._awaited is _Awaited.REST_OF_HEAD:
            self._head_bytes += self._piece_bytes
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return
            seconds = self._limits.head_seconds
        elif self._is_answering:
            return
        else:  # blank lines, which may come before a request
            seconds = self._limits.head_seconds
        if self._read_timer is None:
            self._start_reading_timer(seconds)

    def _start_reading_timer(self, seconds: float) -> None:
        self._read_timer = self.loop.call_later(seconds, self._on_reading_timeout)

    def _stop_reading_timer(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None

    def _on_reading_timeout(self) -> None:
        self._read_timer = None
        if self.transport.is_closing():
            return
        left = self._seconds_left()
        if left > 0:
            self._start_reading_timer(left)
        elif self._awaited is _Awaited.HEAD:
            self._close()  # browsers open connections that they may need
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _seconds_left(self) -> float:
        """The seconds that a client still has; some where the service makes it wait."""
        if self.flow.read_paused or (self._awaited is not _Awaited.BODY and self._is_answering):
            return 1
        if self._awaited is not _Awaited.BODY:
            return 0
        allowed = max(self._limits.body_seconds, self._body_bytes / MIN_BYTES_PER_SECOND)
        return math.ceil(self._body_began + allowed - self.loop.time())

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # --- how it ends

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answer = _AnswerTransport(self.transport, cycle)
        cycle.transport = self._answer  # type: ignore[assignment]  # as much of one as it uses
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the client to read the answer."""
        self._answer.finish()
        super().on_response_complete()
        self._watch_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no request came for long."""
        if not self.transport.is_closing():
            self._close()

    def pause_writing(self) -> None:
        """Watch that a client reads what it asked for."""
        super().pause_writing()
        self._watch_writing()

    def resume_writing(self) -> None:
        """Go on writing, since the client reads."""
        super().resume_writing()
        self._unsent = math.inf

    def _watch_writing(self) -> None:
        if self._write_timer is None and self.transport.get_write_buffer_size():
            self._unsent = self.transport.get_write_buffer_size()
            self._write_timer = self.loop.call_later(WRITE_SECONDS, self._check_writing)

    def _check_writing(self) -> None:
        self._write_timer = None
        if self._unsent - self.transport.get_write_buffer_size() >= (
            min(self._unsent, WRITE_SECONDS * MIN_BYTES_PER_SECOND)
        ):
            self._watch_writing()
        else:
            self._open.refusals.note(self.loop, NOT_READ)
            self.cut()

    def _refuse(self, status: HTTPStatus) -> None:
        """Refuse what comes, in a few words unless an answer has begun, and close."""
        id = self._open.refusals.note(self.loop, status.value).encode()
        if self._awaited is _Awaited.BODY:
            has_begun = self.cycle.response_started or bool(self.pipeline)
        else:
            has_begun = self._is_answering
        self._disconnect()
        if not has_begun and not self.transport.is_closing():
            phrase = status.phrase.encode()
            retry = b"retry-after: 5\r\n" if status in (429, 503) else b""
            self.transport.write(
                b"HTTP/1.1 %d %b\r\nconnection: close\r\n%bcontent-type: text/plain\r\n"
                b"x-request-id: %b\r\ncontent-length: %d\r\n\r\n%b"
                % (status, phrase, retry, id, len(phrase), phrase)
            )
        self._close()

    def _close(self) -> None:
        """Close the connection once its client read what was sent to it."""
        self.transport.close()
        self._watch_writing()

    def _disconnect(self) -> None:
        """Let the application know that nobody waits for its answer."""
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
