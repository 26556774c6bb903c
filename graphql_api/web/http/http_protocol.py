"""How connections are served: uvicorn's HTTP/1.1, which serves a request that offers an upgrade.

Java's HttpClient and others offer HTTP/2 with every request over plain HTTP (`Upgrade: h2c`). A
server may ignore that (RFC 9110, section 7.8); httptools takes the body for the other protocol.
"""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Balancers keep idle connections for a minute. The side that closes first must be theirs: else a
# request may be on its way while we close.
KEEP_ALIVE_SECONDS = 75


class HttpProtocol(HttpToolsProtocol):
    """Serves a request with an Upgrade header as if the header were not there. No WebSockets."""

    def data_received(self, data: bytes) -> None:
        """Read what a client sent; a request that offers an upgrade is read again without it."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            kept = [pair for pair in self.headers if pair[0] != b"upgrade"]
            if len(kept) == len(self.headers):  # CONNECT, which is for proxies
                self.send_400_response("Invalid HTTP request received.")
                return
            head = [self.parser.get_method(), b" ", self.url, b" HTTP/1.1\r\n"]
            for name, value in kept:
                head += [name, b": ", value, b"\r\n"]
            self.parser = self._new_parser()
            self.data_received(b"".join((*head, b"\r\n", data[upgrade.args[0] :])))
        except httptools.HttpParserError:
            message = "Invalid HTTP request received."
            self.logger.warning(message)
            self.send_400_response(message)

    def on_headers_complete(self) -> None:
        """Begin to serve the request, unless it will be read again."""
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        if not self.parser.should_upgrade():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _new_parser(self) -> Any:
        parser = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        return parser
