"""A client that asks as fast as it is answered, in a process of its own, and checks every answer.

`python -m tests.bench.load_client` reads a `Load` in JSON and writes what it measured in JSON. It
keeps its connections, sends bytes that were made before, and looks at each answer's status, at its
length and for a few words: a wrong answer ends it. A 503 is counted apart: it is right to say so.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """What to ask of a server, and what each answer must be.

    `requests` are asked in turn, each connection beginning elsewhere. An answer has this `status`,
    all words of `contains`, none of `lacks`, and at least `size` bytes of body. After each answer a
    connection waits for `pause` seconds.
    """

    port: int
    requests: list[str]
    connections: int
    seconds: float
    status: int = 200
    contains: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=lambda: ['"errors"'])
    size: int = 0
    pause: float = 0.0


@dataclass(frozen=True)
class Measured:
    """How many answers came in how many seconds, and how long they took, in seconds.

    `refused` counts the 503, which are no answers.
    """

    count: int
    seconds: float
    p50: float
    p99: float
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.seconds


def start(load: Load) -> subprocess.Popen[str]:
    """Start a client in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.load_client"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(load)))
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen[str]) -> Measured:
    """Wait for a client; what it measured. Raises `RuntimeError` when an answer was wrong."""
    told = process.communicate()[0]
    if process.returncode:
        raise RuntimeError(f"a wrong answer: {told[-2_000:]}")
    return Measured(**json.loads(told))


def request(method: str, path: str, headers: dict[str, str], body: str = "") -> str:
    """The bytes of a request, as text."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body.encode())}"]
    return "\r\n".join(lines) + _HEAD_END.decode() + body


class _Connection(asyncio.Protocol):
    """One connection: the next request leaves when the last is answered."""

    def __init__(self, asked: "_Asked", first: int) -> None:
        self._asked = asked
        self._next = first
        self._buffer = b""
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return
        status = int(self._buffer[9:12])
        start = end + len(_HEAD_END)
        length = 0 if status == 304 else _length(self._buffer[:end])
        if len(self._buffer) < start + length:
            return
        now = time.perf_counter()
        body, self._buffer = self._buffer[start : start + length], b""
        if not self._asked.take(now, now - self._sent, status, body):
            self._transport.close()
        elif self._asked.pause:
            asyncio.get_running_loop().call_later(self._asked.pause, self._send)
        else:
            self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        self._asked.leave()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._asked.bytes_of(self._next))
        self._next += 1


class _Asked:
    """The requests of all connections, and what came back."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = [one.encode() for one in load.requests]
        self._contains = [word.encode() for word in load.contains]
        self._lacks = [word.encode() for word in load.lacks]
        self._open = load.connections
        self.pause = load.pause
        self.over = asyncio.Event()
        self.began = time.perf_counter()
        self.last = self.began
        self.wrong: str | None = None
        self.refused = 0
        self.times: list[float] = []

    def bytes_of(self, number: int) -> bytes:
        return self._requests[number % len(self._requests)]

    def take(self, now: float, took: float, status: int, body: bytes) -> bool:
        """Whether to go on."""
        self.last = now
        goes_on = self.wrong is None and now - self.began < self._load.seconds
        if status == 503:
            self.refused += 1
            return goes_on
        right = status == self._load.status and len(body) >= self._load.size
        right = right and all(word in body for word in self._contains)
        if not right or any(word in body for word in self._lacks):
            self.wrong = f"{status} {body[:1_500]!r}"
            return False
        self.times.append(took)
        return goes_on

    def leave(self) -> None:
        self._open -= 1
        if not self._open:
            self.over.set()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise RuntimeError(f"an answer without a length: {head!r}")


async def _ask(load: Load) -> _Asked:
    asked, loop = _Asked(load), asyncio.get_running_loop()
    step = max(1, len(load.requests) // load.connections)
    for number in range(load.connections):
        await loop.create_connection(
            lambda number=number: _Connection(asked, number * step),  # type: ignore[misc]  # bound now
            "127.0.0.1",
            load.port,
        )
    await asked.over.wait()
    return asked


def main() -> int:
    """Measure what standard input asks for."""
    asked = asyncio.run(_ask(Load(**json.loads(sys.stdin.read()))))
    if asked.wrong is not None or not asked.times:
        print(asked.wrong)
        return 1
    times = sorted(asked.times)
    measured = Measured(
        count=len(times),
        seconds=asked.last - asked.began,
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, len(times) * 99 // 100)],
        refused=asked.refused,
    )
    print(json.dumps(asdict(measured)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
